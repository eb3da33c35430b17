"""How one criterion stands on the answers that it reads. What the same answers come to is worked out once.

Of a person's answers one is new in a turn, and thousands of people give the same few: so what a criterion came to is kept by
the answers that it reads, and by nothing else that could differ. `unkept_finding` and `unkept_matters` are the same without it.
"""

from __future__ import annotations

import datetime as dt
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


def finding_of(compiled: CompiledCriterion, facts: Facts, respondent: Respondent) -> Finding:
    """What the facts say about one criterion."""
    answers = tuple([facts.answers.get(name) for name in compiled.reads])
    variants = tuple([facts.variants.get(name) for name in compiled.reads]) if facts.variants else ()
    return _kept_finding(compiled, respondent, facts.today, answers, variants)


def matters(name: str, compiled: CompiledCriterion, facts: Facts, respondent: Respondent) -> bool:
    """Whether the answer to question `name` can change the criterion's finding, however it is answered now."""
    if respondent not in compiled.asked_of:
        return False
    others = tuple([None if read == name else facts.answers.get(read) for read in compiled.reads])
    return _kept_matters(name, compiled, facts.today, others)


@lru_cache(KEPT)
def _kept_finding(
    compiled: CompiledCriterion,
    respondent: Respondent,
    today: dt.date,
    answers: Answers,
    variants: tuple[str | None, ...],
) -> Finding:
    worded = {name: variant for name, variant in zip(compiled.reads, variants, strict=False) if variant is not None}
    return unkept_finding(compiled, Facts(_answered(compiled, answers), today, worded), respondent)


@lru_cache(KEPT)
def _kept_matters(name: str, compiled: CompiledCriterion, today: dt.date, others: Answers) -> bool:
    return unkept_matters(name, compiled, Facts(_answered(compiled, others), today))


def _answered(compiled: CompiledCriterion, answers: Answers) -> dict[str, Reading]:
    pairs = zip(compiled.reads, answers, strict=True)
    return {name: reading for name, reading in pairs if reading is not None}


def unkept_finding(compiled: CompiledCriterion, facts: Facts, respondent: Respondent) -> Finding:
    """What `finding_of` says, worked out anew."""
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


def unkept_matters(name: str, compiled: CompiledCriterion, without: Facts) -> bool:
    """What `matters` says, worked out anew for one who is asked all of it; the facts `without` lack the answer to `name`."""
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
