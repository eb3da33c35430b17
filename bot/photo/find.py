"""Where print stands in a picture, and a flat picture of each piece of it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from bot.photo.models import HEIGHT, MULTIPLE, NARROWEST, WIDEST, Image, print_map

Corners = npt.NDArray[np.float32]
"""Four corners in pixels, top left first, clockwise: 4 x 2."""

LONG_SIDE = 1280  # pixels of the picture in which print is looked for
SURE = 0.3  # of a pixel, to be print
SURE_PIECE = 0.5  # of a whole piece
SPREAD = 1.6  # the network finds the inside of a line: how far the line itself goes beyond it
SMALLEST = 3  # pixels of a piece's short side, in the picture looked at
MOST = 400  # pieces: more is no slip


def find_print(picture: Image) -> list[Corners]:
    """The pieces of print, each a line or a part of one, in pixels of `picture`."""
    height, width = picture.shape[:2]
    scale = min(LONG_SIDE / max(height, width), 2.0)
    sides = tuple(max(MULTIPLE, round(side * scale / MULTIPLE) * MULTIPLE) for side in (width, height))
    found = print_map(np.asarray(cv2.resize(picture, sides, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    mask = cv2.dilate((found > SURE).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    shrunk = np.array([width / sides[0], height / sides[1]], np.float32)
    pieces = [_piece(contour, found) for contour in contours[: MOST * 2]]
    return [piece * shrunk for piece in pieces if piece is not None][:MOST]


def _piece(contour: cv2.typing.MatLike, found: npt.NDArray[np.float32]) -> Corners | None:
    centre, sides, angle = cv2.minAreaRect(contour)
    if min(sides) < SMALLEST or _sureness(contour, found) < SURE_PIECE:
        return None
    beyond = sides[0] * sides[1] * SPREAD / (2 * (sides[0] + sides[1])) * 2
    return _in_order(np.asarray(cv2.boxPoints((centre, (sides[0] + beyond, sides[1] + beyond), angle)), np.float32))


def _sureness(contour: cv2.typing.MatLike, found: npt.NDArray[np.float32]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour], -1, 1, -1, offset=(-left, -top))
    return float(cv2.mean(found[top : top + height, left : left + width], inside)[0])


def _in_order(corners: Corners) -> Corners:
    """Top left first, clockwise, with the long side lying where the piece lies rather than stands."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def sides_of(corners: Corners) -> tuple[float, float]:
    """Width and height of a piece, in pixels."""
    width = (np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    height = (np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    return float(width), float(height)


def widened(corners: Corners, beside: float, above: float) -> Corners:
    """A piece with a margin, as shares of its height: `beside` at each end, `above` over and under it."""
    _, height = sides_of(corners)
    along = _unit(corners[1] - corners[0]) * height * beside
    down = _unit(corners[3] - corners[0]) * height * above
    return corners + np.array([-along - down, along - down, along + down, -along + down], np.float32)


def _unit(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return vector / max(float(np.linalg.norm(vector)), 1e-6)


def flat(picture: Image, corners: Corners, height: int = HEIGHT) -> Image:
    """A piece of print as an upright picture, `height` pixels high."""
    wide, high = sides_of(corners)
    width = int(np.clip(round(wide * height / max(high, 1.0)), NARROWEST, WIDEST))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, np.float32), target)
    warped = cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, dtype=np.uint8)
