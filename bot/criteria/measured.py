"""A measured value against a limit, in the laboratory's own terms: units, and the upper limit of normal (ULN)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bot.criteria.checks import AgeCheck, Check
from bot.criteria.findings import Cause
from bot.criteria.intervals import Interval
from bot.criteria.judgement import OPEN, Facts, Judgement, compared_roughly, gap
from bot.criteria.protocol import Analyte, Range
from bot.criteria.reading import Flag, Reading
from bot.criteria.truth import Truth

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class _Uln:
    """A stated upper limit of normal, in the standard unit."""

    value: Fraction
    approximate: bool


@dataclass(frozen=True, slots=True)
class QuantityCheck(Check):
    """A measured value against `number`: in the standard unit or, with `times_limit`, as a multiple of the ULN.

    The ULN is the one stated with the value, else the answer to `uln_question`; where neither is stated, the comparison
    stands if it comes out alike for every credible ULN. `adult`: whether the candidate is surely 18 years or more.
    """

    analyte: Analyte
    number: Fraction
    times_limit: bool = False
    uln_question: str | None = None
    adult: AgeCheck | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """The measured one, and its follow-up about the ULN where there is one."""
        return (self.question,) if self.uln_question is None else (self.question, self.uln_question)

    @property
    def reads(self) -> tuple[str, ...]:
        """Those, and the age where the credible ULN is another for adults."""
        return self.questions if self.adult is None else (*self.questions, *self.adult.reads)

    def awaits(self, judgement: Judgement, facts: Facts) -> str | None:
        """The question itself, or its follow-up where only the ULN is missing and the follow-up is still open."""
        if judgement.cause is not Cause.ULN_UNKNOWN or self.uln_question is None:
            return Check.awaits(self, judgement, facts)
        return self.uln_question if gap(facts.answers.get(self.uln_question)) in OPEN else None

    def _compare(self, reading: Reading, facts: Facts) -> Judgement:
        if reading.standard is None and reading.times_uln is None:
            return self._concluded(reading, facts, Truth.UNKNOWN, Cause.UNCLEAR, times_limit=self.times_limit)
        approximate = Flag.APPROXIMATE in reading.flags
        if (reading.times_uln is not None) == self.times_limit:
            truth = self._at(reading, ONE, approximate=approximate)
            return self._concluded(reading, facts, truth, times_limit=self.times_limit)
        stated = self._stated_uln(reading, facts)
        if stated is None:
            return self._for_any_uln(reading, facts)
        truth = self._at(reading, stated.value, approximate=approximate or stated.approximate)
        return self._concluded(reading, facts, truth, times_limit=self.times_limit, uln=stated.value)

    def _at(self, reading: Reading, uln: Fraction, *, approximate: bool) -> Truth:
        """The comparison with multiples of `uln` put in the standard unit (of 1 where all are multiples, or none is)."""
        value = reading.standard if reading.times_uln is None else Interval.exactly(reading.times_uln * uln)
        limit = self.number * uln if self.times_limit else self.number
        return compared_roughly(value or Interval(None, None), self.relation, limit, approximate=approximate)

    def _stated_uln(self, reading: Reading, facts: Facts) -> _Uln | None:
        if reading.uln is not None:
            return _Uln(reading.uln, approximate=False)
        follow_up = facts.answers.get(self.uln_question or "")
        if follow_up is None or gap(follow_up) is not None or follow_up.standard is None:
            return None
        if follow_up.standard.low is None or not follow_up.standard.is_point:
            return None
        return _Uln(follow_up.standard.low, approximate=Flag.APPROXIMATE in follow_up.flags)

    def _for_any_uln(self, reading: Reading, facts: Facts) -> Judgement:
        """The comparison where no ULN is stated. Where it comes out alike at both ends, it does for all between."""
        credible = self._credible_uln(facts)
        if credible is None:
            return self._concluded(reading, facts, Truth.UNKNOWN, Cause.ULN_UNKNOWN, times_limit=self.times_limit)
        approximate = Flag.APPROXIMATE in reading.flags
        lowest, highest = (self._at(reading, uln, approximate=approximate) for uln in credible)
        truth, cause = (lowest, None) if lowest is highest else (Truth.UNKNOWN, Cause.ULN_UNKNOWN)
        return self._concluded(reading, facts, truth, cause, times_limit=self.times_limit, any_uln=credible)

    def _credible_uln(self, facts: Facts) -> Range | None:
        grown = self.analyte.credible_uln_adult and self.adult and self.adult.judge(facts).truth is Truth.TRUE
        return self.analyte.credible_uln_adult if grown else self.analyte.credible_uln
