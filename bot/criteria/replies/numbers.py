"""What a written number can be: one value, two where a separator can be read both ways, or none."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

MAX_DIGITS = 15
_MARKS = re.compile(r"[.,]")


class Number(NamedTuple):
    """A number as written. `values`: none where it is not well formed. `whole`: its value if written in digits alone."""

    text: str
    values: tuple[Fraction, ...]
    decimal: bool = False
    whole: int | None = None
    spelled: bool = False


@lru_cache(maxsize=4096)
def number(text: str) -> Number:
    """The number that `text` (digits and the marks `.`, `,`, `'`, `_` between them) can be."""
    if "'" in text or "_" in text or len(text) > MAX_DIGITS:
        return Number(text, ())
    groups = _MARKS.split(text)
    if len(groups) == 1:
        return Number(text, (Fraction(int(text)),), whole=int(text))
    marks = [character for character in text if character in ".,"]
    return Number(text, _values(groups, marks), decimal=len(set(marks)) == len(marks) or marks[-1] != marks[0])


def spelled(text: str, value: int | None) -> Number:
    """A number in words; None where the words do not make one."""
    return Number(text, () if value is None else (Fraction(value),), whole=value, spelled=True)


def _values(groups: list[str], marks: list[str]) -> tuple[Fraction, ...]:
    """By the rules: the last of two kinds of mark is the decimal one; a single mark before three digits is either."""
    if len(marks) == 1:
        decimal = _decimal(groups[0], groups[1])
        return (decimal, Fraction(int("".join(groups)))) if _thousands(groups) else (decimal,)
    if len(set(marks)) == 1:
        return (Fraction(int("".join(groups))),) if _thousands(groups) else ()
    if marks.count(marks[-1]) == 1 and _thousands(groups[:-1]):
        return (_decimal("".join(groups[:-1]), groups[-1]),)
    return ()


def _thousands(groups: list[str]) -> bool:
    first, *rest = groups
    return 0 < len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in rest)


def _decimal(whole: str, part: str) -> Fraction:
    return Fraction(int(whole + part), 10 ** len(part))


def written(value: Fraction) -> str:
    """A number as typed, in digits with a decimal point: never with exactly three decimals, which could be thousands."""
    if value.denominator == 1:
        return str(value.numerator)
    places = next((places for places in range(1, MAX_DIGITS) if 10**places % value.denominator == 0), MAX_DIGITS)
    places += places == 3
    digits = str(round(value * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"
