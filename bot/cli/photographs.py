"""Photographs of a slip on the command line: read as the chat reads them."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from bot.errors import Mendable

if TYPE_CHECKING:
    from bot.criteria.reading import Reading
    from bot.flows.photographed import Photographed, PhotoRow

EXPLAINED = ".read.png"
"""What the picture with its numbered rows is called, after the name of the first file without its own ending."""

WHY = MappingProxyType(
    {
        "too_big": "it is larger than 20 MB or has more than ten pages: send the page with the results alone",
        "too_many_pixels": "it has more than 50 million pixels: save it smaller",
        "broken": "it cannot be opened: save it anew",
        "animated": "it moves: save one frame of it",
        "not_a_picture": "it is neither a picture nor a PDF",
        "too_slow": "it took too long to read: cut out the results",
        "no_table": "no results were found in it: photograph the whole slip from straight above",
        "encrypted": "it is locked with a password: save it without one",
        "not_installed": "photographs need the extra `photo`: run `pip install 'prescreen-bot[photo]'`",
        "busy": "too many are being read: try again",
    }
)


class NotRead(Mendable):
    """Photographs that were not read."""

    exit_status = 2


def photographed(
    files: Sequence[Path], read: Callable[[str], Reading], today: dt.date, *, explain: bool
) -> dict[str, Any]:
    """The slip in these photographs as `parse` prints one, with `photo`: its rows, the doubts about each, and its day.

    `today`: no day after it is one of collection. `explain`: the picture with the rows numbered is put beside the first file. Raises `NotRead`.
    """
    from bot.criteria.replies.contract import as_json
    from bot.flows.photographed import slip_reading

    found = asyncio.run(_read(files))
    slip = found.slip.until(today)
    if explain:
        beside = files[0].with_suffix(EXPLAINED)
        _save(found.picture, beside)
        click.echo(f"The rows are numbered in {beside}", err=True)
    photo = {
        "collected": slip.collected.isoformat() if slip.collected else None,
        "days": [day.isoformat() for day in slip.days],
        "pages": slip.pages,
        "unread": slip.unread,
        "rows": [_row(row) for row in slip.rows],
    }
    return {**as_json(slip_reading(slip, read)), "photo": photo}


def _save(picture: bytes, file: Path) -> None:
    """Keep the picture as a PNG: what is drawn in it stays sharp wherever it goes on."""
    import PIL.Image

    with PIL.Image.open(io.BytesIO(picture)) as drawn:
        drawn.save(file, "PNG", optimize=True)


def _row(row: PhotoRow) -> dict[str, Any]:
    return {"number": row.number, "text": row.text, "doubts": list(row.doubts), "others": list(row.others)}


async def _read(files: Sequence[Path]) -> Photographed:
    from bot.photo.worker import Reader
    from bot.ports import PhotoRefused

    reader = Reader()
    try:
        return await reader.read([file.read_bytes() for file in files])
    except PhotoRefused as refused:
        raise NotRead(f"{files[0]} was not read: {WHY[refused.reason]}.") from None
    finally:
        await reader.close()
