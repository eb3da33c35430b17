"""A trial ready to be assessed: its protocol, the analytes it measures, and its rules read and fitted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.criteria.bind import bind
from bot.criteria.evaluate import BoundRule, judge
from bot.criteria.judgement import Facts
from bot.criteria.protocol import Analyte, Criterion, Kind, Question, Respondent, TrialProtocol
from bot.criteria.reading import Reading
from bot.criteria.rules import RuleError, leaves, parse
from bot.criteria.truth import Truth

KEPT = 1_024  # conditions judged


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A rule that a question depends on, known by its identity. `reads`: the questions whose answers it looks at."""

    rule: BoundRule
    reads: tuple[str, ...]

    def holds(self, facts: Facts) -> bool:
        """Whether the rule surely holds. The same answers are judged once."""
        return _holds(self, facts.today, tuple([facts.answers.get(name) for name in self.reads]))


@lru_cache(KEPT)
def _holds(condition: Condition, today: dt.date, answers: tuple[Reading | None, ...]) -> bool:
    pairs = zip(condition.reads, answers, strict=True)
    facts = Facts({name: reading for name, reading in pairs if reading is not None}, today)
    return judge(condition.rule, facts).truth is Truth.TRUE


@dataclass(frozen=True, slots=True, eq=False)
class CompiledCriterion:
    """A criterion with its rules, known by its identity. `stages`: the conditions under which it applies, and last its own rule.

    `reads`: the questions whose answers its finding rests on in any way.
    """

    criterion: Criterion
    stages: tuple[BoundRule, ...]
    asked_of: frozenset[Respondent]
    reads: tuple[str, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that can change its finding, follow-ups too, in the order in which its rules name them."""
        checks = (check for stage in self.stages for check in leaves(stage))
        return tuple(dict.fromkeys(name for check in checks for name in check.questions))


@dataclass(frozen=True, slots=True, eq=False)
class CompiledTrial:
    """A trial ready to be assessed, known by its identity.

    measured: the question that measures an analyte, by the analyte. feeds: the criteria whose finding a question can change.
    read_by: the places of the criteria whose finding rests on a question in any way. asked_of: the questions that a
    respondent is asked. asked_when, variant_when: the rules of those questions that have one, in the order in which they
    are asked. deciding: the questions on whose answers it rests whether another answer counts, or how another question is worded.
    """

    protocol: TrialProtocol
    analytes: Mapping[str, Analyte]
    criteria: tuple[CompiledCriterion, ...]
    measured: Mapping[str, str]
    feeds: Mapping[str, tuple[CompiledCriterion, ...]]
    read_by: Mapping[str, tuple[int, ...]]
    asked_of: Mapping[Respondent, frozenset[str]]
    asked_when: Mapping[str, Condition]
    variant_when: Mapping[str, Condition]
    deciding: frozenset[str]

    def facts(self, answers: Mapping[str, Reading], respondent: Respondent, today: dt.date) -> Facts:
        """What the rules are judged on: the answers to questions that this respondent is asked and that apply."""
        asked = self.asked_of[respondent]
        kept = {name: given for name, given in answers.items() if name in asked}
        facts = Facts(kept, today)
        for name, condition in self.asked_when.items():
            if name in kept and not condition.holds(facts):
                facts = facts.without(name)
        return Facts(facts.answers, today, self._variants(facts))

    def facts_after(
        self, before: Facts, changed: frozenset[str], answers: Mapping[str, Reading], respondent: Respondent
    ) -> Facts:
        """As `facts`, where it is known what the rules were judged on before these answers changed, on the same day.

        None of the changed ones is `deciding`: what counted before still counts.
        """
        new = changed & self.asked_of[respondent]
        counted = before.answers
        kept = {name: given for name, given in answers.items() if name in counted or name in new}
        return Facts(kept, before.today, before.variants)

    def variant(
        self, question: str, answers: Mapping[str, Reading], respondent: Respondent, today: dt.date
    ) -> str | None:
        """The wording in which the question is put to this candidate, where it is not the usual one."""
        return self.facts(answers, respondent, today).variants.get(question)

    def _variants(self, facts: Facts) -> dict[str, str]:
        holding = (name for name, condition in self.variant_when.items() if condition.holds(facts))
        return {name: self.protocol.by_id[name].variants[0] for name in holding}


def compile_trial(protocol: TrialProtocol, shared: Mapping[str, Analyte]) -> CompiledTrial:
    """The trial with its rules read. `shared`: the table of analytes that every trial may use.

    Raises `RuleError`, naming the criterion or question, for the first rule that cannot be read or does not fit.
    """
    analytes = {**shared, **{analyte.code: analyte for analyte in protocol.analytes}}

    def rule(text: str, place: str) -> BoundRule:
        try:
            return bind(parse(text), protocol, analytes)
        except RuleError as error:
            raise RuleError(f"{place}: {error}", error.column) from None

    def compiled(criterion: Criterion) -> CompiledCriterion:
        place = f"criterion {criterion.code}"
        stages = tuple(rule(text, place) for text in (*criterion.applies_when, criterion.rule))
        return CompiledCriterion(criterion, stages, _asked_of(stages, protocol), _reads(stages))

    def condition(text: str, question: Question) -> Condition:
        bound = rule(text, f"question {question.id}")
        return Condition(bound, _reads((bound,)))

    criteria = tuple(compiled(criterion) for criterion in protocol.criteria)
    ordered = sorted(protocol.questions, key=lambda question: _place(question, protocol))
    asked_when = {each.id: condition(each.asked_when, each) for each in ordered if each.asked_when}
    variant_when = {each.id: condition(each.variant_when, each) for each in ordered if each.variant_when}
    read = (name for each in (*asked_when.values(), *variant_when.values()) for name in each.reads)
    return CompiledTrial(
        protocol,
        analytes,
        criteria,
        {each.analyte: each.id for each in ordered if each.analyte and each.kind is not Kind.ULN},
        {question.id: tuple(each for each in criteria if question.id in each.questions) for question in ordered},
        {each.id: tuple(i for i, compiled in enumerate(criteria) if each.id in compiled.reads) for each in ordered},
        {each: frozenset(question.id for question in ordered if each in question.asked_of) for each in Respondent},
        asked_when,
        variant_when,
        frozenset((*asked_when, *read)),
    )


def _reads(stages: tuple[BoundRule, ...]) -> tuple[str, ...]:
    """The questions whose answers the rules look at."""
    names = (name for stage in stages for check in leaves(stage) for name in check.reads)
    return tuple(dict.fromkeys(names))


def _place(question: Question, protocol: TrialProtocol) -> int:
    """Where the question comes in the conversation; one that is never asked comes last."""
    return protocol.order.index(question.id) if question.id in protocol.order else len(protocol.order)


def _asked_of(stages: tuple[BoundRule, ...], protocol: TrialProtocol) -> frozenset[Respondent]:
    """Who is asked all that the rules rest on: for anyone else the site assesses."""
    asked = frozenset(Respondent)
    for stage in stages:
        for check in leaves(stage):
            asked &= frozenset(protocol.by_id[check.question].asked_of)
    return asked
