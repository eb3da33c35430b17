"""The rule language of trial files, read into a tree.

It reads like the protocol: `creatinine <= 2.5 ULN`, `age > 6 months`, `last_dose older than 7 days`, `hiv is no`;
with `and`, `or`, `not`, brackets, and two modal words: `surely X` (an X that cannot be told counts as false) and
`possibly X` (it counts as true). `not` is worked inwards while reading, so a tree holds no negation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Generic, TypeAlias, TypeVar

import lark

GRAMMAR = r"""
    start: either
    ?either: both ("or" both)*
    ?both: term ("and" term)*
    ?term: "not" term -> negation
         | "surely" term -> surely
         | "possibly" term -> possibly
         | "(" either ")"
         | NAME "is" NAME -> choice
         | NAME RELATION NUMBER [UNIT] -> number
         | NAME "older" "than" NUMBER UNIT -> older
         | NAME "within" NUMBER UNIT -> within
    RELATION: "<=" | ">=" | "<" | ">"
    NUMBER: /[0-9]+(\.[0-9]+)?/
    NAME: /[a-z][a-z0-9_]*/
    UNIT: /([A-Za-z%\[\/µμ]|10[*^])[^\s()]*/
    %ignore /\s+/
"""
ULN = "ULN"


class Relation(StrEnum):
    """How an answer is compared with a limit or a choice."""

    IS = "is"
    IS_NOT = "is_not"
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    OLDER_THAN = "older_than"
    WITHIN = "within"

    @property
    def opposite(self) -> Relation:
        """The relation that holds exactly where this one does not."""
        return _OPPOSITES[self]


_PAIRS = (
    (Relation.IS, Relation.IS_NOT),
    (Relation.BELOW, Relation.AT_LEAST),
    (Relation.ABOVE, Relation.AT_MOST),
    (Relation.OLDER_THAN, Relation.WITHIN),
)
_OPPOSITES = {**dict(_PAIRS), **{second: first for first, second in _PAIRS}}


class RuleError(ValueError):
    """A rule that cannot be read, or that does not fit the trial; `column` (from 0) is the place in the rule."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison as written: a question's answer against a choice, or against a number with its unit."""

    question: str
    relation: Relation
    limit: Fraction | str
    unit: str | None = None
    column: int = field(default=0, compare=False)

    def negated(self) -> Comparison:
        """The comparison that holds exactly where this one does not."""
        return Comparison(self.question, self.relation.opposite, self.limit, self.unit, self.column)


Leaf = TypeVar("Leaf")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class AllOf(Generic[Leaf]):
    """Every part holds."""

    parts: tuple[Node[Leaf], ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[Leaf]):
    """At least one part holds."""

    parts: tuple[Node[Leaf], ...]


@dataclass(frozen=True, slots=True)
class Surely(Generic[Leaf]):
    """The part holds, and where that cannot be told it counts as false."""

    part: Node[Leaf]


@dataclass(frozen=True, slots=True)
class Possibly(Generic[Leaf]):
    """The part holds, and where that cannot be told it counts as true."""

    part: Node[Leaf]


Node: TypeAlias = AllOf[Leaf] | AnyOf[Leaf] | Surely[Leaf] | Possibly[Leaf] | Leaf
Rule: TypeAlias = Node[Comparison]


def parse(text: str) -> Rule:
    """The tree of a rule. Raises `RuleError` with the column where it cannot be read."""
    try:
        tree = _parser().parse(text)
    except lark.exceptions.UnexpectedInput as error:
        column = error.pos_in_stream or 0
        if isinstance(error, lark.exceptions.UnexpectedToken) and error.token.type == "$END":
            raise RuleError("the rule stops short", len(text)) from None
        raise RuleError(f"the rule cannot be read from `{text[column:]}` on", column) from None
    rule: Rule = _Reader().transform(tree)
    return rule


def leaves(node: Node[Leaf]) -> Iterator[Leaf]:
    """The leaves of a tree, from left to right."""
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Surely | Possibly):
        yield from leaves(node.part)
    else:
        yield node


def replaced(node: Node[Leaf], leaf: Callable[[Leaf], Node[Other]]) -> Node[Other]:
    """The same tree with each leaf replaced."""
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(replaced(part, leaf) for part in node.parts))  # type: ignore[arg-type,return-value]
    if isinstance(node, Surely | Possibly):
        return type(node)(replaced(node.part, leaf))  # type: ignore[arg-type,return-value]
    return leaf(node)


def negated(node: Rule) -> Rule:
    """The opposite of a rule, by De Morgan's laws: they hold in three-valued logic as well."""
    match node:
        case AllOf(parts):
            return AnyOf(tuple(map(negated, parts)))
        case AnyOf(parts):
            return AllOf(tuple(map(negated, parts)))
        case Surely(part):
            return Possibly(negated(part))
        case Possibly(part):
            return Surely(negated(part))
        case Comparison():
            return node.negated()


class _Reader(lark.Transformer[lark.Token, Rule]):
    """Builds the tree from lark's, bottom up."""

    def start(self, children: list[Rule]) -> Rule:
        return children[0]

    def either(self, children: list[Rule]) -> Rule:
        return AnyOf(tuple(children))

    def both(self, children: list[Rule]) -> Rule:
        return AllOf(tuple(children))

    def negation(self, children: list[Rule]) -> Rule:
        return negated(children[0])

    def surely(self, children: list[Rule]) -> Rule:
        return Surely(children[0])

    def possibly(self, children: list[Rule]) -> Rule:
        return Possibly(children[0])

    def choice(self, children: list[lark.Token]) -> Comparison:
        name, choice = children
        return Comparison(str(name), Relation.IS, str(choice), None, name.start_pos or 0)

    def number(self, children: list[lark.Token]) -> Comparison:
        name, relation, limit, unit = children
        return Comparison(str(name), Relation(relation), Fraction(limit), unit and str(unit), name.start_pos or 0)

    def older(self, children: list[lark.Token]) -> Comparison:
        name, limit, unit = children
        return Comparison(str(name), Relation.OLDER_THAN, Fraction(limit), str(unit), name.start_pos or 0)

    def within(self, children: list[lark.Token]) -> Comparison:
        return self.older(children).negated()


@cache
def _parser() -> lark.Lark:
    return lark.Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)
