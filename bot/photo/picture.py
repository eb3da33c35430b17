"""The picture that is shown beside the table: the rows framed and numbered, the person's name and numbers covered."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from bot.photo.find import Corners
from bot.photo.page import Page

LONG_SIDE = 1600  # pixels
MAX_BYTES = 300 * 1024
COVER = (64, 64, 64)
SURE, DOUBTFUL = (0, 110, 80), (190, 70, 0)  # frames; numbers say the same without colour, by a question mark
QUALITIES = (82, 70, 58, 46, 34)

Marked = tuple[int, Corners, bool]
"""A row's number, where it stands, and whether it is in doubt."""


def drawn(pages: list[tuple[Page, list[Marked]]]) -> bytes:
    """The pages below one another, as a JPEG within the limits."""
    sheets = [_sheet(page, rows) for page, rows in pages]
    width = max(sheet.width for sheet in sheets)
    whole = PIL.Image.new("RGB", (width, sum(sheet.height for sheet in sheets)), "white")
    top = 0
    for sheet in sheets:
        whole.paste(sheet, (0, top))
        top += sheet.height
    whole.thumbnail((LONG_SIDE, LONG_SIDE), PIL.Image.Resampling.LANCZOS)
    return _small(whole)


def _small(picture: PIL.Image.Image) -> bytes:
    """As a JPEG that is small enough: with less quality, and then with fewer pixels."""
    while True:
        for quality in QUALITIES:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= MAX_BYTES:
                return out.getvalue()
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4))


def _sheet(page: Page, rows: list[Marked]) -> PIL.Image.Image:
    scale = min(1.0, LONG_SIDE / max(page.picture.shape[:2]))
    size = (round(page.picture.shape[1] * scale), round(page.picture.shape[0] * scale))
    sheet = PIL.Image.fromarray(page.picture).resize(size, PIL.Image.Resampling.LANCZOS)
    pen = PIL.ImageDraw.Draw(sheet)
    for corners in page.persons:
        pen.polygon(_points(_grown(corners) * scale), fill=COVER)
    for number, corners, doubtful in rows:
        _mark(pen, corners * scale, f"{number}?" if doubtful else str(number), DOUBTFUL if doubtful else SURE)
    return sheet


def _mark(pen: PIL.ImageDraw.ImageDraw, corners: Corners, label: str, colour: tuple[int, int, int]) -> None:
    pen.polygon(_points(corners), outline=colour, width=2)
    high = float(np.clip(np.linalg.norm(corners[3] - corners[0]), 16, 40))
    font = PIL.ImageFont.load_default(high * 0.8)
    left, top, right, bottom = pen.textbbox((0, 0), label, font=font)
    at = (max(0.0, float(corners[0, 0]) - (right - left) - 10), float(corners[[0, 3], 1].mean()) - (top + bottom) / 2)
    pen.rectangle((at[0] - 4, at[1] + top - 3, at[0] + right + 4, at[1] + bottom + 3), fill=colour)
    pen.text(at, label, font=font, fill="white")


def _grown(corners: Corners) -> Corners:
    """A little more than the print, so that nothing of it looks out."""
    middle = corners.mean(axis=0)
    away = np.sign(corners - middle) * np.linalg.norm(corners[3] - corners[0]) * 0.15
    return np.asarray(corners + away, dtype=np.float32)


def _points(corners: Corners) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in corners]
