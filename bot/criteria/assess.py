"""From answers to findings, from findings to the verdict, and back to the questions that still matter.

Two laws hold for any answers: nothing unanswered, unclear or unread ends in `likely_eligible`, and missing data alone
never ends in `not_eligible` or `not_yet`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Assessment, Cause, Finding, Status, Verdict
from bot.criteria.judgement import Facts
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from bot.criteria.standing import Standing, standing
from bot.record import record


@record
class Known:
    """What follows from the answers: how each criterion stands, in the trial's order, and the questions that still matter.

    changing: in the trial's order, those whose answer by this respondent can change a finding, if they apply. mattering:
    those of them that apply as things stand. Whether they are answered already plays no part. The question who is
    answering feeds no criterion, so it is not among them.
    """

    answers: Mapping[str, Reading]
    facts: Facts
    respondent: Respondent
    standings: tuple[Standing, ...]
    changing: tuple[str, ...]
    mattering: tuple[str, ...]


def known(
    trial: CompiledTrial,
    answers: Mapping[str, Reading],
    respondent: Respondent,
    today: dt.date,
    before: Known | None = None,
) -> Known:
    """What follows from these answers, given by this respondent. They are not to be changed. `today`: the date at the trial's sites.

    `before`: what followed in this trial from other answers, perhaps those of a turn earlier. A criterion that reads
    nothing that has changed since stands as it stood.
    """
    if before is None or (before.facts.today, before.respondent) != (today, respondent):
        facts = trial.facts(answers, respondent, today)
        standings = tuple([standing(each, facts, respondent) for each in trial.criteria])
        changing = _changing(trial, standings, respondent)
    else:
        changed = _changed(before.answers, answers)
        if changed.isdisjoint(trial.deciding):
            facts = trial.facts_after(before.facts, changed, answers, respondent)
        else:
            facts = trial.facts(answers, respondent, today)
            changed = _changed(before.facts.answers, facts.answers)
            changed = changed.union(before.facts.variants, facts.variants)
        standings, changing = _moved(trial, before, facts, changed)
    conditions = trial.asked_when
    mattering = [name for name in changing if name not in conditions or conditions[name].holds(facts)]
    return Known(answers, facts, respondent, standings, changing, tuple(mattering))


def _moved(
    trial: CompiledTrial, before: Known, facts: Facts, changed: frozenset[str]
) -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    """How the criteria stand after a change of the facts, and the questions whose answer can change a finding then.

    changed: the questions whose answer or wording is another one; one that the trial does not ask any more moves nothing.
    """
    standings, changing = list(before.standings), before.changing
    for place in {place for name in changed for place in trial.read_by.get(name, ())}:
        standings[place] = standing(trial.criteria[place], facts, before.respondent)
        if standings[place].mattering != before.standings[place].mattering:
            changing = ()
    moved = tuple(standings)
    return moved, changing or _changing(trial, moved, before.respondent)


def _changing(trial: CompiledTrial, standings: tuple[Standing, ...], respondent: Respondent) -> tuple[str, ...]:
    changing = frozenset().union(*(each.mattering for each in standings)) & trial.asked_of[respondent]
    return tuple([name for name in trial.protocol.order if name in changing])


def _changed(before: Mapping[str, Reading], now: Mapping[str, Reading]) -> frozenset[str]:
    """The questions whose answer is another one. An equal answer may count as another: no harm comes of it."""
    given = [name for name, reading in now.items() if before.get(name) is not reading]
    taken_back = [name for name in before if name not in now]
    return frozenset((*given, *taken_back))


def assess(trial: CompiledTrial, answers: Mapping[str, Reading], respondent: Respondent, today: dt.date) -> Assessment:
    """What the answers of this respondent say about the trial. `today`: the date at the trial's sites."""
    return assess_known(known(trial, answers, respondent, today))


def assess_known(what: Known) -> Assessment:
    """What `assess` says of the answers, where it is known already what follows from them."""
    findings = {each.finding.code: each.finding for each in what.standings}
    verdict = _verdict(findings.values())
    answers = what.answers
    return Assessment(
        verdict,
        _recheck_on(findings.values()) if verdict is Verdict.NOT_YET else None,
        findings,
        tuple([name for name in what.mattering if (given := answers.get(name)) is None or not given.counts]),
    )


def imprecise_questions(what: Known) -> tuple[str, ...]:
    """The questions whose accepted answer is not exact enough to decide a criterion, each once."""
    return tuple(dict.fromkeys([name for each in what.standings if each.imprecise for name in each.imprecise]))


def rules_out(what: Known) -> tuple[str, ...]:
    """The codes of the criteria that fail and cannot pass later."""
    return tuple([each.finding.code for each in what.standings if each.rules_out])


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
