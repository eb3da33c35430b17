"""The pages of a PDF: its text where it stands, and a picture of each page. Nothing in the file is run or followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pypdfium2
import pypdfium2.raw

from bot.flows.photographed import Refusal
from bot.photo.models import Image
from bot.photo.printed import Printed
from bot.ports import PhotoRefused

START = b"%PDF-"
MAX_PAGES = 5
LONG_SIDE = 2400  # pixels of a page's picture
FEW = 20  # characters: a page with fewer is a picture of one


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's picture, and the pieces of its text; none where it holds a picture alone."""

    picture: Image
    pieces: list[Printed]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its edges, in pixels of the page's picture."""

    sign: str
    left: float
    top: float
    right: float
    bottom: float


def is_pdf(data: bytes) -> bool:
    """Whether the bytes say that they are a PDF."""
    return START in data[:1024]


def pages_in(data: bytes) -> list[PdfPage]:
    """The pages of a PDF. Raises PhotoRefused."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        locked = "password" in str(fault).lower() or "security" in str(fault).lower()
        raise PhotoRefused(Refusal.ENCRYPTED if locked else Refusal.BROKEN) from None
    try:
        if len(document) > MAX_PAGES:
            raise PhotoRefused(Refusal.TOO_BIG)
        return [_page(document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError:
        raise PhotoRefused(Refusal.BROKEN) from None
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> PdfPage:
    width, height = page.get_size()
    scale = LONG_SIDE / max(width, height, 1.0)
    picture = np.asarray(page.render(scale=scale).to_pil().convert("RGB"), dtype=np.uint8)
    text = page.get_textpage()
    if text.count_chars() < FEW or page.get_rotation():
        return PdfPage(picture, [])
    return PdfPage(picture, _pieces(text, scale, height))


def _pieces(text: pypdfium2.PdfTextPage, scale: float, height: float) -> list[Printed]:
    """The characters, joined to words where they stand side by side."""
    found: list[Printed] = []
    word: list[Glyph] = []
    for number in range(text.count_chars()):
        sign = text.get_text_range(number, 1)
        left, bottom, right, top = (each * scale for each in text.get_charbox(number, loose=True))
        glyph = Glyph(sign, left, height * scale - top, right, height * scale - bottom)
        if word and (not sign.strip() or not _follows(word[-1], glyph)):
            found.append(_piece(word))
            word = []
        if sign.strip():
            word.append(glyph)
    return [*found, _piece(word)] if word else found


def _follows(before: Glyph, after: Glyph) -> bool:
    """Whether two characters stand side by side in one word."""
    high = max(before.bottom - before.top, 1.0)
    level = abs(before.bottom - after.bottom) < 0.4 * high
    return level and -0.3 * high < after.left - before.right < 0.3 * high


def _piece(word: list[Glyph]) -> Printed:
    left, right = word[0].left, word[-1].right
    top, bottom = min(each.top for each in word), max(each.bottom for each in word)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    said = "".join(each.sign for each in word)
    places = tuple(min(1.0, max(0.0, ((each.left + each.right) / 2 - left) / max(right - left, 1.0))) for each in word)
    return Printed(said, corners, (1.0,) * len(said), places[: len(said)], (top + bottom) / 2)
