"""What comes between the paper and the picture: the table, shadow, glare, a screen's grid, a thumb, noise."""

from __future__ import annotations

import math
import random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.photos.pose import Pose

TABLES = ((122, 88, 58), (168, 140, 108), (92, 96, 102), (196, 194, 188), (60, 66, 72))
SKIN = (206, 158, 132)
TILE = 512  # pixels: noise is drawn once and repeated


def _numbers(rng: random.Random) -> np.random.Generator:
    return np.random.default_rng(rng.getrandbits(64))


def table(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A table's top, with a grain."""
    colour = np.array(rng.choice(TABLES), dtype=float)
    grain = _numbers(rng).normal(0, 1, (max(8, size[1] // 6), 24))
    streaks = Image.fromarray((128 + 22 * grain).clip(0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    shade = np.asarray(streaks, dtype=np.float32)[..., None] / 128
    return Image.fromarray((colour.astype(np.float32) * shade).clip(0, 255).astype(np.uint8))


def shaded(picture: Image.Image, shadow: float, dim: float, rng: random.Random) -> Image.Image:
    """The picture with light falling off towards one side, all of it dimmed, and the colour of a lamp."""
    angle = rng.uniform(0, 2 * math.pi)
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    along = (x * math.cos(angle) + y * math.sin(angle)) / math.sqrt(2)
    edge = 1 / (1 + np.exp(-rng.uniform(3, 9) * (along - rng.uniform(-0.3, 0.3))))
    warm = rng.uniform(0, 0.16)
    warmth = np.array([1.0, 1 - warm / 2.5, 1 - warm])
    lit = (255 * dim * (1 - shadow * edge))[..., None] * warmth
    lamp = Image.fromarray(lit.clip(0, 255).astype(np.uint8)).resize(picture.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(picture, lamp)


def _on_page(pose: Pose, rng: random.Random) -> tuple[float, float]:
    return pose.place(rng.uniform(0.15, 0.9) * pose.paper[0], rng.uniform(0.15, 0.7) * pose.paper[1])


def glare(picture: Image.Image, radius: float, pose: Pose, rng: random.Random) -> tuple[Image.Image, Image.Image]:
    """The picture with a lamp's reflection on it, and the mask of where the print is washed out."""
    x, y = _on_page(pose, rng)
    across, down = radius * picture.width, radius * picture.width * rng.uniform(0.4, 0.8)
    spot = Image.new("L", picture.size, 0)
    ImageDraw.Draw(spot).ellipse([x - across, y - down, x + across, y + down], fill=255)
    spot = spot.filter(ImageFilter.BoxBlur(picture.width * radius / 4)).filter(
        ImageFilter.BoxBlur(picture.width * radius / 4)
    )
    washed = spot.point(lambda level: 255 if level > 90 else 0)
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, spot), washed


def thumb(picture: Image.Image, pose: Pose, rng: random.Random) -> tuple[Image.Image, Image.Image]:
    """The picture with a thumb that holds the page at a side, and the mask of what lies under it."""
    right = rng.random() < 0.5
    x, y = pose.place(pose.paper[0] if right else 0.0, rng.uniform(0.2, 0.65) * pose.paper[1])
    length, breadth = picture.width * rng.uniform(0.12, 0.34), picture.width * rng.uniform(0.045, 0.07)
    tip = x - length if right else x + length
    edge = picture.width + breadth if right else -breadth
    mask = Image.new("L", picture.size, 0)
    box = [min(tip, edge), y - breadth, max(tip, edge), y + breadth]
    ImageDraw.Draw(mask).rounded_rectangle(box, radius=breadth, fill=255)
    skin = Image.new("RGB", picture.size, SKIN)
    ImageDraw.Draw(skin).rounded_rectangle(
        [box[0], y + breadth * 0.3, box[2], y + breadth], radius=breadth / 2, fill=(176, 126, 102)
    )
    nail = [tip - breadth * 1.1, tip - breadth * 0.1] if not right else [tip + breadth * 0.1, tip + breadth * 1.1]
    ImageDraw.Draw(skin).ellipse([nail[0], y - breadth * 0.6, nail[1], y + breadth * 0.5], fill=(228, 188, 172))
    skin = skin.filter(ImageFilter.GaussianBlur(breadth / 6))
    covered = mask.filter(ImageFilter.MaxFilter(7))
    return Image.composite(skin, picture, mask.filter(ImageFilter.GaussianBlur(2))), covered


def screen(picture: Image.Image, rng: random.Random) -> Image.Image:
    """The picture as a photograph of a screen: its grid beats with the camera's."""
    width, height = picture.size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, pitch = rng.uniform(0.02, 0.1), rng.uniform(2.1, 2.9)
    across = np.cos(2 * math.pi * (x * math.cos(angle) + y * math.sin(angle)) / pitch)
    down = np.cos(2 * math.pi * (y * math.cos(angle) - x * math.sin(angle)) / (pitch * 1.07))
    grid = 1 - 0.09 * (1 + across) - 0.07 * (1 + down)
    tint = np.array([0.93, 0.98, 1.0], dtype=np.float32)
    pixels = np.asarray(picture, dtype=np.float32) * grid[..., None] * tint
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def moved(picture: Image.Image, length: int, rng: random.Random) -> Image.Image:
    """The picture with the camera moving so many pixels while it is taken."""
    angle = rng.uniform(0, math.pi)
    total = np.zeros((picture.height, picture.width, 3), dtype=np.uint16)
    for step in range(length):
        dx, dy = (round(step * part) for part in (math.cos(angle), math.sin(angle)))
        total += np.roll(np.asarray(picture), (dy, dx), axis=(0, 1))
    return Image.fromarray((total // length).astype(np.uint8))


def noisy(picture: Image.Image, deviation: float, rng: random.Random) -> Image.Image:
    """The picture with the noise of its sensor."""
    tile = _numbers(rng).normal(0, deviation, (TILE, TILE, 3)).astype(np.int16)
    height, width = picture.height, picture.width
    noise = np.tile(tile, (height // TILE + 1, width // TILE + 1, 1))[:height, :width]
    return Image.fromarray((np.asarray(picture).astype(np.int16) + noise).clip(0, 255).astype(np.uint8))
