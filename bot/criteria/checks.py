"""One comparison of a rule with one answer, for each kind of question but the measured ones."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypedDict, Unpack

from bot.criteria.calendar import add_months
from bot.criteria.findings import Cause, Evidence
from bot.criteria.intervals import Interval
from bot.criteria.judgement import OPEN, Facts, Judgement, compared, compared_roughly, gap
from bot.criteria.protocol import Range
from bot.criteria.reading import Age, Flag, Reading
from bot.criteria.rules import Relation
from bot.criteria.truth import Truth

_MET = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}


class More(TypedDict, total=False):
    """What the evidence of some kinds of comparison holds beside the usual."""

    times_limit: bool
    uln: Fraction | None
    any_uln: Range | None
    elapsed_days: int


@dataclass(frozen=True, slots=True)
class Check(ABC):
    """A comparison that fits its question. `limit` and `unit` are as the evidence shows them."""

    question: str
    relation: Relation
    limit: Fraction | str
    unit: str | None

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions whose answers can settle the comparison."""
        return (self.question,)

    @property
    def reads(self) -> tuple[str, ...]:
        """The questions whose answers the comparison looks at."""
        return self.questions

    def judge(self, facts: Facts) -> Judgement:
        """What the answers say about this comparison."""
        reading = facts.answers.get(self.question)
        cause = gap(reading)
        if reading is None or cause is not None:
            return self._concluded(reading, facts, Truth.UNKNOWN, cause)
        return self._compare(reading, facts)

    def awaits(self, judgement: Judgement, facts: Facts) -> str | None:  # noqa: ARG002 - a follow-up looks there
        """The question whose answer could still settle this comparison, where there is one."""
        return self.question if judgement.cause in OPEN else None

    @abstractmethod
    def _compare(self, reading: Reading, facts: Facts) -> Judgement:
        """The comparison with an accepted answer; each kind of question has its own."""

    def _concluded(
        self, reading: Reading | None, facts: Facts, truth: Truth, cause: Cause | None = None, **more: Unpack[More]
    ) -> Judgement:
        """The judgement and its evidence; an accepted answer that decides nothing is imprecise unless `cause` is given."""
        if truth is Truth.UNKNOWN and cause is None:
            cause = Cause.IMPRECISE
        shown = Evidence(
            question=self.question,
            relation=self.relation,
            limit=self.limit,
            unit=self.unit,
            answer=reading,
            met=_MET[truth],
            cause=cause,
            variant=facts.variants.get(self.question),
            **more,
        )
        return Judgement(truth, (shown,), cause)


@dataclass(frozen=True, slots=True)
class ChoiceCheck(Check):
    """Whether one choice was taken."""

    def _compare(self, reading: Reading, facts: Facts) -> Judgement:
        if reading.choice is None:
            return self._concluded(reading, facts, Truth.UNKNOWN, Cause.UNCLEAR)
        same = reading.choice == self.limit
        met = same is (self.relation is Relation.IS)
        return self._concluded(reading, facts, Truth.TRUE if met else Truth.FALSE)


@dataclass(frozen=True, slots=True)
class AgeCheck(Check):
    """An age against `months`: by birth dates where they are known, else by completed months."""

    months: int

    def _compare(self, reading: Reading, facts: Facts) -> Judgement:
        if reading.age is None:
            return self._concluded(reading, facts, Truth.UNKNOWN, Cause.UNCLEAR)
        if reading.age.born is None:
            completed = Interval(Fraction(reading.age.low_months), Fraction(reading.age.high_months), high_open=True)
            return self._concluded(reading, facts, compared(completed, self.relation, Fraction(self.months)))
        earliest, latest = reading.age.born
        since = Interval(self._days_past(latest, facts.today), self._days_past(earliest, facts.today))
        truth = compared(since, self.relation, Fraction(0))
        return replace(self._concluded(reading, facts, truth), true_on=self._true_on(reading.age, truth))

    def _days_past(self, born: dt.date, today: dt.date) -> Fraction:
        """Days since the birthday that ends `months`; negative before it."""
        return Fraction((today - add_months(born, self.months)).days)

    def _true_on(self, age: Age, truth: Truth) -> dt.date | None:
        if truth is not Truth.FALSE or age.born is None or age.born[0] != age.born[1]:
            return None
        birthday = add_months(age.born[0], self.months)
        return {Relation.AT_LEAST: birthday, Relation.ABOVE: birthday + dt.timedelta(days=1)}.get(self.relation)


@dataclass(frozen=True, slots=True)
class WashoutCheck(Check):
    """Whether a date lies more than `days` back (`older_than`), or not (`within`)."""

    days: int

    def _compare(self, reading: Reading, facts: Facts) -> Judgement:
        if reading.date is None:
            return self._concluded(reading, facts, Truth.UNKNOWN, Cause.UNCLEAR)
        elapsed = (facts.today - reading.date).days
        waits = self.relation is Relation.OLDER_THAN
        truth = compared_roughly(
            Interval.exactly(elapsed),
            Relation.ABOVE if waits else Relation.AT_MOST,
            Fraction(self.days),
            approximate=Flag.APPROXIMATE in reading.flags,
        )
        true_on = reading.date + dt.timedelta(days=self.days + 1) if waits and truth is Truth.FALSE else None
        return replace(self._concluded(reading, facts, truth, elapsed_days=elapsed), true_on=true_on)
