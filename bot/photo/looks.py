"""Looking again: the same print from another crop and in another light. Only what comes out alike is sure."""

from __future__ import annotations

import re

import cv2
import numpy as np

from bot.photo.find import flat, widened
from bot.photo.models import HEIGHT, Image, Line, read_lines
from bot.photo.names import codes_of
from bot.photo.printed import Printed, simple

WIDER, HIGHER = 0.3, 0.1  # heights of margin in the second look
SURE_LOOK = 0.8  # of the weakest character: a look that is less sure does not speak against one that is
FIGURES = re.compile(r"[<>≤≥]?\d+(?:[.,]\d+)?")
_SAME = str.maketrans({"，": ",", "µ": "u", "μ": "u", "（": "(", "）": ")", "－": "-", "˂": "<", "˃": ">"})
_BARE = str.maketrans("≤≥", "<>")


def again(picture: Image, pieces: list[Printed]) -> dict[int, tuple[str, ...]]:
    """What two more looks at each piece say, by the piece's id; one alone, where it is sure and the other is not."""
    crops: list[Image] = []
    for piece in pieces:
        crops.append(flat(picture, widened(piece.corners, WIDER, HIGHER)))
        crops.append(_sharper(flat(picture, widened(piece.corners, 0.08, 0.02), HEIGHT * 2)))
    found = read_lines(crops)
    return {id(piece): _told(found[2 * place : 2 * place + 2]) for place, piece in enumerate(pieces)}


def _told(lines: list[Line]) -> tuple[str, ...]:
    sure = [line for line in lines if line.confidence >= SURE_LOOK]
    return tuple(simple(line.text) for line in sure or lines)


def _sharper(line: Image) -> Image:
    """At twice the height, with more contrast and steeper edges, and then made small again."""
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY)
    even = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(2, 8)).apply(grey)
    steep = cv2.addWeighted(even, 1.6, cv2.GaussianBlur(even, (0, 0), 2.5), -0.6, 0)
    small = cv2.resize(steep, (max(1, line.shape[1] // 2), HEIGHT), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.stack([small] * 3, axis=2), dtype=np.uint8)


def figures(text: str, *, exact: bool = False) -> list[str]:
    """The numbers in a text, with their comparators; `≤` counts as `<`, unless `exact`: a limit is the same by either."""
    plain = text.translate(_SAME).replace(" ", "").replace("|", "").replace("<=", "≤").replace(">=", "≥")
    return FIGURES.findall(plain if exact else plain.translate(_BARE))


def same_figures(text: str, other: str, *, exact: bool = False) -> bool:
    """Whether two readings hold the same numbers, in the same order; `exact`: with the same comparators to the bar."""
    return figures(text, exact=exact) == figures(other, exact=exact)


def same_name(text: str, other: str) -> bool:
    """Whether two readings of a name mean the same analytes."""
    return codes_of(text) == codes_of(other) or text.replace(" ", "") == other.replace(" ", "")
