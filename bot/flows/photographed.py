"""What a photographed laboratory slip says: its rows, what is doubtful about each, and the day that it gives.

Pure. The reader of pictures makes it; the conversation reads it back. A row with a doubt is asked about, never taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.criteria.reading import Alternative, Outcome, Reading, Reason

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Four corners in reading order (top left first, clockwise), as fractions of the picture's width and height."""

Read = Callable[[str], Reading]
"""Reads the text of a slip, as `bot.criteria.replies.read_slip` does."""


class Doubt(StrEnum):
    """Why a row is asked about."""

    FAINT = "faint"  # a character of which the reader is not sure
    BLURRED = "blurred"  # the print is too soft for its digits to be told apart
    DISAGREES = "disagrees"  # two looks at the same print came out differently
    DECIMAL = "decimal"  # a point may have been lost or made
    FLAG = "flag"  # the value, its range and its mark do not fit each other
    UNIT = "unit"  # no unit, or a garbled one, where the slip has units
    RANGE = "range"  # the reference range is garbled
    TOUCHES = "touches"  # the print runs into its neighbour, or is cut at the edge
    CROWDED = "crowded"  # more or less stands in the row than belongs to it
    NAME = "name"  # what was measured cannot be told beyond doubt


class Refusal(StrEnum):
    """Why a picture was not read. Channels put it into words."""

    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"
    ANIMATED = "animated"
    NOT_A_PICTURE = "not_a_picture"
    TOO_SLOW = "too_slow"
    NO_TABLE = "no_table"
    ENCRYPTED = "encrypted"
    NOT_INSTALLED = "not_installed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class PhotoCell:
    """A piece of print. `box`: where it stands. `confidence`: of its weakest character, 0 to 1."""

    text: str
    box: Quad
    confidence: float


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One row of the slip as printed. `number`: the one drawn beside it in the picture.

    `doubts`: codes of `Doubt`; a row with any is to be asked about. `others`: what else its value can be, where the looks at
    it differ.
    """

    number: int
    analyte: str
    value: str
    unit: str
    range: str
    flag: str
    box: Quad
    doubts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The row as one would type it: name, value, unit, mark, and the reference range in brackets."""
        limits = f"({self.range})" if self.range else ""
        return " ".join(part for part in (self.analyte, self.value, self.unit, self.flag, limits) if part)


@dataclass(frozen=True, slots=True)
class PhotoSlip:
    """A slip as read from its pictures.

    `collected`: the day beside a label of collection; None where there is none, several differ, or it is in doubt. The
    day of a report, of arrival or of printing never stands for it. `days`: as which the day beside that label can be read,
    where it is in doubt. `date_text`: the lines that give any of these days, as read.
    `name_boxes`: where the person's name and numbers stand, which are covered in the picture and read nowhere.
    `unread`: how many pieces of print look like results and could not be read.
    """

    rows: tuple[PhotoRow, ...]
    collected: dt.date | None = None
    days: tuple[dt.date, ...] = ()
    date_text: str = ""
    pages: int = 1
    name_boxes: tuple[Quad, ...] = ()
    unread: int = 0

    def until(self, today: dt.date) -> PhotoSlip:
        """The slip without days that are still to come: misread, or of an appointment."""
        collected = self.collected if self.collected is not None and self.collected <= today else None
        return replace(self, collected=collected, days=tuple(day for day in self.days if day <= today))

    @property
    def text(self) -> str:
        """The rows as one would type them, a line each."""
        return "\n".join(row.text for row in self.rows)


@dataclass(frozen=True, slots=True)
class Photographed:
    """A slip, and its picture: a JPEG with the rows numbered, and name and numbers covered."""

    slip: PhotoSlip
    picture: bytes


def slip_reading(slip: PhotoSlip, read: Read) -> Reading:
    """The slip as the reply that it stands for: each sure row as if typed, each doubtful row as one to be asked about.

    `read` is given lines of `PhotoRow.text`. An analyte that stands on several rows is asked about by `read` itself.
    """
    whole = read(slip.text)
    if whole.slip is None:
        return whole
    rows = rows_by_code(slip, read)
    entries = {code: _entry(entry, code, rows.get(code, ()), read) for code, entry in whole.slip.items()}
    dated = {code: replace(each, observed_on=each.observed_on or slip.collected) for code, each in entries.items()}
    return replace(whole, slip=dated)


def rows_by_code(slip: PhotoSlip, read: Read) -> dict[str, tuple[PhotoRow, ...]]:
    """The rows that speak of each analyte that is asked for, by its code."""
    found: dict[str, tuple[PhotoRow, ...]] = {}
    for row in slip.rows:
        for code in read(row.text).slip or {}:
            found[code] = (*found.get(code, ()), row)
    return found


def _entry(entry: Reading, code: str, rows: tuple[PhotoRow, ...], read: Read) -> Reading:
    """The reading of an analyte as it stands; where a row of it is in doubt, one to choose from what may stand there."""
    if not any(row.doubts for row in rows):
        return entry
    seen = [each for row in rows for value in (row.value, *row.others) for each in _seen(row, value, code, read)]
    readings = tuple({(each.interval, each.unit): each for each in (*seen, *entry.readings)}.values())
    if not entry.counts:
        return replace(entry, readings=readings)
    return Reading(entry.reply, Outcome.CLARIFY, Reason.NOT_UNDERSTOOD, flags=entry.flags, readings=readings)


def _seen(row: PhotoRow, value: str, code: str, read: Read) -> Iterator[Alternative]:
    """What a row says with this value, where that can be read."""
    entry = (read(replace(row, value=value).text).slip or {}).get(code)
    if entry is not None and entry.reported is not None and entry.reported_unit is not None:
        yield Alternative(label=entry.reply, reply=entry.reply, interval=entry.reported, unit=entry.reported_unit)
