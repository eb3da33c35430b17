"""A lone mark beside a value (`H`, `*`, an arrow), which is so small that the search for print passes over it.

Looked for only where a value lies outside its range and no mark was read: found, it says that the value is meant so.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from bot.photo.find import Corners, flat, sides_of, widened
from bot.photo.layout import MARK, MARK_LETTERS, Record, mark_in
from bot.photo.models import HEIGHT, Image, read_lines
from bot.photo.printed import Printed, printed

FAR, NEAR = 12.0, 0.6  # heights of a gap beside a value: what is looked through at most, and what holds a mark at least
INK = 0.45  # of the value's own contrast: as dark is a mark at least
SMALLEST, TALLEST, WIDEST = 0.18, 0.9, 1.4  # heights of a mark: what is smaller is dirt, and what is larger a line
MARGINS = (0.25, 0.75)  # heights at the ends of a sign: it is read with either


def marks_beside(picture: Image, records: list[Record]) -> list[Printed | None]:
    """The mark beside the value of each record, read from the picture; None where there is none to be read."""
    places = [
        (number, widened(corners, margin, 0.0))
        for number, record in enumerate(records)
        for corners in _places(picture, record)
        for margin in MARGINS
    ]
    read = read_lines([flat(picture, corners) for _, corners in places])
    found: list[Printed | None] = [None] * len(records)
    for (number, corners), line in zip(places, read, strict=True):
        sign = line.text.strip()
        mark = MARK if sign in MARK_LETTERS else mark_in(sign)
        if mark:
            level = records[number].value[0].level
            found[number] = printed(line, corners, level, records[number].value[0].shift).called(mark)
    return found


def _places(picture: Image, record: Record) -> list[Corners]:
    """Where something stands alone in the gaps before and after the value."""
    value = record.value[0]
    rest = [piece for piece in (*record.pieces, *record.others) if piece is not value]
    before = min((value.left - piece.right for piece in rest if piece.right <= value.left), default=FAR * value.height)
    after = min((piece.left - value.right for piece in rest if piece.left >= value.right), default=FAR * value.height)
    gaps = (_gap(value.corners, min(wide / value.height, FAR), side) for wide, side in ((before, 0), (after, 1)))
    found = (_alone(picture, gap, value.corners) for gap in gaps if gap is not None)
    return [place for place in found if place is not None]


def _gap(value: Corners, wide: float, side: int) -> Corners | None:
    """The corners of the gap `wide` heights from the value, before it (side 0) or after it (side 1)."""
    if wide < NEAR:
        return None
    high = sides_of(value)[1]
    along = (value[1] - value[0]) / max(float(np.linalg.norm(value[1] - value[0])), 1e-6) * high * wide
    ends = (value[[0, 3]] - along, value[[0, 3]]) if side == 0 else (value[[1, 2]], value[[1, 2]] + along)
    return np.array([ends[0][0], ends[1][0], ends[1][1], ends[0][1]], np.float32)


def _alone(picture: Image, gap: Corners, value: Corners) -> Corners | None:
    """Where ink as dark as the value's stands in a gap, if it is of the size of one sign."""
    low, high = np.percentile(_grey(picture, value), (5, 90))
    grey = _grey(picture, gap)
    ink = (grey < np.median(grey) - INK * (high - low)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    signs = [box for box in stats[1:] if SMALLEST * HEIGHT <= box[3] <= TALLEST * HEIGHT and box[2] <= WIDEST * HEIGHT]
    if not signs:
        return None
    left, right = min(box[0] for box in signs), max(box[0] + box[2] for box in signs)
    if right - left > WIDEST * HEIGHT:
        return None
    shares = np.array([left, right], np.float32) / ink.shape[1]
    upper, lower = gap[1] - gap[0], gap[2] - gap[3]
    corners = [
        gap[0] + upper * shares[0],
        gap[0] + upper * shares[1],
        gap[3] + lower * shares[1],
        gap[3] + lower * shares[0],
    ]
    return np.array(corners, np.float32)


def _grey(picture: Image, corners: Corners) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(flat(picture, corners), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
