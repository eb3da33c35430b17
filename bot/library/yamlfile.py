"""YAML read strictly: every scalar is text, every value keeps its place in the file, and the traps of YAML are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from bot.library.issues import Fault, Issue, Mark

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 20

Place = tuple[str | int, ...]
"""The keys and positions that lead to a value."""

_TRAPS = (
    (re.compile(r"(?i:yes|no|on|off|y|n)"), "is true or false to YAML"),
    (re.compile(r"[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?"), "is a number to base 60 to YAML"),
    (re.compile(r"0[0-7]+"), "is an octal number to YAML"),
)
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Document:
    """A file's values, the place of each (of a mapping's keys as well), and what is wrong with the file as YAML.

    text_starts: for a text on one line, how far after its place its first character is (past a quotation mark).
    """

    file: str
    data: object = None
    marks: dict[Place, Mark] = field(default_factory=dict)
    keys: dict[Place, Mark] = field(default_factory=dict)
    text_starts: dict[Place, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def mark(self, place: Place) -> Mark:
        """Where the value stands, or the nearest one that holds it."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, Mark(1, 1))

    def text_mark(self, place: Place, column: int) -> Mark:
        """Where in the file the character `column` (from 0) of a text stands; of a folded text, where it begins."""
        mark, start = self.mark(place), self.text_starts.get(place)
        return mark if start is None else Mark(mark.line, mark.column + start + column)

    def issue(self, place: Place, fault: Fault, message: str) -> Issue:
        """An issue with the value at `place`."""
        return Issue(self.file, self.mark(place), fault, message)


def read(text: str, file: str) -> Document:
    """The document that `text` holds. What is wrong with it is in its `issues`; it never raises."""
    document = Document(file)
    if len(text) > MAX_CHARACTERS:
        document.issues.append(
            document.issue((), Fault.UNREADABLE, f"longer than {MAX_CHARACTERS} characters: shorten it")
        )
        return document
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        document.issues.append(_syntax_issue(error, file))
        return document
    if node is not None:
        document.data = _Reader(document).value(node, ())
    return document


def _syntax_issue(error: Exception, file: str) -> Issue:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    place = Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
    return Issue(file, place, Fault.UNREADABLE, f"not YAML ({problem}): check indents, quotes and brackets here")


class _Reader:
    """Turns the composed nodes of one document into plain values."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, place: Place) -> object:
        self._document.marks[place] = _mark(node)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place)
        if id(node) in self._seen or len(place) > MAX_DEPTH:
            self._report(place, Fault.ALIAS, "only single values may be aliased: write the list or the mapping out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        return dict(self._pairs(node, place))

    def _pairs(self, node: yaml.Node, place: Place) -> Iterator[tuple[str, object]]:
        first: dict[str, Mark] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            inner = (*place, key)
            mark = self._document.keys[inner] = _mark(key_node)
            if key in first:
                message = f"key `{key}` is given twice, first on line {first[key].line}: keep one"
                self._document.issues.append(Issue(self._document.file, mark, Fault.DUPLICATE_KEY, message))
                continue
            first[key] = mark
            yield key, self.value(value_node, inner)

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> str | None:
        if node.start_mark.line == node.end_mark.line:
            self._document.text_starts[place] = int(node.style in ("'", '"'))
        if node.style in ("'", '"', "|", ">"):
            return str(node.value)
        for trap, what in _TRAPS:
            if trap.fullmatch(node.value):
                self._report(place, Fault.YAML_TRAP, f'{node.value} {what}: write "{node.value}" in quotes')
        return None if node.value in _NULLS else str(node.value)

    def _report(self, place: Place, fault: Fault, message: str) -> None:
        self._document.issues.append(self._document.issue(place, fault, message))


def _mark(node: yaml.Node) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)
