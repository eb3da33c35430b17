"""The words above the columns of a laboratory's table, and the words beside a person's name and numbers and the dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.photo.printed import Printed, words


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


_ROLES = {
    Role.EARLIER: r".*(?:[上前]一?次|历史|既往|previous|anterior|(?<![a-z])(?:prev\b|prior|last|earlier|previ[oa]|[uú]ltim[oa]))",
    Role.OTHER: r"方法|仪器|检[验测]方法|备注|method|lab\b|site\b|comment|m[ée]todo|lab\.|nota",
    Role.RANGE: r".*(?:参考|正常值|reference|referencia|(?<![ab])normal)"
    r"|ref\b|ref\.|range|interval|limits?\b|expected|critical|valores|rango|intervalo|l[ií]mites?\b",
    Role.UNIT: r"单位|units?|unidad(es)?",
    Role.FLAG: r"提示|标志|标记|异常|状态|flag|abn|indicador|marca|aviso",
    Role.VALUE: r"结果|(?:[本此]次|检[验测]|测[定试])结果\b|本次\b|测定值|检测值|result(ado)?s?|value|valor",
    Role.NAME: r"项目|名称|检验|test|analyte|name|item|prueba|examen|determinaci[oó]n|an[aá]lisis|estudio|par[aá]metro",
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
}
_LONGEST = 24  # characters of a word of a heading
_APART = 1.5  # heights from the last character of a word to the first of the next one of its heading, middle to middle


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


def headings_of(line: list[Printed]) -> list[Heading]:
    """The headings on a line; none where it is no line of headings."""
    found = [(word, _role(word.text)) for word in _words(line)]
    roles = {role for _, role in found if role}
    value_and_more = Role.VALUE in roles and len(roles - {Role.INDEX}) > 1
    return _joined(found) if value_and_more and not _holds_figures(line) else []


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
        if group and _beside(group[-1], word) and (before is None or role is None or _both(before, role)):
            both = _both(before, role) if before and role else before or role
            groups[-1] = (both, [*group, word])
        else:
            groups.append((role, [word]))
    return [Heading(role, group[0].left, group[-1].right) for role, group in groups if role]


def _both(role: Role, after: Role) -> Role | None:
    """What two words head together; None where each heads a column of its own."""
    return role if role is after else _JOINED.get((role, after))


def _beside(word: Printed, after: Printed) -> bool:
    """Whether no more than a blank is between two words. Edges do not tell: a word cut from a piece has them halfway."""
    last = word.left + (word.right - word.left) * word.places[-1]
    first = after.left + (after.right - after.left) * after.places[0]
    return first - last < _APART * word.height


def _words(line: list[Printed]) -> list[Printed]:
    return [word for piece in line for word in words(piece)]


def _role(text: str) -> Role | None:
    if len(text) > _LONGEST:
        return None
    return next((role for role, pattern in _WORDS.items() if pattern.match(text.lstrip("([（【"))), None)


def _holds_figures(line: list[Printed]) -> bool:
    return any(re.search(r"\d[.,]\d|\d{2}", piece.text) for piece in line)
