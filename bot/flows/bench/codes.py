"""The code under which staff screen a candidate: never a name, and nothing by which somebody could be found."""

from __future__ import annotations

import re
from enum import StrEnum

LONGEST = 20  # characters
MOST_DIGITS = 4  # phone, identity and record numbers have more, and so has a date of birth

_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*[A-Za-z0-9]")
_LETTERS = re.compile(r"[A-Za-z]+")
_CAPITALISED = re.compile(r"[A-Z][a-z]")
_SHORTEST_NAME = 3  # letters in a row, some of them small, such as in `ana-1`


class Flaw(StrEnum):
    """Why a code is not taken."""

    NAME = "name"
    NUMBER = "number"
    FORM = "form"


def flaw(code: str) -> Flaw | None:
    """What speaks against a code; None where it can be used.

    It has 2 to 20 letters, digits, `-` and `_`, and a digit among them. Whatever may be a name (two words, a letter that
    is not plain, a capitalised word, a longer word in small letters, letters alone) is refused, and so is whatever may be
    an e-mail address or has more digits than a running number needs.
    """
    digits = sum(character.isdigit() for character in code)
    if "@" in code or digits > MOST_DIGITS:
        return Flaw.NUMBER
    if any(character.isalpha() and not character.isascii() for character in code) or len(code.split()) > 1:
        return Flaw.NAME
    if not code.isascii() or len(code) > LONGEST or _FORM.fullmatch(code) is None:
        return Flaw.FORM
    return Flaw.NAME if not digits or _like_a_word(code) else None


def _like_a_word(code: str) -> bool:
    words = _LETTERS.findall(code)
    return any(_CAPITALISED.match(word) or (len(word) >= _SHORTEST_NAME and not word.isupper()) for word in words)


def same(one: str, other: str) -> bool:
    """Whether two codes stand for the same candidate."""
    return one.casefold() == other.casefold()
