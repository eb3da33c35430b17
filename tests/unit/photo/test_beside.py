"""A lone mark beside a value is found where the search for print has passed over it."""

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest

from bot.photo.beside import marks_beside
from bot.photo.find import Corners
from bot.photo.layout import Record
from bot.photo.models import Image
from bot.photo.printed import Printed

NAME, VALUE, UNIT = 40, 400, 640  # pixels from the left


def paper(left: int, mark: str) -> Image:
    """One row, black on white, with a mark of its own."""
    sheet = PIL.Image.new("RGB", (900, 120), "white")
    pen, font = PIL.ImageDraw.Draw(sheet), PIL.ImageFont.load_default(32)
    for start, text in ((NAME, "Creatinine"), (VALUE, "367"), (UNIT, "umol/L"), (left, mark)):
        pen.text((start, 40), text, font=font, fill="black")
    return np.asarray(sheet, dtype=np.uint8)


def piece(left: int, text: str) -> Printed:
    """A piece of print as it was read."""
    right = left + PIL.ImageFont.load_default(32).getlength(text)
    corners: Corners = np.array([[left, 38], [right, 38], [right, 78], [left, 78]], np.float32)
    places = tuple((place + 0.5) / len(text) for place in range(len(text)))
    return Printed(text, corners, (1.0,) * len(text), places, level=60.0)


@pytest.mark.parametrize(
    ("left", "mark", "read"),
    [(500, "H", "H"), (330, "H", "H"), (500, "*", "*"), (500, "", None), (500, "HIGHER", None), (500, ".", None)],
)
def test_the_mark_beside_a_value_is_read(left: int, mark: str, read: str | None) -> None:
    """After the value or before it; a word or a speck is none."""
    record = Record(name=[piece(NAME, "Creatinine")], value=[piece(VALUE, "367")], unit=[piece(UNIT, "umol/L")])
    (found,) = marks_beside(paper(left, mark), [record])
    assert (found.text if found else None) == read
