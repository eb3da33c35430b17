"""From the bytes of one or several pictures to one slip, in this process and at once. `worker.py` runs it in its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

from bot.flows.photographed import Doubt, Photographed, PhotoRow, PhotoSlip, Quad, Refusal
from bot.photo.decode import picture_in
from bot.photo.find import Corners
from bot.photo.layout import Record, plain_range
from bot.photo.models import Image
from bot.photo.names import codes_of, dated, spaced
from bot.photo.page import Page, Result, page_in, page_of
from bot.photo.pdf import is_pdf, pages_in
from bot.photo.picture import Marked, drawn
from bot.photo.printed import text_of
from bot.ports import PhotoRefused

MAX_PAGES = 10  # of all the pictures of one slip


def read(data: bytes) -> tuple[PhotoSlip, bytes]:
    """The slip in a picture or a PDF, and its picture with the rows numbered (a JPEG). Raises PhotoRefused."""
    found = read_pages((data,))
    return found.slip, found.picture


def read_pages(files: Sequence[bytes]) -> Photographed:
    """The slip of which each file is a page, or a PDF of several. Raises PhotoRefused."""
    pages = [page for data in files for page in _pages(data)]
    if not 0 < len(pages) <= MAX_PAGES:
        raise PhotoRefused(Refusal.TOO_BIG if pages else Refusal.NO_TABLE)
    if not any(page.results for page in pages):
        raise PhotoRefused(Refusal.NO_TABLE)
    pages = _differing(pages)
    numbers = count(1)
    rows: list[PhotoRow] = []
    marked: list[tuple[Page, list[Marked]]] = []
    for page in pages:
        numbered = [(next(numbers), result) for result in page.results]
        rows += [_row(number, result, page.picture) for number, result in numbered]
        marked.append((page, [(number, _frame(result.record), bool(result.doubts)) for number, result in numbered]))
    return Photographed(_slip(pages, tuple(rows)), drawn(marked))


def _pages(data: bytes) -> Iterator[Page]:
    if not is_pdf(data):
        yield page_in(picture_in(data))
        return
    for page in pages_in(data):
        yield page_of(page.picture, page.pieces, on_paper=False) if page.pieces else page_in(page.picture)


def _differing(pages: list[Page]) -> list[Page]:
    """The pages, where two rows of one analyte that say different things are both in doubt: slips of two days, or of two people."""
    said: dict[str, set[str]] = {}
    for page in pages:
        for result in page.results:
            for code in codes_of(text_of(result.record.name)):
                said.setdefault(code, set()).add(text_of(result.record.value))
    unlike = {code for code, values in said.items() if len(values) > 1}
    return [replace(page, results=tuple(_doubted(result, unlike) for result in page.results)) for page in pages]


def _doubted(result: Result, unlike: set[str]) -> Result:
    if not unlike & codes_of(text_of(result.record.name)) or Doubt.CROWDED in result.doubts:
        return result
    return replace(result, doubts=tuple(sorted({*result.doubts, Doubt.CROWDED})))


def _slip(pages: list[Page], rows: tuple[PhotoRow, ...]) -> PhotoSlip:
    collected = _collected([day for page in pages for day in page.days])
    return PhotoSlip(
        rows,
        collected=collected,
        days=() if collected else _either([page.date_text for page in pages]),
        date_text=" · ".join(filter(None, (page.date_text for page in pages))),
        pages=len(pages),
        name_boxes=tuple(_quad(corners, page.picture) for page in pages for corners in page.persons),
        unread=sum(page.unread for page in pages),
    )


def _collected(days: list[tuple[str, dt.date | None]]) -> dt.date | None:
    """The day of collection; none where there are several, or one is in doubt. No other day stands for it: a report may be days younger."""
    found = {day for kind, day in days if kind == "collected"}
    return found.pop() if len(found) == 1 else None


def _either(texts: Sequence[str]) -> tuple[dt.date, ...]:
    """The days of collection that these lines can mean, whichever comes first of month and day."""
    found = (dated(text, month_leads=leads) for text in texts for leads in (False, True))
    return tuple(sorted({day for each in found for kind, day in each if kind == "collected" and day}))


def _row(number: int, result: Result, picture: Image) -> PhotoRow:
    record = result.record
    return PhotoRow(
        number,
        spaced(text_of(record.name)),
        text_of(record.value),
        text_of(record.unit),
        range=plain_range(text_of(record.range)),
        flag=text_of(record.flag),
        box=_quad(_frame(record), picture),
        doubts=tuple(str(doubt) for doubt in result.doubts),
        others=result.others,
    )


def _frame(record: Record) -> Corners:
    """The corners of a whole row."""
    pieces = sorted(record.pieces, key=lambda piece: piece.left)
    first, last = pieces[0].corners, pieces[-1].corners
    return np.array([first[0], last[1], last[2], first[3]], np.float32)


def _quad(corners: Corners, picture: Image) -> Quad:
    """Corners as shares of the picture."""
    height, width = picture.shape[:2]
    shares = [(round(float(x) / width, 4), round(float(y) / height, 4)) for x, y in corners]
    return shares[0], shares[1], shares[2], shares[3]
