"""What one reply was read as. The contract of its fields is `docs/replies.md`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from bot.criteria.intervals import Interval


class Outcome(StrEnum):
    """How far a reply was understood."""

    ACCEPTED = "accepted"
    CLARIFY = "clarify"
    ABSENT = "absent"
    REJECTED = "rejected"
    SLIP = "slip"


class Reason(StrEnum):
    """Why a reply was not simply accepted."""

    UNIT = "unit"
    INCOMPLETE_AGE = "incomplete_age"
    IMPLAUSIBLE = "implausible"
    IMPLAUSIBLE_ULN = "implausible_uln"
    SEVERAL_NUMBERS = "several_numbers"
    SEPARATOR = "separator"
    RANGE = "range"
    OTHER_ANALYTE = "other_analyte"
    WRONG_UNIT = "wrong_unit"
    QUALITATIVE = "qualitative"
    DATE_ORDER = "date_order"
    FUTURE_DATE = "future_date"
    IMPRECISE_DATE = "imprecise_date"
    NEGATIVE = "negative"
    TOO_LONG = "too_long"
    HEDGED = "hedged"
    NOT_UNDERSTOOD = "not_understood"


class Flag(StrEnum):
    """What stood beside the value: a laboratory's mark, or a hedge."""

    LOW = "low"
    HIGH = "high"
    ABNORMAL = "abnormal"
    APPROXIMATE = "approximate"


class Role(StrEnum):
    """What one part of a reply was taken for."""

    NAME = "name"
    VALUE = "value"
    UNIT = "unit"
    RANGE = "range"
    FLAG = "flag"
    DATE = "date"
    HEDGE = "hedge"
    CHOICE = "choice"
    ABSENT = "absent"
    NOISE = "noise"
    UNREAD = "unread"  # it could change the meaning, and was not understood


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` (half open) of the reply as typed, and what they were taken for."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Alternative:
    """One plausible reading of a reply that has several: an interval in its own unit, a date, or a choice.

    `reply` is the reply that would be read as just this, so that a button can send it.
    """

    label: str
    reply: str
    interval: Interval | None = None
    unit: str | None = None
    date: dt.date | None = None
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """An age: completed months as a half-open interval [low, high), and the birth dates that it allows.

    `born` is known where a date of birth was given (both ends equal) or the age was given in weeks or days.
    """

    low_months: int
    high_months: int
    born: tuple[dt.date, dt.date] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply to one question, read.

    `standard` is in `unit`, the analyte's standard unit; `reported` is the same value in `reported_unit`, as the
    person gave it. `uln` is the stated upper limit of normal in the standard unit. `slip` holds, for an outcome
    `slip`, the reading of each analyte by its code; `skipped` the names on the slip that the trial does not ask for.
    """

    reply: str
    outcome: Outcome
    reason: Reason | None = None
    standard: Interval | None = None
    unit: str | None = None
    reported: Interval | None = None
    reported_unit: str | None = None
    times_uln: Fraction | None = None
    uln: Fraction | None = None
    flags: tuple[Flag, ...] = ()
    observed_on: dt.date | None = None
    readings: tuple[Alternative, ...] = ()
    date: dt.date | None = None
    age: Age | None = None
    choice: str | None = None
    slip: Mapping[str, Reading] | None = None
    skipped: tuple[str, ...] = ()
    spans: tuple[Span, ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        """That of the reply alone, which is cheap; the few readings that one reply can have are told apart by `==`."""
        return hash(self.reply)

    @property
    def counts(self) -> bool:
        """Whether the question is answered by it (also by "I don't know")."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.ABSENT)
