"""Dividing a reply by the analytes that it names: lines, cells and names make the rows of a slip."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import LINE, WORD
from bot.criteria.replies.parts import Part

_ROW_ENDS = frozenset(";")
_CHUNK_ENDS = frozenset((",", "|"))
_INDEX_SIGNS = frozenset((".", ")", ",", "]", ":"))
_OPENERS = frozenset("([{<|-*")
_CONTINUES = (Sense.UNIT, Sense.CUT_UNIT, Sense.FLAG, Sense.REFERENCE, Sense.EARLIER, Sense.COMPARATOR, Sense.ABSENT)
MAX_INDEX = 3  # digits of a row's number in its list
ROW_NUMBERS = 4  # of a row with its number: that, the value, and the two ends of the range


@dataclass(slots=True)
class Section:
    """The parts that belong to one name. `codes`: the analytes that the name can mean; none where no name stands.

    `mixed`: names of several analytes stand together, so that a number beside them is nobody's.
    """

    parts: list[Part]
    codes: tuple[str, ...] = ()
    name: str = ""
    mixed: bool = False
    other: bool = False  # a word beside the name makes it another analyte

    def means(self, code: str) -> bool:
        """Whether it is about the analyte `code` beyond doubt, once that is asked for."""
        return not (self.mixed or self.other) and code in self.codes

    def only(self, known: Collection[str]) -> str | None:
        """The analyte that it is about, if that is one of `known` and its name means nothing else."""
        if self.mixed or self.other or len(self.codes) != 1:
            return None
        return self.codes[0] if self.codes[0] in known else None


@dataclass(slots=True)
class _Names:
    """A group of names side by side: parts `start` to `end` of a line."""

    start: int
    end: int
    codes: tuple[str, ...] = ()
    mixed: bool = False
    other: bool = False
    words: list[str] = field(default_factory=list)


def divide(parts: Sequence[Part]) -> list[Section]:
    """The reply in sections, in order; one without a name where none is named."""
    lines = _without_indexes(list(_lines(parts)))
    sections: list[Section] = []
    for line in lines:
        groups = list(_groups(line))
        if groups:
            sections += _divided(line, groups)
        elif sections and _continues(line):
            sections[-1].parts += line
        elif line:
            sections.append(Section(list(line)))
    return sections


def _lines(parts: Sequence[Part]) -> Iterator[list[Part]]:
    line: list[Part] = []
    for part in parts:
        if part.kind == LINE or part.text in _ROW_ENDS:
            yield line
            line = []
        else:
            line.append(part)
    yield line


def _groups(line: Sequence[Part]) -> Iterator[_Names]:
    """Names with no number between them; a comma parts two of different analytes."""
    group: _Names | None = None
    for place, part in enumerate(line):
        named = part.means(Sense.NAME) or part.means(Sense.QUALIFIER)
        if group and (part.number or (named and _parts_names(line, group, place))):
            yield group
            group = None
        if named:
            group = group or _Names(place, place)
            _join(group, part)
            group.other |= _divides(line, place)
            group.end = place + 1
    if group:
        yield group


def _divides(line: Sequence[Part], place: int) -> bool:
    """Whether the name at `place` is what something unknown is divided by: `prot/creat`."""
    if place < 2 or line[place - 1].text != "/" or line[place - 1].apart:
        return False
    return line[place - 2].kind == WORD and not line[place - 2].senses


def _parts_names(line: Sequence[Part], group: _Names, place: int) -> bool:
    part = line[place]
    if part.means(Sense.QUALIFIER) and not part.means(Sense.NAME):
        return False
    same = not group.codes or not set(group.codes).isdisjoint(part.senses.get(Sense.NAME, ()))
    return not same and any(between.text in _CHUNK_ENDS for between in line[group.end : place])


def _join(group: _Names, part: Part) -> None:
    group.words.append(part.text)
    if part.means(Sense.QUALIFIER):
        group.other = True
    codes = part.senses.get(Sense.NAME)
    if codes is None:
        return
    shared = tuple(code for code in codes if code in group.codes) if group.codes else codes
    group.mixed = group.mixed or not shared
    group.codes = shared or (*group.codes, *codes)


def _divided(line: list[Part], groups: list[_Names]) -> list[Section]:
    """A line with names. What stands before its first name belongs to it."""
    if len(groups) == 1:
        return [_section(line, groups[0])]
    chunks = _chunks(line, groups)
    if chunks:
        return chunks
    starts = [0, *(group.start for group in groups[1:]), len(line)]
    return [_section(line[start:end], group) for group, start, end in zip(groups, starts, starts[1:], strict=False)]


def _chunks(line: list[Part], groups: list[_Names]) -> list[Section]:
    """The line cut at commas and cells, if every piece with a number then has exactly one name, and stands by itself."""
    cuts = [0, *(place + 1 for place, part in enumerate(line) if part.text in _CHUNK_ENDS), len(line)]
    sections: list[Section] = []
    for start, end in pairwise(cuts):
        inside = [group for group in groups if start <= group.start < end]
        if len(inside) > 1:
            return []
        if inside:
            sections.append(_section(line[start:end], inside[0]))
        elif sections:
            sections[-1].parts += line[start:end]
        elif any(part.number for part in line[start:end]):
            return []
    return sections


def _section(parts: list[Part], group: _Names) -> Section:
    return Section(list(parts), group.codes, " ".join(group.words), group.mixed, group.other)


def _continues(line: Sequence[Part]) -> bool:
    """Whether a line without a name goes on with the row before: it begins as no name would, or speaks of an earlier value."""
    first = next((part for part in line if part.text not in _OPENERS), None)
    if first is None:
        return False
    begins = first.number is not None or any(first.means(sense) for sense in _CONTINUES)
    return begins or any(part.means(Sense.EARLIER) for part in line)


def _without_indexes(lines: list[list[Part]]) -> list[list[Part]]:
    """The lines without the numbers that count them (`1. Hb 92`): a sign follows them, or they go up one by one."""
    indexes = [_index(line) for line in lines]
    found = [index for index in indexes if index is not None]
    counted = len(found) > 1 and all(after == before + 1 for before, after in pairwise(found))
    return [
        _after_index(line) if index is not None and (counted or _signed(line) or _is_slip_row(line)) else line
        for line, index in zip(lines, indexes, strict=True)
    ]


def _index(line: Sequence[Part]) -> int | None:
    """The number that a line begins with, where a name follows it and a number that name."""
    start = _first_number(line)
    if start is None:
        return None
    after = [part for part in line[start + 1 :] if part.text not in _INDEX_SIGNS]
    named = bool(after) and (after[0].means(Sense.NAME) or after[0].means(Sense.QUALIFIER))
    number = line[start].number
    return number.whole if number and named and any(part.number for part in after) else None


def _first_number(line: Sequence[Part]) -> int | None:
    for place, part in enumerate(line[:2]):
        if part.number and not part.number.spelled and part.number.whole is not None and len(part.text) <= MAX_INDEX:
            return place
        if part.text not in _OPENERS:
            return None
    return None


def _signed(line: Sequence[Part]) -> bool:
    start = _first_number(line)
    return (
        start is not None and len(line) > start + 1 and line[start + 1].text in (".", ")") and not line[start + 1].apart
    )


def _is_slip_row(line: Sequence[Part]) -> bool:
    """Whether a line holds a unit, and three numbers beside the one that it begins with: a value and its range."""
    united = any(part.means(Sense.UNIT) for part in line)
    return united and sum(part.number is not None for part in line) >= ROW_NUMBERS


def _after_index(line: list[Part]) -> list[Part]:
    start = (_first_number(line) or 0) + 1
    while start < len(line) and line[start].text in _INDEX_SIGNS:
        start += 1
    return line[start:]
