"""Print laid out by hand: pieces on a line, and what a page of them gives."""

import numpy as np

from bot.photo.layout import Record, lines_of, records_of
from bot.photo.printed import Printed, text_of

WIDE, HIGH = 10, 20  # pixels of a character and of a line


def piece(left: float, top: float, text: str) -> Printed:
    """A piece of print that was read without doubt."""
    right, bottom = left + WIDE * len(text), top + HIGH
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    places = tuple((place + 0.5) / len(text) for place in range(len(text)))
    return Printed(text, corners, (1.0,) * len(text), places, top + HIGH / 2)


def laid_out(*lines: dict[float, str]) -> list[Record]:
    """The results on a page, of which each line is given by left edges."""
    pieces = [piece(left, 40 * row, text) for row, line in enumerate(lines) for left, text in line.items()]
    return records_of(lines_of(pieces))


def told(record: Record) -> tuple[str, ...]:
    """Name, value, mark, unit and range of a result."""
    return tuple(text_of(part) for part in (record.name, record.value, record.flag, record.unit, record.range))
