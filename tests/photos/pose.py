"""Where a page lies on its photograph: from a place on the page to a place in the picture, and back."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tests.photos.slips import Box

if TYPE_CHECKING:
    from tests.photos.camera import Shot

STRIPS = 48  # in which a curled page is bent
FILLS = 0.9  # of the picture's width that the page takes


@dataclass(frozen=True)
class Pose:
    """The page's corners in the picture (upper left, upper right, lower right, lower left), and how it is bent."""

    paper: tuple[int, int]  # the page in drawing units
    picture: tuple[int, int]  # pixels, before any quarter turn
    corners: tuple[tuple[float, float], ...]
    scale: float  # pixels to a drawing unit, about
    curl: float  # height of the wave, in drawing units
    flat: bool

    def bend(self, x: float) -> float:
        """How much lower than on a flat page a point at `x` lies, in drawing units."""
        return self.curl * math.sin(math.pi * 1.3 * x / self.paper[0])

    def inverse(self, page: tuple[int, int]) -> list[float]:
        """The coefficients that take a place in the picture to a place on a page of so many pixels."""
        return list(_homography(self.corners, _rectangle(*page)))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a place on the page is in the picture."""
        a, b, c, d, e, f, g, h = _homography(_rectangle(*self.paper), self.corners)
        y += self.bend(x)
        depth = g * x + h * y + 1
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def magnification(self, box: Box) -> float:
        """How many pixels high a drawing unit is at a box, where it is least."""
        x0, y0, x1, y1 = box
        heights = (math.dist(self.place(x, y0), self.place(x, y1)) / (y1 - y0) for x in (x0, x1))
        return min(heights)

    def places(self, box: Box, turned: int) -> np.ndarray:
        """Points all over a box, in the picture after its quarter turns."""
        x0, y0, x1, y1 = box
        grid = [self.place(x, y) for x in np.linspace(x0, x1, 80) for y in np.linspace(y0, y1, 5)]
        points = np.array(grid)
        width, height = self.picture
        for _ in range(turned):
            points = np.column_stack([points[:, 1], width - 1 - points[:, 0]])
            width, height = height, width
        return points


def _rectangle(width: float, height: float) -> tuple[tuple[float, float], ...]:
    return (0, 0), (width, 0), (width, height), (0, height)


def _homography(source: tuple[tuple[float, float], ...], target: tuple[tuple[float, float], ...]) -> np.ndarray:
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float))


def posed(paper: tuple[int, int], shot: Shot, rng: random.Random) -> Pose:
    """A pose for a shot: the page in the middle of a picture, tilted, its corners astray."""
    width, height = paper
    if shot.flat:
        picture = (shot.width, round(shot.width * height / width))
        return Pose(paper, picture, _rectangle(*picture), shot.width / width, 0.0, flat=True)
    upright = (shot.width, shot.width * 4 // 3)
    picture = upright if height > width else (upright[1], upright[0])
    scale = FILLS * min(picture[0] / width, picture[1] / height) / (1 + 0.012 * abs(shot.tilt))
    middle = (_middle(picture[0], width * scale, shot.cut), picture[1] / 2)
    angle, stray = math.radians(shot.tilt), shot.skew * shot.width
    corners = []
    for x, y in _rectangle(width * scale, height * scale):
        dx, dy = x - width * scale / 2, y - height * scale / 2
        corners.append(
            (
                middle[0] + dx * math.cos(angle) - dy * math.sin(angle) + rng.uniform(-stray, stray),
                middle[1] + dx * math.sin(angle) + dy * math.cos(angle) + rng.uniform(-stray, stray),
            )
        )
    return Pose(paper, picture, tuple(corners), scale, shot.curl * height, flat=False)


def _middle(picture: float, page: float, cut: float) -> float:
    """Where the middle of a page lies; with a cut, so far aside that this share of it is off the picture."""
    return picture / 2 + (math.copysign((picture - page) / 2, cut) + cut * page if cut else 0.0)


def curled(page: Image.Image, pose: Pose) -> Image.Image:
    """The page, bent, with its paper's edge as transparency; darker where it turns away from the light."""
    page = page.convert("RGBA")
    if not pose.curl:
        return page
    width, height = page.size
    unit = width / pose.paper[0]
    edges = np.linspace(0, width, STRIPS + 1).round().astype(int).tolist()
    mesh = []
    for left, right in itertools.pairwise(edges):
        at, to = (pose.bend(x / unit) * unit for x in (left, right))
        mesh.append(((left, 0, right, height), (left, -at, left, height - at, right, height - to, right, -to)))
    bent = page.transform(page.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    slope = np.cos(np.pi * 1.3 * np.arange(width) / width)
    shade = Image.fromarray(np.tile((232 + 20 * slope).astype(np.uint8), (height, 1)))
    shaded = np.asarray(bent.convert("RGB"), dtype=np.uint16) * np.asarray(shade, dtype=np.uint16)[..., None] // 255
    result = Image.fromarray(shaded.astype(np.uint8))
    result.putalpha(bent.getchannel("A"))
    return result
