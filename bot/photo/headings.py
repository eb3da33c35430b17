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
    OTHER = auto()  # a method, an earlier result


_ROLES = {
    Role.OTHER: r"上次|前次|历史|方法|仪器|检[验测]方法|备注"
    r"|previous|prior|last|method|lab\b|site\b|comment|anterior|previo|m[ée]todo|lab\.|nota",
    Role.RANGE: r"参考|正常值|reference|ref\b|ref\.|range|interval|normal|valores|rango|referencia|intervalo",
    Role.UNIT: r"单位|units?|unidad(es)?",
    Role.FLAG: r"提示|标志|标记|异常|状态|flag|abn|indicador|marca|aviso",
    Role.VALUE: r"结果|测定值|检测值|result(ado)?s?|value|valor",
    Role.NAME: r"项目|名称|检验|test|analyte|name|item|prueba|examen|determinaci[oó]n|an[aá]lisis|estudio|par[aá]metro",
    Role.INDEX: r"序号|编号|no\.?|n[°º]|#|代号|代码|缩写|code|c[oó]digo",
}
_WORDS = {role: re.compile(words_, re.IGNORECASE) for role, words_ in _ROLES.items()}
_FIRST = (Role.INDEX, Role.NAME, Role.VALUE)  # with which a table may begin
_LONGEST = 24  # characters of a heading


@dataclass(frozen=True, slots=True)
class Heading:
    """A word above a column."""

    role: Role
    left: float
    right: float

    def distance(self, left: float, right: float) -> float:
        """How far a piece below is from the column: by left edge, middle or right edge, whichever fits best."""
        middles = abs((left + right) - (self.left + self.right)) / 2
        return min(abs(left - self.left), middles, abs(right - self.right))


def headings_of(line: list[Printed]) -> list[Heading]:
    """The headings on a line; none where it is no line of headings."""
    found = [Heading(role, word.left, word.right) for word in _words(line) if (role := _role(word.text))]
    roles = {heading.role for heading in found}
    value_and_more = Role.VALUE in roles and len(roles - {Role.INDEX}) > 1
    return found if value_and_more and not _holds_figures(line) else []


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


def _words(line: list[Printed]) -> list[Printed]:
    return [word for piece in line for word in words(piece)]


def _role(text: str) -> Role | None:
    if len(text) > _LONGEST:
        return None
    return next((role for role, pattern in _WORDS.items() if pattern.match(text)), None)


def _holds_figures(line: list[Printed]) -> bool:
    return any(re.search(r"\d[.,]\d|\d{2}", piece.text) for piece in line)
