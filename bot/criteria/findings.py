"""What the answers say about each criterion, and about the trial as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from bot.criteria.reading import Reading


class Status(StrEnum):
    """Whether a criterion is met by every reading of the answers, by none, or by some."""

    PASS = "pass"  # noqa: S105 - a status
    FAIL = "fail"
    UNDETERMINED = "undetermined"


class Cause(StrEnum):
    """The code of why a finding has its status (the `reason` of a finding)."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    UNANSWERED = "unanswered"
    ABSENT = "absent"
    UNCLEAR = "unclear"
    IMPRECISE = "imprecise"
    ULN_UNKNOWN = "uln_unknown"
    SITE_ASSESSES = "site_assesses"


class Verdict(StrEnum):
    """What the findings amount to. Never more than a pre-screening: the study team decides."""

    NOT_ELIGIBLE = "not_eligible"
    NOT_YET = "not_yet"
    UNDETERMINED = "undetermined"
    LIKELY_ELIGIBLE = "likely_eligible"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison that a finding rests on, as codes and values; `bot.speech` makes the sentence.

    question: the question compared. relation: one of `is`, `is_not`, `<`, `<=`, `>`, `>=`, `older_than`. limit: the
    number compared with, in `unit` (an age or washout in its own unit), or the choice's id. answer: the reading, None
    where there is none. uln: the upper limit of normal that was used, in the analyte's standard unit;
    any_uln: the credible range, where the comparison came out alike for every one in it; times_limit: whether `limit` is a multiple of ULN.
    met: True, False, or None where it cannot be told. cause: why it cannot. variant: the wording in which the question
    is put to this candidate (such as a child's scale), if not its usual one. elapsed_days: for a washout, the days since.
    """

    question: str
    relation: str
    limit: Fraction | str
    unit: str | None
    answer: Reading | None
    met: bool | None
    times_limit: bool = False
    uln: Fraction | None = None
    any_uln: tuple[Fraction, Fraction] | None = None
    cause: Cause | None = None
    variant: str | None = None
    elapsed_days: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the answers say about one criterion."""

    code: str
    status: Status
    reason: Cause
    recoverable: bool
    recheck_on: date | None = None
    evidence: tuple[Evidence, ...] = ()

    def __hash__(self) -> int:
        """That of the code, the reason and the replies, which is cheap; the few that share them are told apart by `==`."""
        return hash((self.code, self.reason, tuple([each.answer for each in self.evidence])))


@dataclass(frozen=True, slots=True)
class Assessment:
    """All findings in the trial's order, the verdict, and the questions that still matter and have no answer that counts."""

    verdict: Verdict
    recheck_on: date | None
    findings: Mapping[str, Finding]
    unanswered: tuple[str, ...]
