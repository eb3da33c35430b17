"""How one criterion stands on the answers that it reads. What the same answers come to is worked out once.

Of a person's answers one is new in a turn, and thousands of people give the same few: so what a criterion came to is kept by
the answers that it reads, with the day, the respondent and the wordings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from bot.criteria.compiled import CompiledCriterion
from bot.criteria.evaluate import BoundRule, awaited, judge, possible
from bot.criteria.findings import Cause, Finding, Status
from bot.criteria.judgement import Facts, Judgement
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from bot.criteria.truth import Truth

KEPT = 4_096  # of each kind; a finding with its answers takes about a kilobyte

Answers: TypeAlias = tuple[Reading | None, ...]
"""The answers that a criterion reads, in the order of its `reads`."""

_STATUS = {Truth.TRUE: Status.PASS, Truth.FALSE: Status.FAIL, Truth.UNKNOWN: Status.UNDETERMINED}
_CONDITION_STATUS = {Truth.FALSE: Status.PASS, Truth.UNKNOWN: Status.UNDETERMINED}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a criterion stands: its finding, and those of its questions whose answer can change it, however answered now.

    rules_out: it fails, and cannot pass later. imprecise: the questions whose answer is not exact enough to decide it.
    """

    finding: Finding
    mattering: frozenset[str]
    rules_out: bool
    imprecise: tuple[str, ...]


def standing(compiled: CompiledCriterion, facts: Facts, respondent: Respondent) -> Standing:
    """How the criterion stands on the facts."""
    answers = tuple([facts.answers.get(name) for name in compiled.reads])
    variants = tuple([facts.variants.get(name) for name in compiled.reads]) if facts.variants else ()
    return _kept_standing(compiled, respondent, facts.today, answers, variants)


@lru_cache(KEPT)
def _kept_standing(
    compiled: CompiledCriterion,
    respondent: Respondent,
    today: dt.date,
    answers: Answers,
    variants: tuple[str | None, ...],
) -> Standing:
    worded = {name: variant for name, variant in zip(compiled.reads, variants, strict=False) if variant is not None}
    finding = finding_of(compiled, Facts(_answered(compiled, answers), today, worded), respondent)
    mattering = frozenset(_mattering(compiled, today, answers)) if respondent in compiled.asked_of else frozenset()
    return Standing(finding, mattering, finding.status is Status.FAIL and not finding.recoverable, _imprecise(finding))


def _imprecise(finding: Finding) -> tuple[str, ...]:
    if finding.reason is not Cause.IMPRECISE:
        return ()
    return tuple(dict.fromkeys(each.question for each in finding.evidence if each.cause is Cause.IMPRECISE))


def _mattering(compiled: CompiledCriterion, today: dt.date, answers: Answers) -> Iterator[str]:
    for name in compiled.questions:
        others = tuple([None if read == name else given for read, given in zip(compiled.reads, answers, strict=True)])
        if _kept_matters(name, compiled, today, others):
            yield name


@lru_cache(KEPT)
def _kept_matters(name: str, compiled: CompiledCriterion, today: dt.date, others: Answers) -> bool:
    return matters(name, compiled, Facts(_answered(compiled, others), today))


def _answered(compiled: CompiledCriterion, answers: Answers) -> dict[str, Reading]:
    pairs = zip(compiled.reads, answers, strict=True)
    return {name: reading for name, reading in pairs if reading is not None}


def finding_of(compiled: CompiledCriterion, facts: Facts, respondent: Respondent) -> Finding:
    """What the facts say about one criterion, worked out anew."""
    code, recoverable = compiled.criterion.code, compiled.criterion.recoverable
    if respondent not in compiled.asked_of:
        return Finding(code, Status.UNDETERMINED, Cause.SITE_ASSESSES, recoverable)
    *conditions, rule = compiled.stages
    for condition in conditions:
        applies = judge(condition, facts)
        if applies.truth is Truth.FALSE:
            return Finding(code, Status.PASS, Cause.NOT_APPLICABLE, recoverable, evidence=applies.evidence)
        if applies.truth is Truth.UNKNOWN:
            return Finding(code, Status.UNDETERMINED, _cause(applies), recoverable, evidence=applies.evidence)
    judgement = judge(rule, facts)
    recheck_on = judgement.true_on if recoverable else None
    return Finding(code, _STATUS[judgement.truth], _cause(judgement), recoverable, recheck_on, judgement.evidence)


def _cause(judgement: Judgement) -> Cause:
    if judgement.truth is Truth.UNKNOWN:
        return judgement.cause or Cause.UNCLEAR
    return Cause.MET if judgement.truth is Truth.TRUE else Cause.NOT_MET


def matters(name: str, compiled: CompiledCriterion, without: Facts) -> bool:
    """Whether the answer to question `name`, which `without` lacks, can change the criterion's finding; worked out anew."""
    for place, stage in enumerate(compiled.stages):
        if name in awaited(stage, without):
            return len(_possible_statuses(compiled.stages[place:], without)) > 1
        is_condition = stage is not compiled.stages[-1]
        if not is_condition or judge(stage, without).truth is not Truth.TRUE:
            break
    return False


def _possible_statuses(stages: tuple[BoundRule, ...], facts: Facts) -> set[Status]:
    *conditions, rule = stages
    statuses: set[Status] = set()
    for condition in conditions:
        outcomes = possible(condition, facts)
        statuses |= {status for truth, status in _CONDITION_STATUS.items() if truth in outcomes}
        if Truth.TRUE not in outcomes:
            return statuses
    return statuses | {_STATUS[truth] for truth in possible(rule, facts)}
