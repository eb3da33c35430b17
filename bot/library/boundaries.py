"""Tests made from a trial's rules: replies on both sides of every limit, in every unit, read and judged for real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from bot.criteria.candidate import Intake
from bot.criteria.checks import Check
from bot.criteria.compiled import CompiledCriterion
from bot.criteria.findings import Status
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from bot.criteria.rules import leaves
from bot.criteria.standing import finding_of
from bot.criteria.truth import Truth
from bot.library.samples import Sample, samples

MAX_CONTEXTS = 5_000
_ALONE = {Truth.TRUE: Status.PASS, Truth.FALSE: Status.FAIL, Truth.UNKNOWN: Status.UNDETERMINED}
"""What comes out of a rule that is one comparison alone."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A sample put to a criterion: the status that must come out, and the one that did."""

    code: str
    sample: Sample
    expected: Status
    found: Status

    @property
    def passed(self) -> bool:
        """Whether the right status came out."""
        return self.expected is self.found


@dataclass(frozen=True, slots=True)
class Bench:
    """Makes and runs the tests of one trial. Replies are read as a member of staff gives them."""

    intake: Intake

    def boundaries(self) -> Iterator[Boundary]:
        """Every sample of every comparison of every criterion, judged where that comparison decides."""
        for criterion in self.intake.trial.criteria:
            for check in (check for stage in criterion.stages for check in leaves(stage)):
                yield from self._of_check(criterion, check)

    def statuses(self, criterion: CompiledCriterion) -> set[Status]:
        """The statuses that come out over the samples of all the criterion's comparisons, put together in every way."""
        return {self._status(criterion, answers) for answers in self._contexts(criterion, without=None)}

    def _of_check(self, criterion: CompiledCriterion, check: Check) -> Iterator[Boundary]:
        alone = criterion.stages == (check,)
        # Far from one limit of a question, another comparison of the same question may decide.
        tried = tuple(sample for sample in self._samples(check) if alone or not sample.far)
        context, sides = self._deciding(criterion, check, tried)
        for sample in tried:
            expected = sides.get(sample.holds)
            if expected is not None:
                found = self._status(criterion, {**context, sample.question: self.read(sample)})
                yield Boundary(criterion.criterion.code, sample, expected, found)

    def _deciding(
        self, criterion: CompiledCriterion, check: Check, tried: tuple[Sample, ...]
    ) -> tuple[Mapping[str, Reading], Mapping[Truth, Status]]:
        """Answers to the other questions with which this comparison decides, and the status on each of its sides."""
        first = {sample.holds: sample for sample in reversed(tried)}
        if criterion.stages == (check,):
            return {}, _ALONE
        for context in self._contexts(criterion, without=check.question):
            sides: dict[Truth, Status] = {
                holds: self._status(criterion, {**context, check.question: self.read(sample)})
                for holds, sample in first.items()
                if holds is not Truth.UNKNOWN
            }
            if sides.get(Truth.TRUE) != sides.get(Truth.FALSE):
                return context, sides
        return {}, {}

    def _contexts(self, criterion: CompiledCriterion, without: str | None) -> Iterator[dict[str, Reading]]:
        """Answers to the criterion's questions (but one) in every combination of the samples of its comparisons."""
        tried: dict[str, list[Reading]] = {}
        for check in (check for stage in criterion.stages for check in leaves(stage)):
            if check.question != without:
                readings = [self.read(sample) for sample in self._samples(check)]
                tried.setdefault(check.question, []).extend(readings)
        for combined in islice(product(*tried.values()), MAX_CONTEXTS):
            yield dict(zip(tried, combined, strict=True))

    def _samples(self, check: Check) -> Iterator[Sample]:
        return samples(check, self.intake.trial.protocol.by_id[check.question].choices, self.intake.today)

    def read(self, sample: Sample) -> Reading:
        """The sample's reply, as it is read."""
        return self.intake.read(sample.question, sample.reply, Respondent.STAFF)

    def _status(self, criterion: CompiledCriterion, answers: Mapping[str, Reading]) -> Status:
        facts = self.intake.trial.facts(answers, Respondent.STAFF, self.intake.today)
        return finding_of(criterion, facts, Respondent.STAFF).status
