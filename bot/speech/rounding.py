"""How many digits of a number are told: so many that it is still on the side of each limit on which it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from bot.criteria.compiled import CompiledTrial
from bot.criteria.measured import QuantityCheck
from bot.criteria.rules import leaves

FEW = 4
"""Significant digits of a rounded number, as many as anybody reads."""
MOST = 24
"""Significant digits beyond which nobody tells a number from its limit."""
ALWAYS = -1
"""Decimals that are shown as they are, for a number that is rounded however few it has."""
USUAL, TYPED = 6, 20
"""Decimals that are shown as they are: of what was reckoned, and of what a person wrote."""
STATED = 3
"""Significant digits of an upper limit of normal as laboratories state them."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` the number `of`. None is an upper limit of normal that nobody has stated yet."""

    of: Fraction | None
    times: Fraction = Fraction(1)


def _as_it_is(value: Fraction, decimals: int) -> bool:
    """Whether a number has no more than so many decimals."""
    return decimals >= 0 and 10**decimals % value.denominator == 0


def rounded(value: Fraction, digits: int, decimals: int = USUAL) -> Decimal:
    """A number to that many significant digits, or as it is where it has no more than so many decimals."""
    if _as_it_is(value, decimals):
        exact: int = 10**decimals
        return Decimal(value.numerator * (exact // value.denominator)) / exact
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


def rounded_beside(value: Fraction, digits: int, limits: tuple[Limit, ...], decimals: int = USUAL) -> Decimal:
    """A number that is told with the limits it is compared with, which are rounded too: on a limit, it is told as on it."""
    for limit in limits:
        if limit.of is not None and value == limit.times * limit.of:
            told = limit.times * Fraction(rounded(limit.of, digits, decimals))
            return rounded(told, MOST, TYPED)
    return rounded(value, digits, decimals)


def digits_beside(values: tuple[Fraction, ...], limits: tuple[Limit, ...], decimals: int = USUAL) -> int:
    """How many digits of values and limits are told beside each other, so that both compare as they do unrounded."""
    if all(_as_it_is(each, decimals) for each in (*values, *(limit.of for limit in limits if limit.of is not None))):
        return FEW  # nothing is rounded
    for digits in range(FEW, MOST):
        if all(_agrees(value, limits, limit, digits, decimals) for value in values for limit in limits):
            return digits
    return MOST


def _agrees(value: Fraction, limits: tuple[Limit, ...], limit: Limit, digits: int, decimals: int) -> bool:
    if limit.of is None:
        return True
    told = Fraction(rounded_beside(value, digits, limits, decimals))
    shown = limit.times * Fraction(rounded(limit.of, digits, decimals))
    near = abs(told - value) * 10**FEW <= abs(value)
    return near and _side(told, shown) == _side(value, limit.times * limit.of)


def digits_of(limit: Fraction, times: tuple[Fraction, ...], values: tuple[Fraction, ...], decimals: int) -> int:
    """How many digits of a limit are told beside values that are told as they are, so that its multiples are not crossed."""
    pairs = [(factor, value) for factor in times for value in values if value != factor * limit]
    for digits in range(FEW, MOST):
        told = Fraction(rounded(limit, digits, decimals))
        if all(_side(value, factor * told) == _side(value, factor * limit) for factor, value in pairs):
            return digits
    return MOST


def roughly(value: Fraction, limits: tuple[Limit, ...] = ()) -> Fraction:
    """A number to four significant digits, or to as many as keep it from a limit that it is not on, and from crossing one.

    Where the upper limit of normal is not known, that is any limit as a laboratory would state it.
    """
    for digits in range(FEW, MOST):
        told = Fraction(rounded(value, digits, ALWAYS))
        if told == value or not any(_misleads(told, value, limit) for limit in limits):
            return told
    return value


def _misleads(told: Fraction, value: Fraction, limit: Limit) -> bool:
    if limit.of is not None:
        exact = limit.times * limit.of
        return value != exact and _side(told, exact) != _side(value, exact)
    stated = told / limit.times
    return Fraction(rounded(stated, STATED, ALWAYS)) == stated


def roughly_apart(value: Fraction, marks: tuple[Fraction, ...], decimals: int) -> Fraction:
    """A number to that many decimals, or to as many as keep it on its side of each mark."""
    for more in range(decimals, MOST):
        told = round(value, more)
        if all(_side(told, mark) == _side(value, mark) for mark in marks):
            return told
    return value


def _side(value: Fraction, limit: Fraction) -> int:
    return (value > limit) - (value < limit)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a trial compares the answer to a question with: numbers in its analyte's standard unit, and multiples of the upper
    limit of normal, which `uln_question` asks for.
    """

    numbers: tuple[Fraction, ...] = ()
    multiples: tuple[Fraction, ...] = ()
    uln_question: str | None = None

    def limits(self, uln: Fraction | None) -> tuple[Limit, ...]:
        """The limits, as far as they are known."""
        fixed = tuple(Limit(number) for number in self.numbers)
        known = () if uln is None else tuple(Limit(uln, times) for times in self.multiples)
        return fixed + known + tuple(Limit(None, times) for times in self.multiples)


def compared(trial: CompiledTrial, question: str) -> Compared:
    """What a trial compares the answer to a question with."""
    checks = [
        check
        for compiled in trial.feeds.get(question, ())
        for stage in compiled.stages
        for check in leaves(stage)
        if isinstance(check, QuantityCheck) and check.question == question
    ]
    numbers = tuple(dict.fromkeys(check.number for check in checks if not check.times_limit))
    multiples = tuple(dict.fromkeys(check.number for check in checks if check.times_limit))
    return Compared(numbers, multiples, next((check.uln_question for check in checks), None))
