"""Replies to a question about an age: in years, months, weeks or days, or as a date of birth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from bot.criteria.calendar import MONTHS_A_YEAR, add_months
from bot.criteria.intervals import Interval
from bot.criteria.lexicon import Lexicon
from bot.criteria.lexicon.characters import Folded, fold
from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import SIGN
from bot.criteria.reading import Age, Alternative, Outcome, Reading, Reason, Role, Span
from bot.criteria.replies.absent import is_absent
from bot.criteria.replies.alternatives import on_day
from bot.criteria.replies.days import EARLIEST_YEAR, Moment
from bot.criteria.replies.moments import find
from bot.criteria.replies.parts import Part, mark

OLDEST = 120  # years
SURELY_YEARS = 25  # a bare number from it on is years
_DAYS = {"week": 7, "day": 1}
_MOST = {"month": 11, "week": 4, "day": 30}  # of a smaller unit after a larger one
_ORDER = ("year", "month", "week", "day")
_OPEN_ENDED = (
    Sense.ABOUT_AGE,
    Sense.HEDGE,
    Sense.COMPARATOR,
    Sense.TRAILING_COMPARATOR,
    Sense.NEGATION,
    Sense.DASH,
    Sense.BOUNDED_TIME,
    Sense.DECIMAL_WORD,
)
_HARMLESS = (Sense.AGE_WORD, Sense.LINK, Sense.ON, Sense.AND, Sense.SEX_MARK)
_AFTER_A_NUMBER = (*_HARMLESS, Sense.ABOUT_AGE, Sense.HALF, Sense.DASH, Sense.DECIMAL_WORD)


@dataclass(slots=True)
class _Said:
    """What a reply says about an age: amounts by unit in the order said, a bare number, and what makes it unclear."""

    amounts: list[tuple[str, int]] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    about: bool = False
    half: bool = False
    unclear: bool = False
    stray: bool = False  # a word that may make it another age, or the length of something else
    unknown: bool = False
    negative: bool = False
    male_or_months: bool = False


def read_age(reply: str, *, lexicon: Lexicon, today: dt.date) -> Reading:
    """The age that a reply gives."""
    folded = fold(reply)
    if is_absent(folded, lexicon):
        return Reading(reply, Outcome.ABSENT)
    parts = mark(folded, lexicon)
    found = find(parts, today, alone=True)
    named = [moment for moment in found if moment.days or moment.reason]
    moments = [moment for moment in named if moment.days or not parts[moment.start].means(Sense.AGE_WORD)]  # 今年
    said, spans = _take(parts, found if any(moment.days for moment in moments) else moments, folded)
    born = [moment for moment in moments if moment.days != (today,) or not (said.amounts or said.bare)]
    reading = _decided(said, born, parts, today)
    return replace(reading, reply=reply, spans=spans)


def _take(parts: Sequence[Part], moments: Sequence[Moment], folded: Folded) -> tuple[_Said, tuple[Span, ...]]:
    """Go through what is outside of any date."""
    said = _Said()
    dated = {place for moment in moments for place in range(moment.start, moment.end)}
    spans = []
    place = 0
    while place < len(parts):
        end = place + 1
        role = Role.DATE if place in dated else Role.NOISE
        if place not in dated:
            end = _number(said, parts, place) if parts[place].number else place + 1
            role = Role.VALUE if parts[place].number else Role.NOISE
            if not parts[place].number:
                _word(said, parts[place])
        spans.append(Span(folded.origin(parts[place].start), folded.origin(parts[end - 1].end), role))
        place = end
    return said, tuple(spans)


def _number(said: _Said, parts: Sequence[Part], place: int) -> int:
    """Take a number and the unit after it; the place after them."""
    number = parts[place].number
    said.negative |= _is_minus(parts, place)
    before = parts[place - 1] if place else None
    later = before is not None and before.means(Sense.ON) and not before.means(Sense.OF)  # 6 months in 3 days
    said.about |= later and bool(said.amounts)
    if number is not None and number.spelled and number.whole == 0 and said.amounts:
        return place + 1  # 1岁零2个月
    if number is None or number.whole is None:
        halved = place + 1 < len(parts) and parts[place + 1].means(Sense.HALF)  # 2½
        said.unclear |= number is not None and bool(number.values)
        said.unknown |= number is not None and not number.values and not halved
        return place + 1
    after = parts[place + 1] if place + 1 < len(parts) else None
    unit = _unit(after, after_years=bool(said.amounts) and said.amounts[-1][0] == "year") if after else None
    if unit:
        said.amounts.append((unit, number.whole))
        return _half_after(said, parts, place + 2)
    said.bare.append(number.whole)
    if after is None or after.number or (after.kind == SIGN and not after.senses):
        return place + 1
    said.male_or_months |= after.text == "m"
    said.unknown |= not any(after.means(sense) for sense in _AFTER_A_NUMBER)
    return place + 1


def _is_minus(parts: Sequence[Part], place: int) -> bool:
    return (
        place > 0 and parts[place - 1].text == "-" and not parts[place].apart and (place == 1 or parts[place - 1].apart)
    )


def _unit(part: Part, *, after_years: bool) -> str | None:
    if part.text == "m":
        return "month" if after_years else None
    unit = part.senses.get(Sense.AGE_UNIT) or part.senses.get(Sense.TIME_UNIT)
    return str(unit) if unit else None


def _half_after(said: _Said, parts: Sequence[Part], place: int) -> int:
    """`1岁半`: half a year after years."""
    if place < len(parts) and parts[place].means(Sense.HALF) and said.amounts[-1][0] == "year":
        said.amounts.append(("month", MONTHS_A_YEAR // 2))
        return place + 1
    return place


def _word(said: _Said, part: Part) -> None:
    """Note what a word or sign says: a unit without its number (`año y 8 meses`) leaves the age open."""
    harmless = any(part.means(sense) for sense in _HARMLESS)
    unit = len(part.text) > 1 and (part.means(Sense.AGE_UNIT) or part.means(Sense.TIME_UNIT))
    half = part.means(Sense.HALF)
    said.half |= half
    said.about |= not harmless and part.text != "-" and any(part.means(sense) for sense in _OPEN_ENDED)
    said.about |= part.means(Sense.ABOUT_AGE) and not part.means(Sense.AGE_WORD)
    said.about |= unit or part.text == "+"
    said.stray |= any(each.isalpha() for each in part.text) and not (harmless or half)
    measured = any(part.means(sense) for sense in (Sense.NAME, Sense.SIGN)) and not unit
    said.unknown |= (measured and not harmless) or (not half and any(each.isnumeric() for each in part.text))


def _decided(said: _Said, born: Sequence[Moment], parts: Sequence[Part], today: dt.date) -> Reading:
    numbers = bool(said.amounts or said.bare)
    if said.negative:
        return _rejected(Reason.NEGATIVE)
    if len(said.bare) > 1:
        return _incomplete()
    if said.unknown:
        return _rejected(Reason.NOT_UNDERSTOOD)
    if numbers and born:
        return _agreed(_amount(said, today, beside=True), _birth(said, born, today))
    if numbers:
        return _amount(said, today, beside=len(parts) > 1)
    return _birth(said, born, today) if born else _no_number(said, parts)


def _agreed(told: Reading, birth: Reading) -> Reading:
    """An age and a date of birth: the date, if somebody born on it is that old."""
    if told.age and birth.age and told.age.low_months <= birth.age.low_months < told.age.high_months:
        return birth
    return _incomplete()


def _no_number(said: _Said, parts: Sequence[Part]) -> Reading:
    """A reply with neither number nor date."""
    if any(part.means(Sense.ABSENT) for part in parts):
        return Reading("", Outcome.ABSENT)
    return _incomplete() if said.half or said.unclear else _rejected(Reason.NOT_UNDERSTOOD)


def _rejected(reason: Reason) -> Reading:
    return Reading("", Outcome.REJECTED, reason)


def _incomplete(readings: tuple[Alternative, ...] = ()) -> Reading:
    return Reading("", Outcome.CLARIFY, Reason.INCOMPLETE_AGE, readings=readings)


def _age(number: int, word: str, unit: str) -> Alternative:
    """A completed age as a button; `unit` is its UCUM code."""
    text = f"{number} {word}"
    return Alternative(text, text, Interval(Fraction(number), Fraction(number + 1), high_open=True), unit)


def _amount(said: _Said, today: dt.date, *, beside: bool) -> Reading:
    """An age in units, or a bare number; `beside` other words, that may be a year of birth."""
    if said.about or said.half or said.unclear or said.stray or (said.bare and (said.amounts or len(said.bare) > 1)):
        return _incomplete()
    if said.bare:
        (number,) = said.bare
        if EARLIEST_YEAR < number <= today.year and beside:
            return _incomplete()
        if number > OLDEST:
            return _rejected(Reason.IMPLAUSIBLE)
        if number < SURELY_YEARS or said.male_or_months:
            return _incomplete((_age(number, "years", "a"), _age(number, "months", "mo")))
        return _months(number * MONTHS_A_YEAR, MONTHS_A_YEAR)
    return _by_units(said.amounts, today)


def _by_units(amounts: Sequence[tuple[str, int]], today: dt.date) -> Reading:
    """Amounts from the largest unit to the smallest, each smaller one less than one of the next."""
    units = [unit for unit, _ in amounts]
    ordered = units == sorted(units, key=_ORDER.index) and len(set(units)) == len(units)
    if not ordered or any(count > _MOST[unit] for unit, count in amounts[1:]):
        return _incomplete()
    said = dict(amounts)
    days = sum(said.get(unit, 0) * each for unit, each in _DAYS.items())
    if units[0] in _DAYS:
        return _by_days(days, 6 if units[-1] == "week" else 0, today)
    months = said.get("year", 0) * MONTHS_A_YEAR + said.get("month", 0)
    return _months(months, MONTHS_A_YEAR if units == ["year"] else 1)


def _months(months: int, width: int) -> Reading:
    if months > OLDEST * MONTHS_A_YEAR + MONTHS_A_YEAR - 1:
        return _rejected(Reason.IMPLAUSIBLE)
    return Reading("", Outcome.ACCEPTED, age=Age(months, months + width))


def _by_days(days: int, spread: int, today: dt.date) -> Reading:
    """An age of so many completed days (and up to `spread` more): the birth dates that it allows are known."""
    if days + spread > OLDEST * 365:
        return _rejected(Reason.IMPLAUSIBLE)
    first, last = today - dt.timedelta(days + spread), today - dt.timedelta(days)
    age = Age(completed_months(last, today), completed_months(first, today) + 1, (first, last))
    return Reading("", Outcome.ACCEPTED, age=age)


def _birth(said: _Said, moments: Sequence[Moment], today: dt.date) -> Reading:
    """A date of birth."""
    exact = [moment for moment in moments if moment.weekday is None]
    days = {moment.days for moment in exact}
    if len(days) != 1 or said.about or said.half or said.stray:
        return _incomplete()
    (moment, *_) = exact
    if moment.reason is Reason.NOT_UNDERSTOOD:
        return _rejected(Reason.NOT_UNDERSTOOD)
    if moment.reason is Reason.IMPRECISE_DATE or not moment.year_given:
        return _incomplete()
    possible = [day for day in moment.days if day <= today]
    if moment.reason and possible:
        return Reading("", Outcome.CLARIFY, moment.reason, readings=tuple(on_day(day) for day in possible))
    return _born_on(possible[0], today) if possible else _rejected(Reason.FUTURE_DATE)


def _born_on(day: dt.date, today: dt.date) -> Reading:
    months = completed_months(day, today)
    if months >= (OLDEST + 1) * MONTHS_A_YEAR:
        return _rejected(Reason.IMPLAUSIBLE)
    return Reading("", Outcome.ACCEPTED, date=day, age=Age(months, months + 1, (day, day)))


def completed_months(born: dt.date, today: dt.date) -> int:
    """The whole months of age on `today` of somebody born on `born`."""
    months = (today.year - born.year) * MONTHS_A_YEAR + today.month - born.month
    return months if add_months(born, months) <= today else months - 1
