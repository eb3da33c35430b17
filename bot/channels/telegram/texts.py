"""Long texts in pieces that Telegram takes, cut where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 4_096  # UTF-16 code units of a message

_PAUSES = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])"),
    re.compile(r"\s+"),
)


def length(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """The text in pieces of at most `longest` units: cut after a paragraph, else a line, a sentence, a word, or anywhere."""
    rest = text.strip()
    while length(rest) > longest:
        fitting = _fitting(rest, longest)
        end, start = next(filter(None, (_last(pause, rest, fitting) for pause in _PAUSES)), (fitting, fitting))
        yield rest[:end].rstrip()
        rest = rest[start:].lstrip()
    if rest:
        yield rest


def _fitting(text: str, longest: int) -> int:
    """How many characters of a text make at most `longest` units."""
    units = 0
    for place, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > longest:
            return place
    return len(text)


def _last(pause: re.Pattern[str], text: str, fitting: int) -> tuple[int, int] | None:
    """Where the last such pause in the second half of what fits begins and ends."""
    found = None
    for found in pause.finditer(text, fitting // 2, fitting + 1):  # noqa: B007 - the last one is wanted
        pass
    return found.span() if found and found.start() <= fitting else None
