"""The words above the columns of a laboratory's table, and the words beside a person's name and numbers and the dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from bot.photo.printed import Printed, fused, words


class Role(Enum):
    """What stands in a column."""

    INDEX = auto()
    NAME = auto()
    VALUE = auto()
    UNIT = auto()
    RANGE = auto()
    FLAG = auto()
    EARLIER = auto()  # an earlier result
    OTHER = auto()  # a method, a laboratory's number
    LIMIT = auto()  # one end of the range, which has two columns
    DATED = auto()  # a day: results of that day, of which nobody says that it is today's
    UNKNOWN = auto()  # a word that tells nothing, where no word says where the results stand


_ROLES = {
    Role.EARLIER: r".*(?:[上前]一?次|历史|既往|previous|anterior|(?<![a-z])(?:prev\b|prior|last|earlier|previ[oa]|[uú]ltim[oa]))",
    Role.OTHER: r"方法|仪器|检[验测]方法|备注|method|lab\b|site\b|comment|m[ée]todo|lab\.|nota",
    Role.LIMIT: r"(?:low|lower|high|upper|min|max|m[ií]nimo|m[aá]ximo|m[ií]n\.|m[aá]x\.)(?:\s*limit)?(?![a-z])|(?:参考)?[上下]限|最[高低]值|[高低]值",
    Role.RANGE: r".*(?:参考|正常值|reference|referencia|(?<![ab])normal)"
    r"|ref\b|ref\.|range|interval|limits?\b|expected|critical|valores|rango|intervalo|l[ií]mites?\b",
    Role.UNIT: r"(?:计量)?单位|units?|unidad(es)?|uom\b|und\b|u\.\s?medida",
    Role.FLAG: r"提示|标志|标记|异常|状态|flag|abn|status|indicador|marca|aviso|alerta",
    Role.VALUE: r"结果|(?:[本此]次|检[验测]|测[定试])结果\b|本次\b|测定值|检测值|result(ado)?s?|value|valor|current|today|actual\b|hoy\b|本次",
    Role.NAME: r"(?:检[验测]|分析)?项目|(?:中文)?名称|检验|test|exam|investigation|component|description|descripci[oó]n|analyte|name|item|prueba|examen|determinaci[oó]n|an[aá]lisis|estudio|par[aá]metro",
    Role.INDEX: r"序号|编号|no\.?|n[°º]|#|代号|代码|缩写|code|c[oó]digo",
}
_WORDS = {role: re.compile(words_, re.IGNORECASE) for role, words_ in _ROLES.items()}
ASIDE = (Role.EARLIER, Role.OTHER)  # whose numbers are no results of today
_FIRST = (Role.INDEX, Role.NAME, Role.VALUE)  # with which a table may begin
_JOINED = {  # what two words side by side head together, where they are not of one role
    (Role.EARLIER, Role.VALUE): Role.EARLIER,
    (Role.VALUE, Role.EARLIER): Role.EARLIER,
    (Role.EARLIER, Role.NAME): Role.EARLIER,
    (Role.NAME, Role.EARLIER): Role.EARLIER,
    (Role.NAME, Role.OTHER): Role.OTHER,
    (Role.RANGE, Role.VALUE): Role.RANGE,
    (Role.VALUE, Role.RANGE): Role.RANGE,
    (Role.LIMIT, Role.RANGE): Role.LIMIT,
    (Role.RANGE, Role.LIMIT): Role.LIMIT,
    (Role.LIMIT, Role.VALUE): Role.LIMIT,
}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*"
_DAY = re.compile(
    rf"(?:\d{{1,4}}[-/.年]){{1,2}}\d{{1,4}}(?:月\d{{1,2}})?日?|\d{{1,2}}月\d{{1,2}}日?"
    rf"|\d{{1,2}}[-.]?{_MONTH}[-.,]?(?:\d{{2,4}})?|{_MONTH}[-.]?\d{{1,2}}(?:,?\d{{4}})?",
    re.IGNORECASE,
)
_TABLE = (Role.NAME, Role.UNIT, Role.RANGE)  # of which two say that a line with days heads a table
_LONGEST = 24  # characters of a word of a heading
_BESIDE_DAYS = (Role.UNIT, Role.RANGE)  # one of which heads a column wherever days do
_LINES = 3  # on which headings stand at most
_CLOSE = 2.0  # heights between the lines of headings
_APART = 1.5  # heights from the last character of a word to the first of the next one of its heading, middle to middle
_PARTED = 1.1  # the same, where print was found in two pieces: of two columns that stand close


@dataclass(frozen=True, slots=True)
class Heading:
    """The words above a column."""

    role: Role
    left: float
    right: float

    def distance(self, left: float, right: float) -> float:
        """How far a piece below is from the column: by left edge, middle or right edge, whichever fits best."""
        middles = abs((left + right) - (self.left + self.right)) / 2
        return min(abs(left - self.left), middles, abs(right - self.right))


def headings_at(lines: list[list[Printed]], place: int) -> tuple[list[Heading], int]:
    """The headings that begin on a line, and on how many lines they stand: `Previous` above `result` heads one column."""
    for size in range(_LINES, 1, -1):
        over = lines[place : place + size]
        found = _heading(_stacked(over)) if len(over) == size and _one_head(over) else []
        if found:
            return found, size
    return headings_of(lines[place]), 1


def headings_of(line: list[Printed]) -> list[Heading]:
    """The headings on a line; none where it is no line of headings."""
    found = [(word, _role(word.text)) for word in _words(line)]
    return [] if _holds_figures(found) else _heading(_joined(found))


def _heading(columns: list[Heading]) -> list[Heading]:
    """The columns, where they head a table.

    Where a day or `previous` heads one and none is said to be that of the results, each word heads a column.
    """
    roles = {each.role for each in columns}
    if Role.DATED in roles and not roles.intersection(_BESIDE_DAYS):
        return []  # a line about the slip: `Test results  Collected 20 Nov 2026`
    if Role.VALUE in roles:
        plain = roles - {Role.INDEX, Role.DATED, Role.UNKNOWN}
        return [each for each in columns if each.role is not Role.UNKNOWN] if len(plain) > 1 else []
    days = sum(each.role is Role.DATED for each in columns)
    compared = days + (Role.EARLIER in roles) > 1 and len(roles.intersection(_TABLE)) > 1
    return columns if compared or (Role.EARLIER in roles and roles.intersection(_TABLE)) else []


def _one_head(lines: list[list[Printed]]) -> bool:
    """Whether lines stand as close as those of one head, and hold nothing but words and days."""
    for line, after in pairwise(lines):
        if abs(after[0].level - line[0].level) > _CLOSE * max(after[0].height, line[0].height):
            return False
    found = [(word, _role(word.text)) for line in lines for word in _words(line)]
    return not _holds_figures(found) and not any(":" in word.text for word, _ in found)


def _stacked(lines: list[list[Printed]]) -> list[Heading]:
    """The columns of a head of several lines; none where the lines are no head: one word of a line over several of the next."""
    columns: list[tuple[Heading, int]] = []
    grown = 0
    for number, line in enumerate(lines):
        for found in _joined([(word, _role(word.text)) for word in _words(line)]):
            over = [place for place, (each, _) in enumerate(columns) if _overlap(each, found)]
            if not over:
                columns.append((found, number))
                continue
            column, last = columns[over[0]]
            role = _together(column.role, found.role)
            if len(over) > 1 or last == number or role is None:
                return []
            whole = Heading(role, min(column.left, found.left), max(column.right, found.right))
            columns[over[0]] = (whole, number)
            grown += 1
    return sorted((each for each, _ in columns), key=lambda each: each.left) if grown > 1 else []


def _overlap(one: Heading, other: Heading) -> bool:
    return min(one.right, other.right) > max(one.left, other.left)


def _together(role: Role, after: Role) -> Role | None:
    """What two words head together, of which one may tell nothing; None where they do not fit each other."""
    if Role.UNKNOWN in (role, after):
        return after if role is Role.UNKNOWN else role
    return _both(role, after)


def tables_of(headings: list[Heading]) -> list[list[Heading]]:
    """The headings by table, left to right: another begins with a name after a value, or with another value.

    A column may be headed by two words that say the same, in two languages.
    """
    tables: list[list[Heading]] = [[]]
    for heading in sorted(headings, key=lambda each: each.left):
        valued = any(each.role is Role.VALUE for each in tables[-1])
        if valued and heading.role in _FIRST and heading.role is not tables[-1][-1].role:
            tables.append([])
        tables[-1].append(heading)
    return tables


def _joined(line: list[tuple[Printed, Role | None]]) -> list[Heading]:
    """The words by heading: `Previous result` heads one column, and not one of results."""
    groups: list[tuple[Role | None, list[Printed]]] = []
    for word, role in line:
        before, group = groups[-1] if groups else (None, [])
        days = before is role is Role.DATED  # side by side, each heads a column
        if group and not days and _beside(group[-1], word) and (not before or not role or _both(before, role)):
            both = _both(before, role) if before and role else before or role
            groups[-1] = (both, [*group, word])
        else:
            groups.append((role, [word]))
    return [Heading(role or Role.UNKNOWN, group[0].left, group[-1].right) for role, group in groups]


def _both(role: Role, after: Role) -> Role | None:
    """What two words head together; None where each heads a column of its own."""
    return role if role is after else _JOINED.get((role, after))


def _beside(word: Printed, after: Printed) -> bool:
    """Whether no more than a blank is between two words. Edges do not tell: a word cut from a piece has them halfway."""
    last = word.left + (word.right - word.left) * word.places[-1]
    first = after.left + (after.right - after.left) * after.places[0]
    one = (word.whole or word) is (after.whole or after)
    return first - last < (_APART if one else _PARTED) * word.height


def _words(line: list[Printed]) -> list[Printed]:
    """The words of a line, each day as one: `20 Nov 2026`."""
    apart = [word for piece in line for word in words(piece)]
    found: list[Printed] = []
    while apart:
        size = next((size for size in (3, 2) if _is_day(apart[:size], size)), 1)
        found.append(fused(apart[:size]))
        del apart[:size]
    return found


def _is_day(words_: list[Printed], size: int) -> bool:
    close = len(words_) == size and all(_beside(word, after) for word, after in pairwise(words_))
    return close and bool(_DAY.fullmatch("".join(word.text for word in words_)))


def _role(text: str) -> Role | None:
    if len(text) > _LONGEST:
        return None
    if _DAY.fullmatch(text):
        return Role.DATED
    return next((role for role, pattern in _WORDS.items() if pattern.match(text.lstrip("([（【"))), None)


def _holds_figures(line: list[tuple[Printed, Role | None]]) -> bool:
    """Whether numbers stand there that are no days."""
    return any(re.search(r"\d[.,]\d|\d{2}", word.text) for word, role in line if role is not Role.DATED)
