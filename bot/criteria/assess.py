"""From answers to findings, from findings to the verdict, and back to the questions that still matter.

Two laws hold for any answers: nothing unanswered, unclear or unread ends in `likely_eligible`, and missing data alone
never ends in `not_eligible` or `not_yet`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.criteria.compiled import CompiledTrial
from bot.criteria.evaluate import judge
from bot.criteria.findings import Assessment, Cause, Finding, Status, Verdict
from bot.criteria.judgement import Facts
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from bot.criteria.standing import finding_of, matters
from bot.criteria.truth import Truth


def assess(trial: CompiledTrial, answers: Mapping[str, Reading], respondent: Respondent, today: dt.date) -> Assessment:
    """What the answers of this respondent say about the trial. `today`: the date at the trial's sites."""
    facts = trial.facts(answers, respondent, today)
    open_questions = unanswered(trial.protocol.order, answers)
    return assess_facts(trial, facts, respondent, _mattering(open_questions, trial, facts, respondent))


def assess_facts(trial: CompiledTrial, facts: Facts, respondent: Respondent, still_open: Iterable[str]) -> Assessment:
    """What these facts say about the trial. `still_open`: the questions that still matter and have no answer that counts."""
    findings = {each.criterion.code: finding_of(each, facts, respondent) for each in trial.criteria}
    verdict = _verdict(findings.values())
    return Assessment(
        verdict,
        _recheck_on(findings.values()) if verdict is Verdict.NOT_YET else None,
        findings,
        tuple(still_open),
    )


def unanswered(questions: Iterable[str], answers: Mapping[str, Reading]) -> list[str]:
    """Those of the questions that have no answer that counts."""
    return [name for name in questions if (given := answers.get(name)) is None or not given.counts]


def still_matters(trial: CompiledTrial, facts: Facts, respondent: Respondent) -> tuple[str, ...]:
    """The questions, in the trial's order, whose answer by this respondent changes a finding as things stand.

    Whether they are answered already plays no part. The question who is answering feeds no criterion, so it is not
    among them.
    """
    return tuple(_mattering(trial.protocol.order, trial, facts, respondent))


def imprecise_questions(assessment: Assessment) -> tuple[str, ...]:
    """The questions whose accepted answer is not exact enough to decide a criterion, each once."""
    imprecise = (finding for finding in assessment.findings.values() if finding.reason is Cause.IMPRECISE)
    shown = (evidence for finding in imprecise for evidence in finding.evidence)
    return tuple(dict.fromkeys(evidence.question for evidence in shown if evidence.cause is Cause.IMPRECISE))


def rules_out(assessment: Assessment) -> tuple[str, ...]:
    """The codes of the criteria that fail and cannot pass later."""
    findings = assessment.findings.values()
    return tuple(each.code for each in findings if each.status is Status.FAIL and not each.recoverable)


def _verdict(findings: Collection[Finding]) -> Verdict:
    """The verdict, by the first that applies: ruled out, not yet, open, likely."""
    failing = [finding for finding in findings if finding.status is Status.FAIL]
    if failing:
        return Verdict.NOT_YET if all(finding.recoverable for finding in failing) else Verdict.NOT_ELIGIBLE
    undetermined = (finding.reason for finding in findings if finding.status is Status.UNDETERMINED)
    if any(reason is not Cause.SITE_ASSESSES for reason in undetermined):
        return Verdict.UNDETERMINED
    return Verdict.LIKELY_ELIGIBLE


def _recheck_on(findings: Collection[Finding]) -> dt.date | None:
    """The latest date of the failing findings; None where one of them has none."""
    days = [finding.recheck_on for finding in findings if finding.status is Status.FAIL]
    known = [day for day in days if day is not None]
    return max(known, default=None) if len(known) == len(days) else None


def _mattering(names: Iterable[str], trial: CompiledTrial, facts: Facts, respondent: Respondent) -> Iterator[str]:
    """Those of the questions whose answer can change a finding."""
    for name in names:
        asked = respondent in trial.protocol.by_id[name].asked_of and _applies(trial, name, facts)
        if asked and any(matters(name, each, facts, respondent) for each in trial.feeds[name]):
            yield name


def _applies(trial: CompiledTrial, name: str, facts: Facts) -> bool:
    condition = trial.asked_when.get(name)
    return condition is None or judge(condition, facts).truth is Truth.TRUE
