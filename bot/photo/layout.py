"""From pieces of print to the rows of a table: what stands on one line, and which part of a row each piece is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import pairwise

from bot.photo.headings import ASIDE, Heading, Role, headings_at, tables_of
from bot.photo.printed import Printed, fused, words

SAME_ROW = 0.5  # heights between the levels of pieces of one row
SPREAD = 0.4  # heights between the levels of one row, at most
CLEAR = 0.6  # heights to the levels of the next row, at least
ASTRAY = 0.4  # of the way from one column of numbers to the next
FAR = 3.0  # heights from the heading of the results to a number that may be none
NEAR = 2.0  # heights between the ends of one range
_NUMBER = r"\d+(?:[.,]\d+)?"
_FLAG = r"(?:[↑↓⬆⬇*★▲▼]+|H{1,2}|L{1,2}|偏?[高低])"
_DASH = r"(?:[-–—~～〜∼‐‑−一=]{1,3}|a|al|to|至|到)"
_UNIT = (
    r"(?:(?:[μu]?mol|mmol|nmol|pmol|mg|μg|ug|ng|pg|g|m?IU|[μu]IU|m?U|[μu]kat|nkat|[fFm]?L|mEq|个|cells)"
    r"(?:/(?:d?L|m[lL]|[μu][lL]|l|1|h|kg|24h|mol|HP))|m?gm?%|%|fL|pg|sec|s|秒|mm/h|[×x*]?10[\^*]?\d{1,2}/?[μu]?L|[A-Za-zμ^0-9]{1,8}/[A-Za-zμ0-9.^²³]{1,8})"
)
_KINDS = {
    "value": re.compile(rf"[<>≤≥]?=?{_NUMBER}"),
    "range": re.compile(rf"[(\[]?(?:{_NUMBER}{_DASH}{_NUMBER}|[<>≤≥]=?{_NUMBER})[)\]]?"),
    "flag": re.compile(_FLAG),
    "unit": re.compile(_UNIT, re.IGNORECASE),
}
_SEVERAL = re.compile(
    rf"(?P<before>{_FLAG})?(?P<value>[<>≤≥]?{_NUMBER})(?P<after>{_FLAG}|\({_FLAG}\)|\([-+]\))?(?P<unit>{_UNIT})?(?P<range>[(\[]?{_NUMBER}{_DASH}{_NUMBER}[)\]]?)?"
)
_UNIT_RANGE = re.compile(rf"(?P<unit>{_UNIT})(?P<range>[(\[]?(?:{_NUMBER}{_DASH}{_NUMBER}|[<>≤≥]{_NUMBER})[)\]]?)")
_CUTS = re.compile(r"(?<=[^\d][:：])(?=[<>≤≥]?\d)|(?<=[A-Za-z%])(?=\((?:参考|正常|ref))", re.IGNORECASE)
_UP_TO = re.compile(rf"(?:up\s?to|hasta)(?P<limit>{_NUMBER})?", re.IGNORECASE)
MARK = "*"
_MARK_LIKE = frozenset(
    "※★•△▽∆∇木本米未末来朱求永冰水半家实工个山上十小"
)  # as which a lone star, `H` or arrow is read: a mark, of no side
MARK_LETTERS = frozenset(
    "AVΛ∧∨√"
)  # as which a lone triangle is read, or `A` for abnormal: a mark where it follows a value
_UNMARKED = frozenset(("n", "normal", "norm", "正常"))  # what some laboratories print where others print no mark
_MARK_WORDS = {
    **dict.fromkeys(("high", "alto", "alta", "elevado", "elevada"), "H"),
    **dict.fromkeys(("low", "bajo", "baja", "disminuido", "disminuida"), "L"),
    **dict.fromkeys(("abnormal", "anormal", "异常", "(+)", "(-)", "(*)"), MARK),
    **{f"({mark})".lower(): mark for mark in "HL↑↓高低"},
}
_INDEX = re.compile(r"[*#]?\d{1,3}[.、)]?")


class Kind(Enum):
    """What a word can be by its looks."""

    NUMBER = auto()
    BOUND = auto()  # `<5`: a value, or a range
    RANGE = auto()
    FLAG = auto()
    UNIT = auto()
    WORD = auto()


@dataclass(slots=True)
class Record:
    """One result: the pieces that make it. `others`: what stands in it and is none of them.

    `earlier`: numbers under the heading of another column. `astray`: a number that stands between two columns.
    `severed`: a unit or a range that it lacks stands on its line without a name, in what is taken for another table.
    `paired`: the ends of its range stand in two columns.
    `slack`: how far its pieces are off one line, or how near those of the next one come, in heights: 1 is too far.
    """

    name: list[Printed] = field(default_factory=list)
    value: list[Printed] = field(default_factory=list)
    unit: list[Printed] = field(default_factory=list)
    range: list[Printed] = field(default_factory=list)
    flag: list[Printed] = field(default_factory=list)
    others: list[Printed] = field(default_factory=list)
    earlier: list[Printed] = field(default_factory=list)
    astray: bool = False
    severed: bool = False
    paired: bool = False
    slack: float = 0.0

    @property
    def pieces(self) -> list[Printed]:
        """All that belongs to the result."""
        return [*self.name, *self.value, *self.unit, *self.range, *self.flag]


def lines_of(pieces: list[Printed]) -> list[list[Printed]]:
    """The pieces by the line on which they stand, top to bottom, each line left to right."""
    lines: list[list[Printed]] = []
    for piece in sorted(pieces, key=lambda each: each.level):
        if lines and _same_line(lines[-1], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda each: each.left) for line in lines]


def _same_line(line: list[Printed], piece: Printed) -> bool:
    level = sum(each.level for each in line) / len(line)
    high = sorted(each.height for each in [*line, piece])[len(line) // 2]
    return abs(piece.level - level) < SAME_ROW * high


def records_of(lines: list[list[Printed]]) -> list[Record]:
    """The results on the page."""
    found: list[Record] = []
    headings: list[Heading] = []
    place = 0
    while place < len(lines):
        here, size = headings_at(lines, place)
        line = lines[place]
        place += size
        if here:
            headings = here
            continue
        here_found = _in_line(line, headings)
        for record in here_found:
            record.slack = _slack(record, line, lines)
        found += here_found
    return found


def _in_line(line: list[Printed], headings: list[Heading]) -> list[Record]:
    """The results on one line, from its last table to its first one, put back in order."""
    found: list[Record] = []
    nameless: set[Kind] = set()
    for words_, heads in reversed(_by_table(_apart(line), headings)):
        records = [record for record in _split(words_, heads) if record.name and record.value]
        for record in records:
            lacks = {kind for kind, part in ((Kind.UNIT, record.unit), (Kind.RANGE, record.range)) if not part}
            record.severed = bool(lacks & nameless)
        if not any(kind_of(record.name[0].text) is Kind.WORD for record in records):
            nameless |= {kind for kind, _ in words_}
        found[:0] = records
    return found


def _by_table(
    line: list[tuple[Kind, Printed]], headings: list[Heading]
) -> list[tuple[list[tuple[Kind, Printed]], list[Heading]]]:
    """The words of a line by the table in which they stand, with its headings: tables side by side share lines."""
    tables = tables_of(headings)
    edges = [table[0].left for table in tables[1:]]
    parts: list[list[tuple[Kind, Printed]]] = [[] for _ in tables]
    for kind, word in line:
        parts[sum(word.left > edge - word.height for edge in edges)].append((kind, word))
    return list(zip(parts, tables, strict=True))


def _slack(record: Record, line: list[Printed], lines: list[list[Printed]]) -> float:
    """How little the record is told apart from the lines above and below: 1 and more is too little."""
    levels = [piece.level for piece in record.pieces]
    middle, high = sum(levels) / len(levels), sum(piece.height for piece in record.pieces) / len(levels)
    others = (abs(piece.level - middle) for each in lines if each is not line for piece in each)
    spread = (max(levels) - min(levels)) / high
    return max(spread / SPREAD, CLEAR / max(min(others, default=high * 9) / high, 1e-6))


def _apart(line: list[Printed]) -> list[tuple[Kind, Printed]]:
    """The words of a line, each with what it looks like; words that hold several things are cut."""
    found: list[tuple[Kind, Printed]] = []
    apart = [part for piece in line for word in words(piece) for part in _cut(word)]
    for whole in _ranges_whole(apart):
        found += _typed(whole)
    return _bounds_told(found)


def _cut(word: Printed) -> list[Printed]:
    """A word where it stands without blanks, cut before what follows a colon, and before a bracket: `肌酐:88`, `U/L(参考:7`."""
    places = [0, *(found.start() for found in _CUTS.finditer(word.text)), len(word.text)]
    return [word.part(start, end) for start, end in pairwise(places)] if len(places) > 2 else [word]


def _bounds_told(line: list[tuple[Kind, Printed]]) -> list[tuple[Kind, Printed]]:
    """The words, where a limit that is told in words (`Up to 40`, `hasta 1,2`) is one, and no result."""
    found: list[tuple[Kind, Printed]] = []
    for kind, word in line:
        said = _UP_TO.fullmatch(word.text)
        before = "".join(each.text for _, each in found[-2:])
        if said and said["limit"]:
            found.append((Kind.RANGE, word.called(f"≤{said['limit']}")))
        elif kind is Kind.NUMBER and _UP_TO.fullmatch(before):
            del found[-2:]
            found.append((Kind.RANGE, replace(word.called(f"≤{word.text}"), whole=word.whole or word)))
        elif kind is Kind.NUMBER and found and _UP_TO.fullmatch(found[-1][1].text):
            found[-1] = (Kind.RANGE, replace(word.called(f"≤{word.text}"), whole=word.whole or word))
        else:
            found.append((kind, word))
    return found


def _ranges_whole(line: list[Printed]) -> list[Printed]:
    """The words, where the ends of a range printed with blanks (`12,0 a 16,0`) are one word."""
    found: list[Printed] = []
    place = 0
    while place < len(line):
        size = next((size for size in (3, 2) if _is_range(line[place : place + size], size)), 1)
        found.append(fused(line[place : place + size]))
        place += size
    return found


def _is_range(pieces: list[Printed], size: int) -> bool:
    if len(pieces) < size or any(_KINDS["range"].fullmatch(piece.text) for piece in pieces):
        return False  # what stands beside a whole range is no part of it
    if not _KINDS["range"].fullmatch("".join(piece.text for piece in pieces)):
        return False
    return all(after.left - before.right < NEAR * before.height for before, after in pairwise(pieces))


def _typed(word: Printed) -> list[tuple[Kind, Printed]]:
    kind = Kind.FLAG if mark_in(word.text) else kind_of(word.text)
    if kind is not Kind.WORD:
        return [(kind, word)]
    several = _SEVERAL.fullmatch(word.text) or _UNIT_RANGE.fullmatch(word.text)
    if several is None:
        return [(Kind.WORD, word)]
    groups = several.re.groupindex
    spans = sorted(several.span(name) for name in groups if several.start(name) >= 0 and several[name])
    parts = [word.part(start, end) for start, end in spans]
    return [(Kind.FLAG if mark_in(part.text) else kind_of(part.text), part) for part in parts]


def mark_in(text: str) -> str | None:
    """The mark that a lone word is; `*` for one of which only that it is a mark can be told."""
    if text in _MARK_LIKE:
        return MARK
    if text.lower() in _MARK_WORDS:
        return _MARK_WORDS[text.lower()]
    return text if _KINDS["flag"].fullmatch(text) else None


def kind_of(text: str) -> Kind:
    """What a word looks like."""
    if _KINDS["value"].fullmatch(text):
        return Kind.BOUND if text[0] in "<>≤≥" else Kind.NUMBER
    for name, kind in (("range", Kind.RANGE), ("flag", Kind.FLAG), ("unit", Kind.UNIT)):
        if _KINDS[name].fullmatch(text):
            return kind
    return Kind.WORD


def _split(line: list[tuple[Kind, Printed]], headings: list[Heading]) -> list[Record]:
    """The results on one line: side by side where another name with a number follows."""
    records = [Record()]
    for place, (kind, word) in enumerate(line):
        record = records[-1]
        rest = line[place + 1 :]
        if record.value and _begins(record, kind, word, rest):
            records.append(Record())
            record = records[-1]
        _put(record, kind, word, rest, headings)
    return records


def _begins(record: Record, kind: Kind, word: Printed, rest: list[tuple[Kind, Printed]]) -> bool:
    """Whether another result begins: a name with a number after it, or its index."""
    numbered = any(each in (Kind.NUMBER, Kind.BOUND) for each, _ in rest)
    if kind is Kind.UNIT:
        return bool(record.unit) and bool(rest) and rest[0][0] is Kind.NUMBER  # `AST/ALT 1.2`
    if kind is Kind.WORD:
        return numbered and not _INDEX.fullmatch(word.text) and word.text.lower() not in _UNMARKED
    indexed = kind is Kind.NUMBER and bool(_INDEX.fullmatch(word.text)) and bool(rest) and rest[0][0] is Kind.WORD
    return indexed and any(each in (Kind.NUMBER, Kind.BOUND) for each, _ in rest[1:])


def _put(record: Record, kind: Kind, word: Printed, rest: list[tuple[Kind, Printed]], headings: list[Heading]) -> None:
    """Put a word where it belongs in the result."""
    if not record.name:
        index = _INDEX.fullmatch(word.text) and bool(rest)
        if kind is Kind.WORD and not index:
            record.name.append(word)
        elif kind in (Kind.FLAG, Kind.UNIT) and rest:
            record.name.append(word)  # `H` is no flag where nothing stands before it
        return
    match kind:
        case Kind.NUMBER | Kind.BOUND:
            _put_number(record, kind, word, headings)
        case Kind.RANGE:
            record.range.append(word)
        case Kind.UNIT:
            record.unit.append(word)
        case Kind.FLAG:
            record.flag.append(word.called(mark_in(word.text) or word.text))
        case Kind.WORD if record.value and not record.flag and word.text in MARK_LETTERS:
            record.flag.append(word.called(MARK))
        case Kind.WORD:
            (record.others if record.value else record.name).append(word)


def _put_number(record: Record, kind: Kind, word: Printed, headings: list[Heading]) -> None:
    role = _role_at(record, word, headings)
    results = sum(each.role is Role.VALUE for each in headings)
    if role is Role.RANGE and (kind is Kind.BOUND or record.value):
        record.range.append(word)
    elif role is Role.LIMIT and record.value and kind is Kind.NUMBER:
        _put_limit(record, word)
    elif role in ASIDE or (role is Role.DATED and results):
        record.earlier.append(word)
    elif record.value and kind is Kind.BOUND and not record.range:
        record.range.append(word)
    else:
        record.astray |= bool(headings) and results != 1  # none is said to be the result, or one of several is
        record.astray |= role in (Role.UNIT, Role.RANGE, Role.LIMIT) and _far(word, headings)
        record.value.append(word)


def _put_limit(record: Record, word: Printed) -> None:
    """Put a number that stands in a column of limits: with the one before it, it makes the range."""
    if len(record.range) == 1 and not record.paired and kind_of(record.range[0].text) is Kind.NUMBER:
        low = record.range[0]
        record.range = [replace(low.called(f"{low.text}-"), whole=low.whole or low), word]
        record.paired = True
    else:
        record.range.append(word)


def _far(word: Printed, headings: list[Heading]) -> bool:
    """Whether a number stands under no heading of results, where there is one."""
    apart = [each.distance(word.left, word.right) for each in headings if each.role is Role.VALUE]
    return bool(apart) and min(apart) > FAR * word.height


def _role_at(record: Record, word: Printed, headings: list[Heading]) -> Role | None:
    """The heading nearest above. Where the columns hold numbers of their own, one that stands between two is astray."""
    near = sorted(headings, key=lambda each: each.distance(word.left, word.right))
    if not near:
        return None
    between = [each for each in near if each.role is Role.VALUE or each.role in ASIDE]
    limit = near[0].role is Role.RANGE and bool(record.value)
    if len({each.role for each in between}) > 1 and not limit:
        first = between[0]
        second = next(each for each in between if each.role is not first.role)
        apart = second.distance(first.left, first.right)
        record.astray |= first.distance(word.left, word.right) > ASTRAY * apart
    return near[0].role


def plain_range(text: str) -> str:
    """A range as it is typed, whatever dash or brackets it is printed with."""
    both = re.fullmatch(rf"({_NUMBER}){_DASH}\s?({_NUMBER})", text.strip("()[]"))
    return f"{both[1]}-{both[2]}" if both else text.strip("()[]")
