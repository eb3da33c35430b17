"""The sentence in which a clinician reads what a finding rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from bot.criteria.calendar import MONTHS_A_YEAR
from bot.criteria.findings import Cause, Evidence, Finding
from bot.criteria.intervals import Interval
from bot.criteria.protocol import TrialProtocol
from bot.criteria.reading import Age, Flag, Reading
from bot.criteria.rules import Relation
from bot.speech.catalogue import Catalogue
from bot.speech.formats import AS_TYPED, Detail, number
from bot.speech.labels import choice_key
from bot.speech.rounding import TYPED, USUAL, Limit, digits_beside
from bot.speech.values import Values

KEPT = 4_096  # findings as they were worded; a person's are told in the chat, on record and to the site

_RELATION_KEYS = {
    Relation.IS: "is",
    Relation.IS_NOT: "is_not",
    Relation.AT_LEAST: "at_least",
    Relation.ABOVE: "above",
    Relation.AT_MOST: "at_most",
    Relation.BELOW: "below",
    Relation.OLDER_THAN: "older_than",
    Relation.WITHIN: "within",
}
_GAPS = (Cause.UNANSWERED, Cause.ABSENT, Cause.UNCLEAR)


@lru_cache(KEPT)
def evidence(
    finding: Finding, trial: TrialProtocol, catalogue: Catalogue, locale: str, *, to_patients: bool = False
) -> str:
    """What the finding rests on, in one or more sentences; the trial decides which words and scales are named.

    `to_patients`: with dates written out, as in all else that they are told.
    """
    if finding.reason is Cause.SITE_ASSESSES:
        return catalogue.text(locale, "evidence.site_assesses")
    speaker = _Speaker(trial, catalogue, locale, finding.reason is Cause.NOT_APPLICABLE, to_patients)
    parts = [speaker.sentence(each) for each in finding.evidence]
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        joined = catalogue.text(locale, "evidence.join", first=joined, second=part)
    if finding.reason is Cause.NOT_APPLICABLE:
        return catalogue.text(locale, "evidence.not_applicable", sentence=joined)
    return joined


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Words single comparisons. `plainly`: a choice is only told, without the one that was asked for. `to_patients`: dates are
    written out.
    """

    trial: TrialProtocol
    catalogue: Catalogue
    locale: str
    plainly: bool
    to_patients: bool

    @property
    def values(self) -> Values:
        """How single values are shown."""
        return Values(self.catalogue, self.locale)

    def sentence(self, shown: Evidence) -> str:
        values = {"name": self._name(shown)}
        if shown.answer is None or shown.cause in _GAPS:
            return self._text(f"evidence.{shown.cause or Cause.UNANSWERED}", **values)
        detail = _detail(shown, shown.answer)
        values |= {"answer": self._answer(shown, shown.answer, detail), "limit": self._limit(shown, detail)}
        if shown.elapsed_days is not None and shown.answer.date is not None:
            values |= {
                "date": self._date(shown.answer.date),
                "elapsed": self.values.span(Fraction(shown.elapsed_days), "day"),
            }
        sentence = self._text(f"evidence.{self._key(shown)}", **values)
        return sentence if shown.variant is None else self._text("evidence.variant", sentence=sentence)

    def _key(self, shown: Evidence) -> str:
        if shown.met is None:
            return str(shown.cause)
        met = shown.met or (self.plainly and isinstance(shown.limit, str))
        return f"{_RELATION_KEYS[Relation(shown.relation)]}.{'met' if met else 'not_met'}"

    def _text(self, key: str, **values: str) -> str:
        return self.catalogue.text(self.locale, key, **values)

    def _name(self, shown: Evidence) -> str:
        usual = f"question.{shown.question}.name"
        keys = [usual] if shown.variant is None else [f"{usual}.{shown.variant}", usual]
        return self.catalogue.first(self.locale, keys)

    def _choice(self, question: str, choice: str) -> str:
        return self.catalogue.text(self.locale, choice_key(question, choice))

    def _limit(self, shown: Evidence, detail: Detail) -> str:
        if isinstance(shown.limit, str):
            return self._choice(shown.question, shown.limit)
        if shown.times_limit:
            return self._multiple(shown, number(self.locale, shown.limit), replace(detail, limits=()))
        if shown.unit is not None and shown.unit.rstrip("s") in ("day", "month", "year"):
            return self.values.span(shown.limit, shown.unit.rstrip("s"))
        return self._quantity(shown.limit, shown.unit, detail)

    def _multiple(self, shown: Evidence, limit: str, detail: Detail) -> str:
        if shown.uln is not None:
            return self._text(
                "evidence.limit.uln_known", limit=limit, uln=self._quantity(shown.uln, shown.unit, detail)
            )
        if shown.any_uln is None or shown.cause is Cause.ULN_UNKNOWN:
            return self._text("evidence.limit.uln", limit=limit)
        low, high = shown.any_uln
        values = {"low": number(self.locale, low, detail), "high": self._quantity(high, shown.unit, detail)}
        return self._text("evidence.limit.uln_any", limit=limit, **values)

    def _answer(self, shown: Evidence, answer: Reading, detail: Detail) -> str:
        if answer.choice is not None and isinstance(shown.limit, str):
            return self._choice(shown.question, answer.choice)
        if answer.age is not None:
            return self._age(answer.age)
        if answer.times_uln is not None:
            times = number(self.locale, answer.times_uln, AS_TYPED)
            return self._roughly(answer, self._text("evidence.times_uln", times=times))
        if answer.standard is not None:
            return self._roughly(answer, self._measured(shown, answer, answer.standard, detail))
        return self._date(answer.date) if answer.date else ""

    def _measured(self, shown: Evidence, answer: Reading, standard: Interval, detail: Detail) -> str:
        value = self._interval(standard, answer.unit or shown.unit, detail)
        if answer.reported is None or not _converted(answer):
            return value
        reported = self._interval(answer.reported, answer.reported_unit, AS_TYPED)
        return self._text("evidence.reported", value=value, reported=reported)

    def _roughly(self, answer: Reading, value: str) -> str:
        return self._text("evidence.approximate", value=value) if Flag.APPROXIMATE in answer.flags else value

    def _interval(self, interval: Interval, unit: str | None, detail: Detail) -> str:
        low, high = (
            "" if bound is None else self._quantity(bound, unit, detail) for bound in (interval.low, interval.high)
        )
        if interval.is_point:
            return low
        if low and high:
            return self._text("evidence.interval.between", low=low, high=high)
        if low:
            return self._text(f"evidence.interval.{'over' if interval.low_open else 'from'}", low=low)
        return self._text(f"evidence.interval.{'under' if interval.high_open else 'up_to'}", high=high)

    def _quantity(self, value: Fraction, unit: str | None, detail: Detail) -> str:
        return f"{number(self.locale, value, detail)} {Values.sign(unit)}".rstrip()

    def _age(self, age: Age) -> str:
        if age.born is not None:
            first, last = map(self._date, age.born)
            completed = self._completed(age.low_months)
            if first == last:
                return self._text("evidence.age_born", age=completed, date=first)
            return self._text("evidence.age_born_between", age=completed, first=first, last=last)
        if age.high_months - age.low_months == MONTHS_A_YEAR and age.low_months % MONTHS_A_YEAR == 0:
            return self.values.span(Fraction(age.low_months, MONTHS_A_YEAR), "year")
        return self.values.span(Fraction(age.low_months), "month")

    def _date(self, date: dt.date) -> str:
        return self.values.day(date) if self.to_patients else date.isoformat()

    def _completed(self, months: int) -> str:
        """An age as people say it: in months below two years."""
        if months < 2 * MONTHS_A_YEAR:
            return self.values.span(Fraction(months), "month")
        return self.values.span(Fraction(months // MONTHS_A_YEAR), "year")


def _converted(answer: Reading) -> bool:
    return answer.reported is not None and answer.reported_unit not in (None, answer.unit)


def _detail(shown: Evidence, answer: Reading) -> Detail:
    """How exactly a value and its limit are told, so that one reads the same of the two as was found of them."""
    decimals = USUAL if _converted(answer) else TYPED
    value = answer.standard
    if value is None or answer.times_uln is not None or isinstance(shown.limit, str):
        return Detail(decimals=decimals)
    if not shown.times_limit:
        limits: tuple[Limit, ...] = (Limit(shown.limit),)
    else:
        ulns = (shown.uln,) if shown.uln is not None else shown.any_uln or ()
        limits = tuple(Limit(uln, shown.limit) for uln in ulns)
    bounds = tuple(bound for bound in (value.low, value.high) if bound is not None)
    return Detail(digits_beside(bounds, limits, decimals), decimals, limits)
