"""How an interval compares with a limit."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from bot.criteria.intervals import Interval
from bot.criteria.judgement import compared, compared_roughly
from bot.criteria.rules import Relation
from bot.criteria.truth import Truth

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
TEN = Fraction(10)
MEANING = {
    Relation.ABOVE: lambda x: x > TEN,
    Relation.AT_LEAST: lambda x: x >= TEN,
    Relation.BELOW: lambda x: x < TEN,
    Relation.AT_MOST: lambda x: x <= TEN,
}
BOUNDS = (None, Fraction(8), Fraction(9), TEN, Fraction(11), Fraction(12))
POINTS = [Fraction(n, 4) for n in range(-40, 120)]


def _holds(point: Fraction, interval: Interval) -> bool:
    above = interval.low is None or point > interval.low or (point == interval.low and not interval.low_open)
    below = interval.high is None or point < interval.high or (point == interval.high and not interval.high_open)
    return above and below


@pytest.mark.parametrize("relation", MEANING)
@pytest.mark.parametrize(
    ("low", "high"), [(a, b) for a, b in product(BOUNDS, BOUNDS) if a is None or b is None or a < b]
)
@pytest.mark.parametrize("opened", list(product((False, True), repeat=2)))
def test_an_interval_compares_as_its_points_do(
    relation: Relation, low: Fraction | None, high: Fraction | None, opened: tuple[bool, bool]
) -> None:
    """All points satisfy: true; none: false; some: unknown. Tried point by point, for open and closed bounds."""
    interval = Interval(low, high, *opened)
    outcomes = {MEANING[relation](point) for point in POINTS if _holds(point, interval)}
    expected = {(True,): T, (False,): F, (False, True): U}[tuple(sorted(outcomes))]
    assert compared(interval, relation, TEN) is expected


@pytest.mark.parametrize(
    ("value", "found"),
    [("9.79", F), ("9.8", U), ("10", U), ("10.2", U), ("10.21", T)],
)
def test_an_approximate_value_decides_nothing_within_two_percent(value: str, found: Truth) -> None:
    """The margin's ends are in it."""
    assert compared_roughly(Interval.exactly(Fraction(value)), Relation.ABOVE, TEN, approximate=True) is found
    assert compared_roughly(Interval.exactly(Fraction(value)), Relation.ABOVE, TEN, approximate=False) is not U
