"""Rules judged on the answers: what holds now, and what still could come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product
from typing import TypeAlias

from bot.criteria.checks import Check
from bot.criteria.judgement import Facts, Judgement
from bot.criteria.rules import AllOf, AnyOf, Node, Possibly, Surely, leaves
from bot.criteria.truth import Truth, all_of, any_of

BoundRule: TypeAlias = Node[Check]
_EVERY_TRUTH = frozenset(Truth)


def judge(rule: BoundRule, facts: Facts) -> Judgement:
    """Whether the rule holds, resting on those of its parts that decide it."""
    if isinstance(rule, Check):
        return rule.judge(facts)
    if isinstance(rule, Surely | Possibly):
        return _settled(judge(rule.part, facts), Truth.FALSE if isinstance(rule, Surely) else Truth.TRUE)
    return _combined(rule, tuple(judge(part, facts) for part in rule.parts))


def _settled(judgement: Judgement, unknown: Truth) -> Judgement:
    """The judgement, with an unknown one counted as `unknown`."""
    if judgement.truth is not Truth.UNKNOWN:
        return judgement
    return Judgement(unknown, judgement.evidence)


def _combined(rule: AllOf[Check] | AnyOf[Check], parts: tuple[Judgement, ...]) -> Judgement:
    truth = (all_of if isinstance(rule, AllOf) else any_of)(part.truth for part in parts)
    deciding = [part for part in parts if part.truth is truth]
    return Judgement(
        truth,
        tuple(evidence for part in deciding for evidence in part.evidence),
        next((part.cause for part in deciding if part.cause is not None), None),
        _true_on(rule, deciding) if truth is Truth.FALSE else None,
    )


def _true_on(rule: AllOf[Check] | AnyOf[Check], failing: list[Judgement]) -> dt.date | None:
    """The day on which time makes the rule true: the first such day of an "or", the last of an "and"."""
    days = [part.true_on for part in failing if part.true_on is not None]
    if isinstance(rule, AnyOf):
        return min(days, default=None)
    return max(days, default=None) if len(days) == len(failing) else None


def possible(rule: BoundRule, facts: Facts) -> frozenset[Truth]:
    """All that the rule may yet come to, once every question it waits for is answered."""
    if isinstance(rule, Check):
        judgement = rule.judge(facts)
        open_question = rule.awaits(judgement, facts)
        return frozenset({judgement.truth}) if open_question is None else _EVERY_TRUTH
    if isinstance(rule, Surely | Possibly):
        counted = Truth.FALSE if isinstance(rule, Surely) else Truth.TRUE
        return frozenset(counted if truth is Truth.UNKNOWN else truth for truth in possible(rule.part, facts))
    combine = all_of if isinstance(rule, AllOf) else any_of
    return frozenset(map(combine, product(*(possible(part, facts) for part in rule.parts))))


def awaited(rule: BoundRule, facts: Facts) -> Iterator[str]:
    """The questions whose answers the rule's comparisons wait for."""
    for check in leaves(rule):
        question = check.awaits(check.judge(facts), facts)
        if question is not None:
            yield question
