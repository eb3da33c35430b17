"""From answers to findings, from findings to the verdict, and back to the questions that still matter.

Two laws hold for any answers: nothing unanswered, unclear or unread ends in `likely_eligible`, and missing data alone
never ends in `not_eligible` or `not_yet`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Assessment, Cause, Finding, Status, Verdict
from bot.criteria.judgement import Facts
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from bot.criteria.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Known:
    """What follows from the facts: how each criterion stands, in the trial's order, and the questions that still matter.

    mattering: in the trial's order, those whose answer by this respondent changes a finding as things stand. Whether they
    are answered already plays no part. The question who is answering feeds no criterion, so it is not among them.
    """

    facts: Facts
    respondent: Respondent
    standings: tuple[Standing, ...]
    mattering: tuple[str, ...]


def known(trial: CompiledTrial, facts: Facts, respondent: Respondent, before: Known | None = None) -> Known:
    """What follows from these facts, given by this respondent.

    `before`: what followed in this trial from other facts, perhaps those of a turn earlier. A criterion that reads
    nothing that has changed since stands as it stood.
    """
    if before is None or (before.facts.today, before.respondent) != (facts.today, respondent):
        standings = tuple([standing(each, facts, respondent) for each in trial.criteria])
    else:
        changed = _changed(before.facts, facts)
        standings = tuple(
            [
                stood if changed.isdisjoint(each.reads) else standing(each, facts, respondent)
                for each, stood in zip(trial.criteria, before.standings, strict=True)
            ]
        )
    changing = frozenset().union(*(each.mattering for each in standings))
    changing &= trial.asked_of[respondent]
    mattering = [name for name in trial.protocol.order if name in changing]
    return Known(facts, respondent, standings, tuple([name for name in mattering if _applies(trial, name, facts)]))


def _changed(before: Facts, now: Facts) -> set[str]:
    """The questions whose answer or wording is another one. An equal answer may count as another: no harm comes of it."""
    answered = {name for name, given in now.answers.items() if before.answers.get(name) is not given}
    answered.update(name for name in before.answers if name not in now.answers)
    worded = before.variants.keys() | now.variants.keys() if before.variants != now.variants else ()
    return answered.union(worded)


def assess(trial: CompiledTrial, answers: Mapping[str, Reading], respondent: Respondent, today: dt.date) -> Assessment:
    """What the answers of this respondent say about the trial. `today`: the date at the trial's sites."""
    return assess_known(known(trial, trial.facts(answers, respondent, today), respondent), answers)


def assess_known(what: Known, answers: Mapping[str, Reading]) -> Assessment:
    """What `assess` says of these answers, where it is known already what follows from them."""
    findings = {each.finding.code: each.finding for each in what.standings}
    verdict = _verdict(findings.values())
    return Assessment(
        verdict,
        _recheck_on(findings.values()) if verdict is Verdict.NOT_YET else None,
        findings,
        tuple([name for name in what.mattering if (given := answers.get(name)) is None or not given.counts]),
    )


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


def _applies(trial: CompiledTrial, name: str, facts: Facts) -> bool:
    condition = trial.asked_when.get(name)
    return condition is None or condition.holds(facts)
