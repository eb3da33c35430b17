"""Three-valued logic, by its whole truth table."""

from __future__ import annotations

from itertools import product

import pytest

from bot.criteria.truth import Truth, all_of, any_of

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE

AND = {(T, T): T, (T, U): U, (T, F): F, (U, T): U, (U, U): U, (U, F): F, (F, T): F, (F, U): F, (F, F): F}
OR = {(T, T): T, (T, U): T, (T, F): T, (U, T): T, (U, U): U, (U, F): U, (F, T): T, (F, U): U, (F, F): F}


@pytest.mark.parametrize("parts", AND)
def test_and_follows_kleenes_table(parts: tuple[Truth, Truth]) -> None:
    """One false part makes "and" false, whatever is unknown."""
    assert all_of(parts) is AND[parts]


@pytest.mark.parametrize("parts", OR)
def test_or_follows_kleenes_table(parts: tuple[Truth, Truth]) -> None:
    """One true part makes "or" true, whatever is unknown."""
    assert any_of(parts) is OR[parts]


def test_not_leaves_the_unknown_unknown() -> None:
    """The opposite of what is not known is not known."""
    assert [truth.negated() for truth in (T, U, F)] == [F, U, T]


@pytest.mark.parametrize("parts", list(product(Truth, Truth)))
def test_de_morgans_laws_hold(parts: tuple[Truth, Truth]) -> None:
    """Negation may be worked inwards, as the reader of rules does."""
    assert all_of(parts).negated() is any_of(part.negated() for part in parts)


def test_of_no_parts_and_is_true_and_or_is_false() -> None:
    """The neutral values of both."""
    assert (all_of(()), any_of(())) == (T, F)


@pytest.mark.parametrize("truth", Truth)
def test_a_truth_has_no_truth_value(truth: Truth) -> None:
    """`if truth:` would take the unknown for one side."""
    with pytest.raises(TypeError, match="compare a Truth"):
        bool(truth)


def test_neither_surely_nor_surely_not_is_unknown() -> None:
    """A statement is only decided where one side is sure."""
    made = [Truth.of(surely=a, surely_not=b) for a, b in ((True, False), (False, True), (False, False))]
    assert made == [T, F, U]
