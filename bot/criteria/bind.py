"""A rule fitted to its trial: each comparison checked against the question that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from bot.criteria.calendar import MONTHS_A_YEAR
from bot.criteria.checks import AgeCheck, Check, ChoiceCheck, WashoutCheck
from bot.criteria.evaluate import BoundRule
from bot.criteria.measured import QuantityCheck
from bot.criteria.protocol import UNKNOWN, Analyte, Kind, Question, TrialProtocol
from bot.criteria.rules import ULN, Comparison, Relation, Rule, RuleError, replaced

ADULT_MONTHS = 18 * MONTHS_A_YEAR
MAX_AGE_MONTHS = 150 * MONTHS_A_YEAR
MAX_WASHOUT_DAYS = 36_500
_AGE_UNITS = {"month": 1, "months": 1, "year": MONTHS_A_YEAR, "years": MONTHS_A_YEAR}
_DAY_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_CHOSEN = (Relation.IS, Relation.IS_NOT)
_ELAPSED = (Relation.OLDER_THAN, Relation.WITHIN)


def bind(rule: Rule, protocol: TrialProtocol, analytes: Mapping[str, Analyte]) -> BoundRule:
    """The rule, ready to be judged. Raises `RuleError` for the first comparison that does not fit the trial."""
    return replaced(rule, Binder(protocol, analytes).bound)


def did_you_mean(word: str, known: list[str]) -> str:
    """A hint at the known word that looks most like `word`, or at all of a few."""
    close = get_close_matches(word, known, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"write one of {', '.join(f'`{name}`' for name in known)}"


@dataclass(frozen=True, slots=True)
class Binder:
    """Fits single comparisons to a trial's questions and the units of its analytes."""

    protocol: TrialProtocol
    analytes: Mapping[str, Analyte]

    def bound(self, comparison: Comparison) -> Check:
        """The comparison, ready to be judged. Raises `RuleError` where it does not fit its question."""
        question = self.protocol.by_id.get(comparison.question)
        if question is None:
            hint = did_you_mean(comparison.question, list(self.protocol.by_id))
            raise RuleError(f"there is no question `{comparison.question}`: {hint}", comparison.column)
        return self._binder(question)(question, comparison)

    def _binder(self, question: Question) -> Callable[[Question, Comparison], Check]:
        match question.kind:
            case Kind.CHOICE:
                return _choice
            case Kind.AGE:
                return _age
            case Kind.DATE:
                return _washout
            case Kind.QUANTITY | Kind.SCORE:
                return self._quantity
            case Kind.ULN:
                return _upper_limit

    def _quantity(self, question: Question, comparison: Comparison) -> Check:
        limit = _number(question, comparison, _CHOSEN + _ELAPSED)
        analyte = self.analytes.get(question.analyte or "")
        if analyte is None:
            hint = did_you_mean(question.analyte or "", list(self.analytes))
            raise RuleError(
                f"question `{question.id}` measures an analyte that is not known: {hint}", comparison.column
            )
        times = comparison.unit == ULN
        return QuantityCheck(
            question.id,
            comparison.relation,
            limit if times else limit * _factor(analyte, question, comparison),
            analyte.standard_unit,
            analyte=analyte,
            number=limit if times else limit * _factor(analyte, question, comparison),
            times_limit=times,
            uln_question=self._follow_up(question),
            adult=self._adult(),
        )

    def _follow_up(self, question: Question) -> str | None:
        follow_ups = (other.id for other in self.protocol.questions if other.follows == question.id)
        return next(follow_ups, None)

    def _adult(self) -> AgeCheck | None:
        ages = (question.id for question in self.protocol.questions if question.kind is Kind.AGE)
        name = next(ages, None)
        limit = Fraction(ADULT_MONTHS, MONTHS_A_YEAR)
        return None if name is None else AgeCheck(name, Relation.AT_LEAST, limit, "years", months=ADULT_MONTHS)


def _choice(question: Question, comparison: Comparison) -> Check:
    choices = [choice for choice in question.choices if choice != UNKNOWN]
    if comparison.relation not in _CHOSEN:
        raise RuleError(f"question `{question.id}` is a choice: compare it with `is`", comparison.column)
    if comparison.limit not in choices:
        hint = did_you_mean(str(comparison.limit), choices)
        raise RuleError(
            f"question `{question.id}` has no choice `{comparison.limit}` to rest on: {hint}", comparison.column
        )
    return ChoiceCheck(question.id, comparison.relation, comparison.limit, None)


def _age(question: Question, comparison: Comparison) -> Check:
    limit = _number(question, comparison, _CHOSEN + _ELAPSED)
    months = limit * _unit(question, comparison, _AGE_UNITS)
    if months.denominator != 1 or months > MAX_AGE_MONTHS:
        raise RuleError(f"the age for `{question.id}` is no number of whole months up to 150 years", comparison.column)
    return AgeCheck(question.id, comparison.relation, limit, comparison.unit, months=int(months))


def _washout(question: Question, comparison: Comparison) -> Check:
    if comparison.relation not in _ELAPSED or isinstance(comparison.limit, str):
        raise RuleError(
            f"question `{question.id}` is a date: write `older than 7 days` or `within 7 days`", comparison.column
        )
    days = comparison.limit * _unit(question, comparison, _DAY_UNITS)
    if days.denominator != 1 or days > MAX_WASHOUT_DAYS:
        raise RuleError(f"the time for `{question.id}` is no number of whole days up to 100 years", comparison.column)
    return WashoutCheck(question.id, comparison.relation, days, "days", days=int(days))


def _upper_limit(question: Question, comparison: Comparison) -> Check:
    raise RuleError(
        f"question `{question.id}` asks for an upper limit: compare `{question.follows}` with a number of {ULN}",
        comparison.column,
    )


def _number(question: Question, comparison: Comparison, excluded: tuple[Relation, ...]) -> Fraction:
    if comparison.relation in excluded or isinstance(comparison.limit, str):
        raise RuleError(f"question `{question.id}` is a number: compare it with <, <=, > or >=", comparison.column)
    return comparison.limit


def _unit(question: Question, comparison: Comparison, units: Mapping[str, int]) -> int:
    if comparison.unit is None or comparison.unit not in units:
        hint = did_you_mean(comparison.unit or "", list(units))
        raise RuleError(f"the unit for `{question.id}` is missing or not known: {hint}", comparison.column)
    return units[comparison.unit]


def _factor(analyte: Analyte, question: Question, comparison: Comparison) -> Fraction:
    """How much of the standard unit one of the comparison's unit is. A score needs no unit."""
    if comparison.unit is None and question.kind is Kind.SCORE:
        return Fraction(1)
    factors = {unit.code: unit.factor for unit in analyte.units}
    if comparison.unit not in factors:
        hint = did_you_mean(comparison.unit or "", list(factors))
        raise RuleError(
            f"`{analyte.code}` is not reported in `{comparison.unit or 'no unit'}`: {hint}", comparison.column
        )
    return factors[comparison.unit]
