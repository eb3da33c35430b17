"""Replies made for a comparison of a rule: at its limit, on both sides of it, and far from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from bot.criteria.calendar import MONTHS_A_YEAR, add_months
from bot.criteria.checks import AgeCheck, Check, ChoiceCheck, WashoutCheck
from bot.criteria.intervals import Interval
from bot.criteria.judgement import compared
from bot.criteria.measured import QuantityCheck
from bot.criteria.protocol import UNKNOWN, AcceptedUnit, Range
from bot.criteria.rules import Relation
from bot.criteria.truth import Truth

DECIMALS = 4
"""How near a value comes to a limit that it does not meet; four decimals are never taken for thousands."""

FAR_YEARS = 100
"""An age, and a time since a date, beyond any limit."""

_UNWRITTEN_UNITS = ("score", "fraction")
"""Units that a reply leaves out: the number alone stands for them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A reply made for a comparison, and whether the comparison holds for it. `far`: it is nowhere near the limit."""

    question: str
    reply: str
    holds: Truth
    far: bool = False


def samples(check: Check, choices: tuple[str, ...], today: dt.date) -> Iterator[Sample]:
    """Replies for the comparison; `choices` are those of its question, if it has any."""
    match check:
        case ChoiceCheck():
            yield from _choices(check, choices)
        case AgeCheck():
            yield from _ages(check, today)
        case WashoutCheck():
            yield from _dates(check, today)
        case QuantityCheck():
            yield from _multiples(check) if check.times_limit else _quantities(check)


def _choices(check: ChoiceCheck, choices: tuple[str, ...]) -> Iterator[Sample]:
    for choice in choices:
        same = (choice == check.limit) is (check.relation is Relation.IS)
        holds = Truth.UNKNOWN if choice == UNKNOWN else Truth.TRUE if same else Truth.FALSE
        yield Sample(check.question, choice, holds)


def _ages(check: AgeCheck, today: dt.date) -> Iterator[Sample]:
    """Dates of birth around the birthday, and ages in completed months or years around the limit."""
    birthday = add_months(today, -check.months)
    oldest = add_months(today, -FAR_YEARS * MONTHS_A_YEAR)
    for born in (birthday - dt.timedelta(days=1), birthday, birthday + dt.timedelta(days=1), today, oldest):
        if oldest <= born <= today:
            past = Fraction((today - add_months(born, check.months)).days)
            holds = compared(Interval.exactly(past), check.relation, Fraction(0))
            yield Sample(check.question, born.isoformat(), holds, far=born in (today, oldest))
    step = MONTHS_A_YEAR if check.months % MONTHS_A_YEAR == 0 and check.months > 2 * MONTHS_A_YEAR else 1
    for low in (check.months - step, check.months, check.months + step):
        if low >= 0:
            completed = Interval(Fraction(low), Fraction(low + step), high_open=True)
            reply = f"{low} months" if step == 1 else f"{low // MONTHS_A_YEAR} years"
            yield Sample(check.question, reply, compared(completed, check.relation, Fraction(check.months)))


def _dates(check: WashoutCheck, today: dt.date) -> Iterator[Sample]:
    relation = Relation.ABOVE if check.relation is Relation.OLDER_THAN else Relation.AT_MOST
    for days in (check.days - 1, check.days, check.days + 1, 0, FAR_YEARS):
        if days >= 0:
            holds = compared(Interval.exactly(days), relation, Fraction(check.days))
            far = abs(days - check.days) > 1
            yield Sample(check.question, (today - dt.timedelta(days=days)).isoformat(), holds, far=far)


def _quantities(check: QuantityCheck) -> Iterator[Sample]:
    """Values around the limit in each unit, and the ends of what is plausible."""
    for unit in check.analyte.units:
        limit = check.number / unit.factor
        near = _around(limit, check.analyte.step)
        for value in (*near, *(end / unit.factor for end in check.analyte.plausible)):
            if _written(value) is not None and _accepted(value, unit, check.analyte.plausible):
                sample = _sample(check, f"{_written(value)} {_sign(unit)}".rstrip(), value, limit)
                yield replace(sample, far=value not in near)


def _multiples(check: QuantityCheck) -> Iterator[Sample]:
    """Values around the multiple of a stated ULN in each unit, and multiples themselves where those are read."""
    highest = (check.analyte.credible_uln or check.analyte.plausible)[1]
    for unit in check.analyte.units:
        uln = Fraction(floor(highest / unit.factor * 100), 100)
        limit = check.number * uln
        for value in _around(limit, check.analyte.step):
            if uln and _written(value) is not None and _accepted(value, unit, check.analyte.plausible):
                reply = f"{_written(value)} {_sign(unit)} (ULN {_written(uln)} {_sign(unit)})"
                yield _sample(check, reply, value, limit)
    if check.analyte.multiples:
        for value in _around(check.number, None):
            yield _sample(check, f"{_written(value)} x ULN", value, check.number)


def _sample(check: QuantityCheck, reply: str, value: Fraction, limit: Fraction) -> Sample:
    return Sample(check.question, reply, compared(Interval.exactly(value), check.relation, limit))


def _around(limit: Fraction, step: int | None) -> tuple[Fraction, ...]:
    """The nearest values below and above the limit that can be written, and the limit itself."""
    grid = Fraction(step) if step else Fraction(1, 10**DECIMALS)
    below, above = (ceil(limit / grid) - 1) * grid, (floor(limit / grid) + 1) * grid
    return below, limit, above


def _written(value: Fraction) -> str | None:
    """The value in decimals; None where it has too many."""
    scaled = value * 10**DECIMALS
    if scaled.denominator != 1:
        return None
    text = f"{scaled.numerator // 10**DECIMALS}.{scaled.numerator % 10**DECIMALS:0{DECIMALS}d}"
    return text.rstrip("0").rstrip(".")


def _sign(unit: AcceptedUnit) -> str:
    return "" if unit.code in _UNWRITTEN_UNITS else unit.code


def _accepted(value: Fraction, unit: AcceptedUnit, plausible: Range) -> bool:
    """Whether a reply with this value is read in this unit."""
    low, high = unit.only or (end / unit.factor for end in plausible)
    return low <= value <= high
