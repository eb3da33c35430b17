"""The papers of an examination: slips photographed, and slips as PDF files, each with the truth about it."""

from __future__ import annotations

import datetime as dt
import html
import io
import random
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.photos.camera import TROUBLES, photograph, plan
from tests.photos.labs import LABS
from tests.photos.panel import CHEMISTRY, COUNT
from tests.photos.slips import Printed, Slip, compose, draw

PDFS = ("pdf-text", "pdf-picture", "pdf-pages")
SCANNED = 1.33  # pixels to a drawing unit: 200 dots an inch
BROWSER = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
DRAWN = 96 / 150  # of a drawing unit, a CSS pixel


@dataclass(frozen=True)
class Paper:
    """What a person sends, and the truth about it."""

    name: str
    trouble: str
    lab: str
    data: bytes
    printed: tuple[Printed, ...]
    readable: frozenset[str]
    collected: dt.date
    day_readable: bool


def photographs(numbers: Iterable[int], seed: int, only: str | None = None) -> Iterator[Paper]:
    """The photographs with these numbers: each laboratory meets each trouble in turn. A number's photograph is the same
    at every run with the seed.
    """
    troubles = (only,) if only else TROUBLES
    for number in numbers:
        lab, trouble = LABS[number % len(LABS)], troubles[number % len(troubles)]
        rng = random.Random(f"{seed}/{number}/{trouble}")  # noqa: S311 - no secret
        slip = compose(lab, rng)
        photo = photograph(slip, plan(trouble, rng), rng)
        yield Paper(
            f"{number:03}-{trouble}-{lab.key}.jpg",
            trouble,
            lab.key,
            photo.data,
            tuple(slip.printed),
            photo.readable,
            slip.collected,
            photo.day_readable,
        )


def pdfs(numbers: Iterable[int], seed: int) -> Iterator[Paper]:
    """The PDF files with these numbers: with the print as text, with a picture of it, and with one table on each of two pages."""
    for number in numbers:
        lab, kind = LABS[number % len(LABS)], PDFS[number % len(PDFS)]
        pages = [(COUNT,), (CHEMISTRY,)] if kind == "pdf-pages" else [(COUNT, CHEMISTRY)]
        # Each page begins from the same seed: one person, one day.
        slips = [compose(lab, random.Random(f"{seed}/{number}/{kind}"), groups) for groups in pages]  # noqa: S311
        printed = tuple(row for slip in slips for row in slip.printed)
        yield Paper(
            f"{number:03}-{kind}-{lab.key}.pdf",
            kind,
            lab.key,
            _printed(slips[0]) if kind == "pdf-text" else _pictured(slips),
            printed,
            frozenset(row.analyte for row in printed),
            slips[0].collected,
            day_readable=True,
        )


def _pictured(slips: list[Slip]) -> bytes:
    first, *others = (draw(slip, SCANNED) for slip in slips)
    file = io.BytesIO()
    first.save(file, "PDF", save_all=True, append_images=others, resolution=150 * SCANNED, quality=80)
    return file.getvalue()


def _printed(slip: Slip) -> bytes:
    """The slip as a browser prints it, its text as text."""
    with tempfile.TemporaryDirectory(prefix="slip-") as folder:
        page, file = Path(folder, "slip.html"), Path(folder, "slip.pdf")
        page.write_text(_page(slip))
        subprocess.run(
            [*BROWSER, f"--user-data-dir={folder}/profile", f"--print-to-pdf={file}", page.as_uri()],
            check=True,
            capture_output=True,
            timeout=60,
        )
        return file.read_bytes()


def _page(slip: Slip) -> str:
    width, height = (side * DRAWN for side in slip.lab.size)
    sheet = (
        f"@page {{size: {width}px {height}px; margin: 0}} body {{margin: 0}} "
        f"b, span {{position: absolute; white-space: pre; line-height: 1; font-family: '{slip.lab.face}'}} "
        "i {position: absolute; background: #222}"
    )
    shift = {"l": "0", "m": "-50%", "r": "-100%"}
    pieces = []
    for mark in slip.marks:
        tag = "b" if mark.bold else "span"
        place = f"left: {mark.x * DRAWN}px; top: {(mark.y - mark.size * 0.9) * DRAWN}px"
        style = f"{place}; font-size: {mark.size * DRAWN}px; transform: translateX({shift[mark.align]})"
        pieces.append(f'<{tag} style="{style}">{html.escape(mark.text)}</{tag}>')
    for x0, y0, x1, y1 in slip.strokes:
        size = f"width: {max(1, (x1 - x0) * DRAWN)}px; height: {max(1, (y1 - y0) * DRAWN)}px"
        pieces.append(f'<i style="left: {x0 * DRAWN}px; top: {y0 * DRAWN}px; {size}"></i>')
    return f"<!doctype html><meta charset=utf-8><style>{sheet}</style>{''.join(pieces)}"
