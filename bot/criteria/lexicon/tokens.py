"""Cutting a folded reply into numbers, words, line ends and single signs, in one pass."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<number>(?:(?<![\w.,])\.)?\d+(?:[.,'_]\d+)*)"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)"
    r"|(?P<line>\n)"
    r"|(?P<sign>-+>|\S)",
    re.ASCII,
)
NUMBER, WORD, LINE, SIGN = "number", "word", "line", "sign"
GLUED = "·"  # stands before a number that follows a letter at once: the 2 of `spo2` is not that of `spo 2`


class Token(NamedTuple):
    """One token. `key` is what phrases are looked up by; `apart`: something blank stands before it."""

    key: str
    kind: str
    start: int
    end: int
    apart: bool


def scan(text: str) -> list[Token]:
    """The tokens of a folded text. A character of a script without blanks (Chinese) is a token of its own."""
    tokens = []
    last_end, last_kind = 0, ""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        kind = match.lastgroup or SIGN
        key = match.group()
        apart = start > last_end
        if kind == NUMBER and last_kind == WORD and not apart:
            key = GLUED + key
        tokens.append(Token(key, kind, start, end, apart))
        last_end, last_kind = end, kind
    return tokens
