"""Pieces of print, and the pieces that they fall into."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from bot.photo.find import Corners, sides_of
from bot.photo.models import Line

_MICRO = str.maketrans({"µ": "μ", "－": "-", "（": "(", "）": ")", "：": ":", "，": ","})
# Chinese as it is written in Hong Kong and Taiwan, in the signs of the word lists, as far as slips need it.
_SIMPLE = str.maketrans(
    "紅總膽轉門濃測結間項範圍參單檢驗採樣時報標體區題動異狀態歷與號藥數細積壓糖鹼鈉鉀氯鈣細",
    "红总胆转门浓测结间项范围参单检验采样时报标体区题动异状态历与号药数细积压糖碱钠钾氯钙细",
)
_LEADER = re.compile(r"[.·…_]{3,}|(?:[.·] ){2,}[.·]?")
LATIN_GAP = 1.0  # heights from the middle of one character to that of the next, in the same word
WIDE_GAP = 1.5  # the same between Chinese characters


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A piece of print: its text, where it stands, and how sure each character is. `level`: alike for all of one row.

    `shift`: how far to the right it would stand if the page lay level, so that a column has one place.

    `whole`: the piece that was read at one go, where this is a part of it.
    """

    text: str
    corners: Corners
    sure: tuple[float, ...]
    places: tuple[float, ...]
    level: float
    shift: float = 0.0
    whole: Printed | None = None

    @property
    def confidence(self) -> float:
        """Of the weakest character that is no blank; 0 where there is none."""
        return min((each for each, sign in zip(self.sure, self.text, strict=True) if sign.strip()), default=0.0)

    @property
    def left(self) -> float:
        """Where it begins."""
        return float(self.corners[[0, 3], 0].mean()) + self.shift

    @property
    def right(self) -> float:
        """Where it ends."""
        return float(self.corners[[1, 2], 0].mean()) + self.shift

    @property
    def height(self) -> float:
        """How high it is, in pixels."""
        return sides_of(self.corners)[1]

    def called(self, text: str) -> Printed:
        """The same piece, taken for another text."""
        places = tuple((place + 0.5) / len(text) for place in range(len(text)))
        return replace(self, text=text, sure=(self.confidence,) * len(text), places=places)

    def part(self, start: int, end: int) -> Printed:
        """The characters `start` to `end` (half open), with the place where they stand."""
        first = 0.0 if start == 0 else (self.places[start - 1] + self.places[start]) / 2
        last = 1.0 if end == len(self.text) else (self.places[end - 1] + self.places[end]) / 2
        upper, lower = self.corners[[0, 1]], self.corners[[3, 2]]
        span = max(last - first, 1e-6)
        corners = np.array(
            [
                upper[0] + (upper[1] - upper[0]) * first,
                upper[0] + (upper[1] - upper[0]) * last,
                lower[0] + (lower[1] - lower[0]) * last,
                lower[0] + (lower[1] - lower[0]) * first,
            ],
            np.float32,
        )
        places = tuple((place - first) / span for place in self.places[start:end])
        return Printed(
            self.text[start:end], corners, self.sure[start:end], places, self.level, self.shift, self.whole or self
        )


def printed(line: Line, corners: Corners, level: float, shift: float) -> Printed:
    """A line as read, with look-alike signs in one spelling."""
    return Printed(simple(line.text).translate(_MICRO), corners, line.sure, line.places, level, shift)


def simple(text: str) -> str:
    """A text with the signs of the word lists."""
    return text.translate(_SIMPLE)


def words(piece: Printed) -> list[Printed]:
    """The piece cut at blanks, at wide gaps, and at lines of dots."""
    cuts = [False] * len(piece.text)
    for found in _LEADER.finditer(piece.text):
        cuts[found.start() : found.end()] = [True] * (found.end() - found.start())
    found_words: list[Printed] = []
    start: int | None = None
    for place, sign in enumerate(piece.text):
        blank = cuts[place] or sign.isspace()
        if start is not None and (blank or _gap(piece, place)):
            found_words.append(piece.part(start, place))
            start = None
        if start is None and not blank:
            start = place
    if start is not None:
        found_words.append(piece.part(start, len(piece.text)))
    return found_words


def _gap(piece: Printed, place: int) -> bool:
    """Whether more than one character's width lies before the character at `place`."""
    width, height = sides_of(piece.corners)
    apart = (piece.places[place] - piece.places[place - 1]) * width / max(height, 1.0)
    chinese = ord(piece.text[place]) > 0x2E80 and ord(piece.text[place - 1]) > 0x2E80
    return apart > (WIDE_GAP if chinese else LATIN_GAP)


def fused(pieces: list[Printed]) -> Printed:
    """Neighbours of one row as one word, without the blanks between them."""
    if len(pieces) == 1:
        return pieces[0]
    text = "".join(piece.text for piece in pieces)
    first, last = pieces[0].corners, pieces[-1].corners
    corners = np.array([first[0], last[1], last[2], first[3]], np.float32)
    sure = tuple(each for piece in pieces for each in piece.sure)
    places = tuple((place + 0.5) / len(text) for place in range(len(text)))
    whole = pieces[0].whole if all(piece.whole is pieces[0].whole for piece in pieces) else None
    return Printed(text, corners, sure, places, pieces[0].level, pieces[0].shift, whole)


def text_of(pieces: list[Printed]) -> str:
    """What the pieces say, with a blank between."""
    return " ".join(piece.text for piece in pieces)


def wholes(pieces: list[Printed]) -> list[Printed]:
    """What was read at one go, of which the pieces are parts; each once."""
    return list({id(each): each for each in (piece.whole or piece for piece in pieces)}.values())
