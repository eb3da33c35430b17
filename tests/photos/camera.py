"""A camera in a hurried hand: photographs of a slip, with their troubles, and what can still be read on them.

What counts as readable is fixed here, by geometry and light alone: the letters are at least `LEGIBLE` pixels high on
the photograph, blurred by no more than `SHARP` of their height, and every part of the row is on the photograph and
covered by nothing.
"""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from tests.photos import light
from tests.photos.pose import Pose, curled, posed
from tests.photos.slips import Box, Slip, draw

LEGIBLE = 9.0  # pixels: the height of a digit on the photograph
SHARP = 0.17  # of that height: the standard deviation of the blur
OVERSIZE = 1.25  # the page is drawn larger than it is photographed, as print is finer than pixels

TROUBLES = (
    "flat",
    "tilt",
    "perspective",
    "quarter",
    "upside-down",
    "focus",
    "motion",
    "shadow",
    "glare",
    "screen",
    "noise",
    "jpeg",
    "thumb",
    "cut",
    "curl",
    "dim",
    "small",
    "large",
    "several",
)


@dataclass(frozen=True)
class Shot:
    """How a photograph is taken. Lengths are pixels unless said otherwise."""

    width: int = 1900  # of the photograph's shorter side
    flat: bool = False  # a scan: the page fills the picture
    tilt: float = 0.0  # degrees
    skew: float = 0.0  # how far a corner strays, as a share of the width
    turned: int = 0  # quarter turns
    focus: float = 0.0  # standard deviation of the blur
    motion: int = 0
    shadow: float = 0.0  # light lost at the dark end, as a share
    glare: float = 0.0  # radius of the spot, as a share of the width
    screen: bool = False
    noise: float = 3.0  # standard deviation, of 255
    quality: int = 88
    thumb: bool = False
    cut: float = 0.0  # share of the page's width that is off the picture
    curl: float = 0.0  # height of the wave, as a share of the page's height
    dim: float = 1.0  # light that is left


@dataclass(frozen=True)
class Photo:
    """A photograph as it is sent, and what on it can be read."""

    data: bytes
    readable: frozenset[str]  # analytes
    day_readable: bool
    letter: float  # pixels: the least height of a digit in the tables


def plan(trouble: str, rng: random.Random) -> Shot:
    """A shot with one trouble; everything else as in a good photograph."""
    shot = Shot(
        width=rng.randint(1700, 2300), tilt=rng.uniform(-2, 2), skew=rng.uniform(0, 0.015), shadow=rng.uniform(0, 0.15)
    )
    sign = rng.choice([-1, 1])
    changes: dict[str, dict[str, object]] = {
        "flat": {"flat": True, "noise": 0.0, "shadow": 0.0, "tilt": 0.0, "skew": 0.0, "width": 1500},
        "tilt": {"tilt": sign * rng.uniform(6, 15)},
        "perspective": {"skew": rng.uniform(0.04, 0.08)},
        "quarter": {"turned": rng.choice([1, 3])},
        "upside-down": {"turned": 2},
        "focus": {"focus": rng.uniform(1.2, 2.4)},
        "motion": {"motion": rng.randint(3, 7)},
        "shadow": {"shadow": rng.uniform(0.45, 0.7)},
        "glare": {"glare": rng.uniform(0.06, 0.16)},
        "screen": {"screen": True, "focus": 0.6},
        "noise": {"noise": rng.uniform(12, 24)},
        "jpeg": {"quality": 30},
        "thumb": {"thumb": True},
        "cut": {"cut": sign * rng.uniform(0.08, 0.3)},
        "curl": {"curl": rng.uniform(0.01, 0.03)},
        "dim": {"dim": rng.uniform(0.3, 0.5), "noise": 7.0},
        "small": {"width": rng.randint(640, 1300)},
        "large": {"width": rng.randint(2800, 3200)},
        "several": {
            "tilt": sign * rng.uniform(2, 8),
            "skew": rng.uniform(0.02, 0.05),
            "shadow": rng.uniform(0.2, 0.5),
            "focus": rng.uniform(0.6, 1.4),
            "quality": 60,
            "turned": rng.choice([0, 0, 1, 3]),
            "noise": 8.0,
        },
    }
    return replace(shot, **changes[trouble])  # type: ignore[arg-type]


