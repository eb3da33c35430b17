"""The rule language, read into a tree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.criteria.rules import AllOf, AnyOf, Comparison, Possibly, Relation, RuleError, Surely, leaves, parse

A = Comparison("a", Relation.IS, "yes")
B = Comparison("b", Relation.ABOVE, Fraction(5), "g/L")
C = Comparison("c", Relation.OLDER_THAN, Fraction(7), "days")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a is yes", A),
        ("b > 5 g/L", B),
        ("c older than 7 days", C),
        ("c within 7 days", C.negated()),
        ("b <= 2.5 ULN", Comparison("b", Relation.AT_MOST, Fraction(5, 2), "ULN")),
        ("b < 100 10*9/L", Comparison("b", Relation.BELOW, Fraction(100), "10*9/L")),
        ("b >= 50 %", Comparison("b", Relation.AT_LEAST, Fraction(50), "%")),
        ("kps > 80", Comparison("kps", Relation.ABOVE, Fraction(80))),
        ("a is yes or b > 5 g/L and c older than 7 days", AnyOf((A, AllOf((B, C))))),
        ("(a is yes or b > 5 g/L) and c older than 7 days", AllOf((AnyOf((A, B)), C))),
        ("surely a is yes", Surely(A)),
        ("possibly (a is yes and b > 5 g/L)", Possibly(AllOf((A, B)))),
        ("order is yes", Comparison("order", Relation.IS, "yes")),
        ("notice is yes", Comparison("notice", Relation.IS, "yes")),
        ("  a\n is   yes ", A),
    ],
)
def test_a_rule_is_read_as_it_is_written(text: str, tree: object) -> None:
    """Units, multiples, brackets, the two modal words, and "and" before "or"."""
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("not not a is yes", "a is yes"),
        ("not b > 5 g/L", "b <= 5 g/L"),
        ("not b >= 5 g/L", "b < 5 g/L"),
        ("not c older than 7 days", "c within 7 days"),
        ("not (a is yes and b > 5 g/L)", "not a is yes or not b > 5 g/L"),
        ("not (a is yes or b > 5 g/L)", "not a is yes and not b > 5 g/L"),
        ("not surely b > 5 g/L", "possibly b <= 5 g/L"),
        ("not possibly b > 5 g/L", "surely b <= 5 g/L"),
    ],
)
def test_not_is_worked_inwards(text: str, same: str) -> None:
    """A negated rule is the rule of the negated comparisons."""
    assert parse(text) == parse(same)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 0),
        ("a is", 4),
        ("a is yes and", 12),
        ("a yes", 2),
        ("a is yes b", 9),
        ("b > x", 4),
        ("(a is yes", 9),
        ("é is yes", 0),
    ],
)
def test_a_rule_that_cannot_be_read_says_where(text: str, column: int) -> None:
    """The column is where reading stopped."""
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert caught.value.column == column


def test_comparisons_know_their_column() -> None:
    """So that a fault of one comparison of many can be shown in the file."""
    assert [each.column for each in leaves(parse("a is yes and (not b > 5 g/L or c within 2 weeks)"))] == [0, 18, 31]
