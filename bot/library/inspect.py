"""Static checks of a trial file: all that would go wrong in a conversation, said before there is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from bot.criteria.candidate import Intake
from bot.criteria.compiled import CompiledTrial, compile_trial
from bot.criteria.findings import Status
from bot.criteria.protocol import RESPONDENT
from bot.criteria.rules import leaves
from bot.library.boundaries import Bench
from bot.library.issues import Fault, Issue
from bot.library.translations import translation_issues
from bot.library.trials import lexicon_for, read_file, shared_analytes, translations_root
from bot.library.yamlfile import Document

REFERENCE_DAY = dt.date(2026, 7, 15)
"""The day on which rules are tried out: any day in the middle of a month does."""


def inspect(path: Path) -> tuple[Issue, ...]:
    """All that is to be mended in a trial file, in the order of the file. Raises `TrialError` where it cannot be read.

    A file that is no protocol yet is only checked for what keeps it from being one.
    """
    trial_file = read_file(path)
    if trial_file.protocol is None:
        return _sorted(trial_file.issues)
    trial = compile_trial(trial_file.protocol, shared_analytes())
    issues = [
        *_unused(trial, trial_file.document),
        *_without_effect(trial, trial_file.document),
        *translation_issues(trial.protocol, trial_file.document, translations_root(path)),
    ]
    return _sorted(issues)


def _sorted(issues: list[Issue] | tuple[Issue, ...]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: (issue.mark.line, issue.mark.column, issue.fault)))


def _unused(trial: CompiledTrial, document: Document) -> Iterator[Issue]:
    used = {RESPONDENT, *(name for each in trial.criteria for name in each.questions)}
    conditions = (*trial.asked_when.values(), *trial.variant_when.values())
    rules = tuple(condition.rule for condition in conditions)
    used |= {check.question for rule in rules for check in leaves(rule)}
    for index, question in enumerate(trial.protocol.questions):
        if question.id not in used:
            message = f"no criterion uses question `{question.id}`: use it in a rule, or take it away"
            yield document.issue(("questions", index), Fault.UNUSED_QUESTION, message)


def _without_effect(trial: CompiledTrial, document: Document) -> Iterator[Issue]:
    bench = Bench(Intake(trial, lexicon_for(trial), {}, REFERENCE_DAY))
    for index, criterion in enumerate(trial.criteria):
        place = ("criteria", index, "rule")
        statuses = bench.statuses(criterion)
        code = criterion.criterion.code
        if Status.PASS not in statuses:
            message = f"no plausible answer can pass criterion {code}: correct the limit, its unit or the choices"
            yield document.issue(place, Fault.NEVER_PASSES, message)
        if Status.FAIL not in statuses:
            message = f"no plausible answer can fail criterion {code}: correct the limit, its unit or the choices"
            yield document.issue(place, Fault.NEVER_FAILS, message)
