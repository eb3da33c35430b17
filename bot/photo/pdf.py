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
    """The text in runs, as the file draws it."""
    found: list[Printed] = []
    for number in range(text.count_rects()):
        box = text.get_rect(number)
        said = text.get_text_bounded(*box).strip()
        if said:
            left, bottom, right, top = (each * scale for each in box)
            found.append(_piece(" ".join(said.split()), (left, height * scale - top, right, height * scale - bottom)))
    return found


def _piece(said: str, box: tuple[float, float, float, float]) -> Printed:
    left, top, right, bottom = box
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    places = tuple((place + 0.5) / len(said) for place in range(len(said)))
    return Printed(said, corners, (1.0,) * len(said), places, (top + bottom) / 2)
