"""What the pixels of a piece of print show by themselves, whatever it was read as: points, edges, sharpness."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from bot.photo.find import Corners, flat, sides_of, widened
from bot.photo.models import Image

TALL = 96  # pixels of height at which print is looked at
LETTER = 0.3  # of the height: what is lower is a point, a dash or dirt
POINT = (0.05, 0.24)  # of a digit's height: the sides of a decimal point
FOOT = 0.72  # of a digit's height, from its top: where a decimal point begins
WIDE = 0.42  # of a digit's height: a gap between digits in which a point may have been lost
RAISED, ABOVE = (
    0.95,
    0.22,
)  # of a digit's height: a figure of a footnote is lower, and ends so far above the others' foot
NARROW, APART = (
    0.45,
    0.95,
)  # of a digit's height: the width of a `1`, and the way from middle to middle with a point between
SMALL = 9.0  # pixels of height in the picture itself, below which digits cannot be told apart
SOFT = 0.16  # of the contrast, from one pixel to the next at the steepest: below it print is out of focus
CRISP = 0.45  # the same: below it the bar that tells `≤` from `<` may be smeared away, or made
STRIP = 0.35  # heights beside the print that must be bare paper
UNLIKE = 0.18  # of the paper's brightness: by which a strip beside the print differs from it
END = 1.2  # heights at each end of a piece whose ink is held against that of the whole
FADING = 0.5  # of the contrast of the whole: less at an end, and something bright lies over it


@dataclass(frozen=True, slots=True)
class Ink:
    """What is seen: points between digits, whether a gap is wide enough for one, and what troubles the print.

    `raised`: whether a figure after the first is small and stands high: of a footnote, and none of the number's.
    `crisp`: whether it is sharp enough to tell `<` from `≤`. `touched`: whether anything but paper is beside it.
    `fading`: whether it grows pale towards an end, beyond which more may have been washed out by light.
    """

    points: int
    gap: bool
    raised: bool
    small: bool
    soft: bool
    crisp: bool
    touched: bool
    fading: bool


def seen(picture: Image, corners: Corners) -> Ink:
    """A look at one piece of print."""
    grey = np.asarray(cv2.cvtColor(flat(picture, corners, TALL), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    blobs = _blobs(grey)
    digits = [blob for blob in blobs if blob[3] > LETTER * TALL]
    high = float(np.median([blob[3] for blob in digits])) if digits else float(TALL)
    shrunk = sides_of(corners)[1] / TALL
    steepest = _steepest(grey) / max(shrunk, 1.0 / TALL)
    return Ink(
        points=sum(_is_point(blob, digits, high) for blob in blobs),
        gap=_wide_gap(digits, high),
        raised=_raised(digits),
        small=high * shrunk < SMALL,
        soft=steepest < SOFT,
        crisp=steepest >= CRISP,
        touched=_touched(picture, corners),
        fading=_fading(grey),
    )


def _blobs(grey: npt.NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each patch of ink."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    _, ink = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = [(int(left), int(top), int(wide), int(tall)) for left, top, wide, tall, _ in stats[1:]]
    return sorted(box for box in boxes if box[2] < TALL * 4)  # what is longer is a ruled line


def _is_point(blob: tuple[int, int, int, int], digits: list[tuple[int, int, int, int]], high: float) -> bool:
    """Whether a patch is a decimal point: small, at the foot, with a digit on each side."""
    left, top, wide, tall = blob
    if not (POINT[0] * high <= wide <= POINT[1] * high and POINT[0] * high <= tall <= 1.6 * POINT[1] * high):
        return False
    before = [each for each in digits if each[0] + each[2] <= left + 2]
    after = [each for each in digits if each[0] >= left + wide - 2]
    if not before or not after:
        return False
    neighbour = before[-1]
    near = left - (neighbour[0] + neighbour[2]) < high and after[0][0] - left - wide < high
    return near and top > neighbour[1] + FOOT * neighbour[3]


def _wide_gap(digits: list[tuple[int, int, int, int]], high: float) -> bool:
    """Whether two digits stand further apart than digits do. Beside a `1`, which is narrow, their middles tell."""
    for (left, _, wide, _), (after, _, wide_after, _) in pairwise(digits):
        apart = after + wide_after / 2 - left - wide / 2
        narrow = min(wide, wide_after) < NARROW * high
        if after - left - wide > WIDE * high and (not narrow or apart > APART * high):
            return True
    return False


def _raised(digits: list[tuple[int, int, int, int]]) -> bool:
    """Whether a patch after the first is lower than digits are, and ends well above their foot."""
    whole = [box for box in digits if box[0] > 1 and box[1] + box[3] < TALL - 1]  # the rest is of a ruled line
    if len(whole) < 2:
        return False
    high, foot = (
        float(np.percentile(each, 75)) for each in zip(*((box[3], box[1] + box[3]) for box in whole), strict=True)
    )
    return any(tall < RAISED * high and top + tall < foot - ABOVE * high for _, top, _, tall in whole[1:])


def _steepest(grey: npt.NDArray[np.uint8]) -> float:
    """The steepest edge from one pixel to the next, as a share of the contrast, the way that it is less steep.

    A camera that moves smears print one way alone: up and down it leaves the upright strokes sharp.
    """
    low, high = np.percentile(grey, (2, 90))
    steps = (np.abs(np.diff(grey.astype(np.float32), axis=axis)) for axis in (0, 1))
    return float(min(np.percentile(each, 99.5) for each in steps) / max(high - low, 1.0))


def _touched(picture: Image, corners: Corners) -> bool:
    """Whether anything but paper is beside the print: another thing over it, or the edge of the picture."""
    height, width = picture.shape[:2]
    wide = widened(corners, STRIP, 0.0)
    if wide.min() < 0 or (wide[:, 0] > width - 1).any() or (wide[:, 1] > height - 1).any():
        return True
    grey = cv2.cvtColor(flat(picture, wide, TALL), cv2.COLOR_RGB2GRAY)
    strip = max(2, round(TALL * STRIP * 0.6))
    paper = np.percentile(grey[:, strip:-strip], 80)
    beside = (np.median(grey[:, :strip]), np.median(grey[:, -strip:]))
    return any(abs(float(each) - float(paper)) > UNLIKE * float(paper) for each in beside)


def _fading(grey: npt.NDArray[np.uint8]) -> bool:
    """Whether the ink at an end is much paler than that of the whole."""
    wide = round(TALL * END)
    if grey.shape[1] < 2 * wide:
        return False
    smooth = cv2.GaussianBlur(grey, (0, 0), 2.0)
    dark = [
        float(np.percentile(part, 90)) - float(part.min()) for part in (smooth, smooth[:, :wide], smooth[:, -wide:])
    ]
    return min(dark[1:]) < FADING * dark[0]
