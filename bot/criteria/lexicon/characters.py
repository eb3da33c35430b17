"""Folding characters: what looks different and means the same becomes the same, offsets kept."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_FOLDS = {
    **dict.fromkeys("‐‑‒–—―−﹣－➖", "-"),
    **dict.fromkeys("～〜∼˜﹏", "~"),
    **dict.fromkeys("‘’ʼ′´`＇", "'"),
    **dict.fromkeys("“”″＂", '"'),
    **dict.fromkeys("，﹐،", ","),
    **dict.fromkeys("、﹑､", ", "),  # parts an enumeration, and is never a decimal mark
    **dict.fromkeys("。．·・", "."),
    **dict.fromkeys("：﹕∶", ":"),
    **dict.fromkeys("；﹔؛", ";"),
    **dict.fromkeys("（﹙", "("),
    **dict.fromkeys("）﹚", ")"),
    **dict.fromkeys("［【〔", "["),
    **dict.fromkeys("］】〕", "]"),
    **dict.fromkeys("？؟﹖", "?"),
    **dict.fromkeys("✕✖⨯", "×"),
    **dict.fromkeys("｜│┃¦", "|"),
    **dict.fromkeys("⁄∕／╱", "/"),
    **dict.fromkeys("↗⬆▲⇧🔺🔼⏫", "↑"),
    **dict.fromkeys("↘⬇▼⇩🔻🔽⏬", "↓"),
    **dict.fromkeys("⩽≦⋜≲", "≤"),
    **dict.fromkeys("⩾≧⋝≳", "≥"),
    "﹤": "<",
    "﹥": ">",
    "﹦": "=",
    **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
    **dict.fromkeys("≈≅≃≒≋", "~"),
    "٫": ".",
    "٬": "'",
    "μ": "u",
    "µ": "u",
    "％": "%",
    "﹪": "%",
    "ℓ": "l",
    "㎎": "mg",
    "㎍": "ug",
    "㎏": "kg",
    "㎗": "dl",
    "㎖": "ml",
    "㏖": "mol",
    "㎜": "mm",
    "㎝": "cm",
    "℃": "°c",
    "№": "no.",
}
_INVISIBLE = frozenset(("Cf", "Mn", "Me", "Cc"))
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_SHIFT = 0xFEE0


class _Folding(dict[int, str]):
    """`str.translate` table that works a character out the first time it is met."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_character(chr(point))
        return folded


def _fold_character(character: str) -> str:
    if character in _FOLDS:
        return _FOLDS[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs" or character == "\t":
        return " " if category == "Zs" else "\t"
    if category in _INVISIBLE:
        return "\n" if character == "\n" else ""
    if ord(character) in _FULL_WIDTH:
        return chr(ord(character) - _FULL_WIDTH_SHIFT).lower()
    struck = category == "Sm"  # ≯ is not >
    base = character if struck else unicodedata.normalize("NFD", character)[0]
    return base.lower() if base.isascii() else character.lower()


_TABLE = _Folding()


@dataclass(frozen=True, slots=True)
class Folded:
    """A reply with its characters folded. `origins`: the place in the reply of each character, None where they are the same."""

    text: str
    reply: str
    origins: tuple[int, ...] | None = None

    def origin(self, place: int) -> int:
        """Where in the reply as typed the folded character at `place` stands (or the end)."""
        if self.origins is None:
            return place
        return self.origins[place] if place < len(self.origins) else len(self.reply)

    def typed(self, start: int, end: int) -> str:
        """The characters `start` to `end` of the folded text, as they were typed."""
        return self.reply[self.origin(start) : self.origin(end)]


def fold(reply: str) -> Folded:
    """Lower case, decimal digits of every script as 0-9, full-width forms, dashes, quotes and accents made plain.

    Superscripts and fractions are left alone: `10⁹` is not 109. Marks that cannot be seen fall out.
    """
    text = reply.translate(_TABLE)
    if len(text) == len(reply) and (reply.isascii() or all(map(_TABLE.__getitem__, map(ord, reply)))):
        return Folded(text, reply)
    origins = tuple(place for place, character in enumerate(reply) for _ in _TABLE[ord(character)])
    return Folded(text, reply, origins)
