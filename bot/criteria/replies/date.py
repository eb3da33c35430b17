"""Replies to a question about a date in the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.criteria.lexicon import Lexicon
from bot.criteria.lexicon.characters import fold
from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import WORD
from bot.criteria.reading import Outcome, Reading, Reason, Role, Span
from bot.criteria.replies.absent import is_absent
from bot.criteria.replies.alternatives import on_day
from bot.criteria.replies.days import Moment, valid
from bot.criteria.replies.moments import find
from bot.criteria.replies.parts import Part, mark

_UNSURE = (Sense.HEDGE, Sense.BOUNDED_TIME, Sense.COMPARATOR, Sense.OTHER_EVENT, Sense.ABSENT)
_SMALL_WORDS = (Sense.LINK, Sense.ON, Sense.AGE_WORD)


def read_date(reply: str, *, lexicon: Lexicon, today: dt.date) -> Reading:
    """The day that a reply names."""
    folded = fold(reply)
    if is_absent(folded, lexicon):
        return Reading(reply, Outcome.ABSENT)
    parts = mark(folded, lexicon)
    moments = find(parts, today, alone=True, dotted=True)
    reading = _decided(reply, parts, moments, today)
    spans = tuple(
        Span(folded.origin(parts[moment.start].start), folded.origin(parts[moment.end - 1].end), Role.DATE)
        for moment in moments
    )
    return Reading(reply, reading.outcome, reading.reason, date=reading.date, readings=reading.readings, spans=spans)


def _decided(reply: str, parts: Sequence[Part], moments: Sequence[Moment], today: dt.date) -> Reading:
    outside = [part for place, part in enumerate(parts) if not any(m.start <= place < m.end for m in moments)]
    ongoing = [part for part in outside if part.means(Sense.ONGOING)]
    moments = _named_twice([moment for moment in moments if moment.days or moment.reason])
    denied = any(part.means(Sense.NEGATION) for part in outside if not part.means(Sense.ONGOING))
    if denied or any(_runs_on(parts, moment) for moment in moments):
        return Reading(reply, Outcome.REJECTED, Reason.NOT_UNDERSTOOD)
    if ongoing and all(today in moment.days for moment in moments):
        return _ongoing(reply, outside, today)
    if any(_is_number(part) and not _counts(parts, part) for part in outside) or ongoing:
        return _unclear(reply, moments, today)
    if not moments:
        absent = any(part.means(Sense.ABSENT) for part in outside)
        return Reading(reply, Outcome.ABSENT) if absent else Reading(reply, Outcome.REJECTED, Reason.NOT_UNDERSTOOD)
    if any(_is_unsure(part) for part in outside):
        return _asked(reply, Reason.IMPRECISE_DATE, moments, today)
    return _one_day(reply, moments, today)


def _runs_on(parts: Sequence[Part], moment: Moment) -> bool:
    """Whether letters follow the last number of a date at once: `Nov 2o` is not the second."""
    follows = moment.end < len(parts) and parts[moment.end].kind == WORD and not parts[moment.end].apart
    return follows and parts[moment.end - 1].number is not None


def _ongoing(reply: str, outside: Sequence[Part], today: dt.date) -> Reading:
    """Today for "still taking it", if nothing else of weight is said."""
    known = all(
        part.kind == "sign" or part.means(Sense.ONGOING) or any(part.means(sense) for sense in _SMALL_WORDS)
        for part in outside
    )
    if not known:
        return Reading(reply, Outcome.CLARIFY, Reason.NOT_UNDERSTOOD)
    return Reading(reply, Outcome.ACCEPTED, date=today)


def _is_unsure(part: Part) -> bool:
    """Whether a word leaves open which day is meant; `de` may be "between", and is mostly "of"."""
    between = part.means(Sense.BETWEEN) and not part.means(Sense.ON)
    return between or any(part.means(sense) for sense in _UNSURE)


def _is_number(part: Part) -> bool:
    """Whether a number stands there; "one" may be a pronoun."""
    return part.number is not None and not (part.number.spelled and part.number.whole == 1)


def _counts(parts: Sequence[Part], part: Part) -> bool:
    """Whether the number counts something that is no date: a dose, hours."""
    after = parts.index(part) + 1
    return after < len(parts) and any(
        parts[after].means(sense)
        for sense in (Sense.COUNTED, Sense.FOREIGN_UNIT, Sense.CUT_UNIT)
        if not parts[after].means(Sense.TIME_UNIT)
    )


def _unclear(reply: str, moments: Sequence[Moment], today: dt.date) -> Reading:
    """Numbers that are no date stand beside one, or alone."""
    if moments:
        return _asked(reply, Reason.SEVERAL_NUMBERS, moments, today)
    return Reading(reply, Outcome.REJECTED, Reason.NOT_UNDERSTOOD)


def _named_twice(moments: Sequence[Moment]) -> list[Moment]:
    """Without the weekdays that only repeat a day named exactly (`Friday, 20 November`)."""
    weekdays = {day.weekday() for moment in moments for day in moment.days}
    return [moment for moment in moments if moment.weekday is None or moment.weekday not in weekdays]


def _one_day(reply: str, moments: Sequence[Moment], today: dt.date) -> Reading:
    days = {moment.days for moment in moments}
    if len(days) > 1:
        if any(not moment.days for moment in moments):
            return _asked(reply, Reason.IMPRECISE_DATE, [_of_either_year(moment) for moment in moments], today)
        return _asked(reply, Reason.SEVERAL_NUMBERS, moments, today)
    (moment, *_) = moments
    if moment.reason is Reason.NOT_UNDERSTOOD:
        return Reading(reply, Outcome.REJECTED, Reason.NOT_UNDERSTOOD)
    if moment.days and all(day > today for day in moment.days):
        return Reading(reply, Outcome.REJECTED, Reason.FUTURE_DATE)
    if moment.reason:
        return _asked(reply, moment.reason, moments, today)
    return Reading(reply, Outcome.ACCEPTED, date=moment.days[0])


def _of_either_year(moment: Moment) -> Moment:
    """The moment, or the same a year before: a vague word beside a day without a year may name it (`Nov 17 last year`)."""
    if moment.year_given:
        return moment
    earlier = (valid(day.year - 1, day.month, day.day) for day in moment.days)
    return moment._replace(days=(*moment.days, *filter(None, earlier)))


def _asked(reply: str, reason: Reason, moments: Sequence[Moment], today: dt.date) -> Reading:
    days = sorted({day for moment in moments for day in moment.days if day <= today})
    return Reading(reply, Outcome.CLARIFY, reason, readings=tuple(on_day(day) for day in days))
