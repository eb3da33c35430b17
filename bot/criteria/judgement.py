"""What a rule is judged on, what a judgement holds, and how an interval compares with a limit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from bot.criteria.findings import Cause, Evidence
from bot.criteria.intervals import Interval
from bot.criteria.protocol import UNKNOWN
from bot.criteria.reading import Outcome, Reading
from bot.criteria.rules import Relation
from bot.criteria.truth import Truth
from bot.record import record

APPROXIMATE_MARGIN = Fraction(2, 100)
"""A value said to be approximate decides nothing this near to a limit, as a share of the limit."""


OPEN = (Cause.UNANSWERED, Cause.UNCLEAR)
"""The causes that an answer can still mend: "I don't know" is an answer."""


@record
class Facts:
    """What a rule is judged on: the answers that apply, by question, and the date at the trial's sites.

    variants: the questions that are put to this candidate in other words than usual, and in which.
    """

    answers: Mapping[str, Reading]
    today: dt.date
    variants: Mapping[str, str] = field(default_factory=dict)

    def without(self, question: str) -> Facts:
        """The same facts with one question unanswered."""
        if question not in self.answers:
            return self
        rest = {name: reading for name, reading in self.answers.items() if name != question}
        return Facts(rest, self.today, self.variants)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a rule holds, what that rests on, why it cannot be told, and when time alone will make it true."""

    truth: Truth
    evidence: tuple[Evidence, ...] = ()
    cause: Cause | None = None
    true_on: dt.date | None = None


def gap(reading: Reading | None) -> Cause | None:
    """Why a reply gives nothing to compare; None where it gives something."""
    if reading is None:
        return Cause.UNANSWERED
    if reading.outcome is Outcome.ABSENT or reading.choice == UNKNOWN:
        return Cause.ABSENT
    return None if reading.outcome is Outcome.ACCEPTED else Cause.UNCLEAR


def compared(value: Interval, relation: Relation, limit: Fraction) -> Truth:
    """Whether every number of `value` stands in `relation` to `limit`, none does, or only some."""
    low, high = value.low, value.high
    if relation in (Relation.ABOVE, Relation.AT_MOST):
        surely = low is not None and (low > limit or (low == limit and value.low_open))
        above = Truth.of(surely=surely, surely_not=high is not None and high <= limit)
        return above if relation is Relation.ABOVE else above.negated()
    surely_not = high is not None and (high < limit or (high == limit and value.high_open))
    at_least = Truth.of(surely=low is not None and low >= limit, surely_not=surely_not)
    return at_least if relation is Relation.AT_LEAST else at_least.negated()


def compared_roughly(value: Interval, relation: Relation, limit: Fraction, *, approximate: bool) -> Truth:
    """As `compared`; UNKNOWN for an `approximate` value that comes within the margin of the limit."""
    if approximate and value.meets(limit * (1 - APPROXIMATE_MARGIN), limit * (1 + APPROXIMATE_MARGIN)):
        return Truth.UNKNOWN
    return compared(value, relation, limit)
