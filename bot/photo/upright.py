"""Turning a picture so that its print can be read: by quarters first, then by how its lines run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.photo.find import Corners, find_print, flat, sides_of
from bot.photo.models import Image, read_lines

SAMPLES = 5  # lines by which it is told which way is up
SAMPLE = 320  # pixels of each that are read
PLAIN = 0.9  # how sure the characters of lines are that stand upright; upside down they are not
STANDING = 1.5  # height to width of a piece that stands
LYING = 2.2  # width to height of a piece whose slope tells how lines run
STRAY = 0.05  # of a slope: what is further off the surface counts for little
STEADY = 1e-5  # how far a surface through few pieces is held level, against what a slope is measured to: a hundredth
ROUNDS = 2  # in which the slope from piece to piece of a row is measured, and the surface fitted to it
BESIDE, LIKE = (
    0.5,
    1.6,
)  # heights between the levels of two pieces of a row, and how many times as high one of them may be
REACH = 20.0  # heights from the middle of a piece to that of the next one
ANOTHER_ROW = 0.03  # of a slope: what is further off leads to the row above or below
TERMS = 7  # of the surface, see `_terms`
STEPS = 24  # in which a line is followed across the picture


def quarter_turned(picture: Image) -> tuple[Image, list[Corners], int]:
    """The picture with its print upright, the pieces of print in it, and by how many quarters it was turned, anticlockwise."""
    pieces = find_print(picture)
    turns = 0
    if _stands(pieces):
        picture, turns = np.ascontiguousarray(np.rot90(picture)), 1
        pieces = find_print(picture)
    if _upside_down(picture, pieces):
        picture, turns = np.ascontiguousarray(np.rot90(picture, 2)), turns + 2
        height, width = picture.shape[:2]
        pieces = [_half_turned(piece, width, height) for piece in pieces]
    return picture, pieces, turns


def dark_on_light(picture: Image, pieces: list[Corners]) -> Image:
    """The picture, or its negative where most of the print is lighter than what it stands on: a screen by night."""
    longest = sorted(pieces, key=lambda piece: -sides_of(piece)[0])[: SAMPLES * 4]
    light = sum(_is_light(flat(picture, piece)) for piece in longest)
    return np.asarray(255 - picture, dtype=np.uint8) if light > len(longest) / 2 else picture


def _is_light(line: Image) -> bool:
    """Whether print is lighter than its ground, which takes more room than it does."""
    grey = line.mean(axis=2)
    low, middle, high = np.percentile(grey, (2, 50, 98))
    return bool(high - middle > 1.5 * (middle - low))


def _stands(pieces: list[Corners]) -> bool:
    """Whether most of the print runs up or down."""
    standing = lying = 0.0
    for piece in pieces:
        width, height = sides_of(piece)
        if height > STANDING * width:
            standing += height
        elif width > STANDING * height:
            lying += width
    return standing > lying


def _upside_down(picture: Image, pieces: list[Corners]) -> bool:
    """Whether the longest lines read better the other way up."""
    longest = sorted(pieces, key=lambda piece: -sides_of(piece)[0])[:SAMPLES]
    upright = _sureness(picture, longest)
    return upright < PLAIN and _sureness(picture, [piece[[2, 3, 0, 1]] for piece in longest]) > upright


def _sureness(picture: Image, pieces: list[Corners]) -> float:
    """How sure the reading of a few lines is, from their beginning; 1 where there is none."""
    lines = read_lines([np.ascontiguousarray(flat(picture, piece)[:, :SAMPLE]) for piece in pieces])
    return sum(sum(line.sure) / max(len(line.sure), 1) for line in lines) / len(lines) if lines else 1.0


def _half_turned(piece: Corners, width: int, height: int) -> Corners:
    turned: Corners = np.array([width, height], np.float32) - piece
    return turned[[2, 3, 0, 1]]


@dataclass(frozen=True, slots=True)
class Lie:
    """How lines of print run: their slope at each place of the picture, as a surface fitted to the pieces."""

    weights: npt.NDArray[np.float64]
    middle: float
    scale: float

    def level(self, x: float, y: float) -> float:
        """The height at which the line through (x, y) crosses the middle of the picture: alike for all of one row."""
        return float(self.levels(np.array([[x, y]], np.float64))[0])

    def levels(self, places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The level of each of several places (x, y)."""
        x, y = places[:, 0], places[:, 1]
        step = (self.middle - x) / STEPS
        for _ in range(STEPS):
            y = y + self.slopes(x, y) * step
            x = x + step
        return y

    def shift(self, y: float) -> float:
        """How far to the right what stands at the height `y` would be if the lines ran level.

        By how a line runs from end to end: paper that curls bends its lines and leaves its columns upright.
        """
        across = self.middle + np.linspace(-0.4, 0.4, 9) * self.scale
        return float(self.slopes(across, np.full_like(across, y)).mean()) * y

    def slopes(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How the line through each (x, y) runs there: down per pixel to the right."""
        return np.asarray(_terms(x, y, self.middle, self.scale) @ self.weights)


def lie_of(pieces: list[Corners], width: int) -> Lie:
    """How the lines run in a picture `width` pixels wide; level where too few pieces tell."""
    scale, middle = max(float(width), 1.0), width / 2
    told = [piece for piece in pieces if sides_of(piece)[0] > LYING * sides_of(piece)[1]]
    if not told:
        return Lie(np.zeros(TERMS), middle, scale)
    centres = np.array([piece.mean(axis=0) for piece in told])
    runs = np.array([(piece[1] - piece[0] + piece[2] - piece[3]) / 2 for piece in told])
    told_by = (centres, runs[:, 1] / np.maximum(runs[:, 0], 1e-6), runs[:, 0])
    lie = _lie(told_by, middle, scale)
    for _ in range(ROUNDS):
        neighbours = _neighbours(pieces, lie)
        if neighbours is None:
            break
        places, slopes, lengths = (np.concatenate(both) for both in zip(told_by, neighbours, strict=True))
        lie = _lie((places, slopes, lengths), middle, scale)
    return lie


Slopes = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Places, the slope of a line at each, and the length over which it was measured."""


def _lie(told: Slopes, middle: float, scale: float) -> Lie:
    centres, slopes, lengths = told
    terms = _terms(centres[:, 0], centres[:, 1], middle, scale)
    return Lie(_fitted(terms, slopes, lengths), middle, scale)


def _neighbours(pieces: list[Corners], lie: Lie) -> Slopes | None:
    """The slopes from each piece to the next one of its row, which are longer than any piece; None where there is none.

    A slope that is far from what the pieces themselves tell leads to another row.
    """
    centres = np.array([piece.mean(axis=0) for piece in pieces], np.float64)
    heights = np.array([sides_of(piece)[1] for piece in pieces])
    levels = lie.levels(centres)
    found: list[tuple[float, float, float, float]] = []
    for place, (x, y) in enumerate(centres):
        apart = centres[:, 0] - x
        high = np.minimum(heights, heights[place])
        alike = (np.abs(levels - levels[place]) < BESIDE * high) & (heights < LIKE * heights[place])
        near = (apart > high) & (apart < REACH * heights[place]) & alike & (heights[place] < LIKE * heights)
        if near.any():
            other = int(np.where(near, apart, np.inf).argmin())
            slope = (centres[other, 1] - y) / apart[other]
            found.append((x + apart[other] / 2, (y + centres[other, 1]) / 2, slope, apart[other]))
    if not found:
        return None
    rows = np.array(found)
    kept = rows[np.abs(rows[:, 2] - lie.slopes(rows[:, 0], rows[:, 1])) < ANOTHER_ROW]
    return (kept[:, :2], kept[:, 2], kept[:, 3]) if len(kept) else None


def _fitted(
    terms: npt.NDArray[np.float64], slopes: npt.NDArray[np.float64], lengths: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Least squares, a few times over, where what lies far off counts less each time; steady where pieces are few."""
    trust = (lengths / lengths.max()) ** 2
    steady = np.diag([1e-6, *[STEADY] * (terms.shape[1] - 1)]) * trust.sum()
    weights, off = np.zeros(terms.shape[1]), np.zeros(len(slopes))
    for _ in range(5):
        weighted = terms * (trust / (1 + (off / STRAY) ** 2))[:, None]
        weights = np.linalg.solve(weighted.T @ terms + steady, weighted.T @ slopes)
        off = np.abs(slopes - terms @ weights)
    return weights


def _terms(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], middle: float, scale: float
) -> npt.NDArray[np.float64]:
    across, down = (x - middle) / scale, y / scale
    return np.stack([np.ones_like(across), across, down, across * down, across**2, across**3, across**2 * down], axis=1)