def photograph(slip: Slip, shot: Shot, rng: random.Random) -> Photo:
    """A photograph of a slip."""
    pose = posed(slip.lab.size, shot, rng)
    page = curled(draw(slip, pose.scale * OVERSIZE), pose)
    picture, hidden = _exposed(_on_table(page, pose, rng), shot, pose, rng)
    picture, hidden = (_turned(each, shot.turned) for each in (picture, hidden))
    covered = np.asarray(hidden) > 0
    least = min((_letter(slip, pose, row.box) for row in slip.printed), default=0.0)
    readable = {row.analyte for row in slip.printed if _readable(slip, shot, pose, covered, row.box)}
    day_readable = _readable(slip, shot, pose, covered, slip.day_box)
    return Photo(_jpeg(picture, shot.quality), frozenset(readable), day_readable, least)


def _on_table(page: Image.Image, pose: Pose, rng: random.Random) -> Image.Image:
    if pose.flat:
        return page.convert("RGB").resize(pose.picture, Image.Resampling.LANCZOS)
    sized = page.resize((round(page.width / OVERSIZE), round(page.height / OVERSIZE)), Image.Resampling.LANCZOS)
    laid = sized.transform(
        pose.picture, Image.Transform.PERSPECTIVE, pose.inverse(sized.size), Image.Resampling.BICUBIC
    )
    table = light.table(pose.picture, rng)
    fallen = laid.getchannel("A").filter(ImageFilter.GaussianBlur(pose.picture[0] / 120))
    table = Image.composite(
        ImageChops.multiply(table, Image.new("RGB", table.size, (120, 118, 115))),
        table,
        ImageChops.offset(fallen, pose.picture[0] // 150),
    )
    table.paste(laid, (0, 0), laid)
    return table


def _exposed(picture: Image.Image, shot: Shot, pose: Pose, rng: random.Random) -> tuple[Image.Image, Image.Image]:
    """The picture under its light and through its lens, and the mask of what is hidden on it."""
    hidden = Image.new("L", picture.size, 0)
    if shot.screen:
        picture = light.screen(picture, rng)
    if shot.shadow or shot.dim < 1:
        picture = light.shaded(picture, shot.shadow, shot.dim, rng)
    if shot.glare:
        picture, hidden = light.glare(picture, shot.glare, pose, rng)
    if shot.thumb:
        picture, hidden = light.thumb(picture, pose, rng)
    if shot.focus:
        picture = picture.filter(ImageFilter.GaussianBlur(shot.focus))
    if shot.motion:
        picture = light.moved(picture, shot.motion, rng)
    return (light.noisy(picture, shot.noise, rng) if shot.noise else picture), hidden


def _turned(picture: Image.Image, quarters: int) -> Image.Image:
    return picture.rotate(90 * quarters, expand=True) if quarters else picture


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _letter(slip: Slip, pose: Pose, box: Box) -> float:
    return slip.letter * pose.magnification(box)


def _readable(slip: Slip, shot: Shot, pose: Pose, covered: np.ndarray, box: Box) -> bool:
    letter = _letter(slip, pose, box)
    blur = math.hypot(shot.focus, shot.motion / math.sqrt(12))
    if letter < LEGIBLE or blur > SHARP * letter:
        return False
    points = pose.places(box, shot.turned)
    height, width = covered.shape
    inside = (points[:, 0] >= 2) & (points[:, 1] >= 2) & (points[:, 0] < width - 2) & (points[:, 1] < height - 2)
    if not inside.all():
        return False
    return not covered[points[:, 1].astype(int), points[:, 0].astype(int)].any()
