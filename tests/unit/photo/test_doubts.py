"""The comparator before a value is taken only where it is beyond doubt: `<0.2` and `≤0.2` are one bar apart."""

import cv2
import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest

from bot.flows.photographed import Doubt
from bot.photo.doubts import beginning_hidden, of_layout, of_print
from bot.photo.ink import seen
from bot.photo.layout import Record
from bot.photo.models import Image
from bot.photo.printed import Printed

SIZE = (900, 120)
NAME, VALUE, RANGE = 40, 400, 640  # pixels from the left


def paper(value: str) -> Image:
    """One row, printed in black on white, its value as the ink has it."""
    sheet = PIL.Image.new("RGB", SIZE, "white")
    pen, font = PIL.ImageDraw.Draw(sheet), PIL.ImageFont.load_default(32)
    for left, text in ((NAME, "Total bilirubin"), (VALUE, value), (RANGE, "0.2-1.2")):
        pen.text((left, 40), text, font=font, fill="black")
    return np.asarray(sheet, dtype=np.uint8)


def piece(left: int, text: str, sure: float = 1.0) -> Printed:
    """A piece of print as it was read; `sure`: of its first character."""
    high, wide = 40, PIL.ImageFont.load_default(32).getlength(text)
    corners = np.array([[left, 38], [left + wide, 38], [left + wide, 38 + high], [left, 38 + high]], np.float32)
    places = tuple((place + 0.5) / len(text) for place in range(len(text)))
    return Printed(text, corners, (sure, *[1.0] * (len(text) - 1)), places, level=60.0)


def row(value: Printed, limits: str = "0.2-1.2", name: str = "Total bilirubin") -> Record:
    """A result with that value."""
    return Record(name=[piece(NAME, name)], value=[value], range=[piece(RANGE, limits)])


def test_a_sharp_comparator_that_every_look_sees_is_taken() -> None:
    """No doubt is made where there is none."""
    value = piece(VALUE, "<0.2")
    assert of_print(row(value), paper("<0.2"), {id(value): ("<0.2", " <0.2")}) == set()


@pytest.mark.parametrize("other", ["≤0.2", "<=0.2", "0.2", ">0.2"])
def test_a_comparator_that_another_look_sees_otherwise_is_doubted(other: str) -> None:
    """Its bar, its side, and whether it is there."""
    value = piece(VALUE, "<0.2")
    assert of_print(row(value), paper("<0.2"), {id(value): ("<0.2", other)}) == {Doubt.DISAGREES}


def test_a_comparator_of_which_the_reader_is_not_sure_is_doubted() -> None:
    """As a digit is."""
    assert of_print(row(piece(VALUE, "<0.2", sure=0.89)), paper("<0.2"), {}) == {Doubt.FAINT}


def test_a_value_with_a_bar_under_its_comparator_is_doubted() -> None:
    """Laboratories print `<`; that each look sees the bar does not make it one."""
    value = piece(VALUE, "≤0.2")
    assert of_print(row(value), paper("<0.2"), {id(value): ("≤0.2", "≤0.2")}) == {Doubt.FAINT}


@pytest.mark.parametrize("way", [(1, 7), (7, 1), (7, 7)], ids=["up and down", "sideways", "out of focus"])
def test_where_print_is_blurred_a_comparator_is_doubted(way: tuple[int, int]) -> None:
    """Whichever way the camera moved; digits alike blurred can still be told apart."""
    compared, plain = (
        of_print(row(piece(VALUE, text)), np.asarray(cv2.blur(paper(text), way), dtype=np.uint8), {})
        for text in ("<0.2", "0.2")
    )
    assert Doubt.BLURRED in compared
    assert Doubt.BLURRED not in plain


def test_a_comparator_that_stands_far_from_its_value_is_doubted() -> None:
    """It is neither lost, nor taken unseen with the name."""
    assert Doubt.CROWDED in of_layout(row(piece(VALUE, "0.2"), name="Total bilirubin <"), units_printed=False)


def test_the_bar_of_a_limit_costs_no_question() -> None:
    """A range up to 1.2 has the same limit by `<` and by `≤`."""
    value, limits = piece(VALUE, "0.9"), piece(RANGE, "≤1.2")
    record = Record(name=[piece(NAME, "Total bilirubin")], value=[value], range=[limits])
    assert of_print(record, paper("0.9"), {id(limits): ("≤1.2", "<1.2")}) == set()


def test_a_name_that_is_cut_by_the_edge_of_the_picture_is_doubted() -> None:
    """What is left of `Direct bilirubin` on a picture that begins in its midst reads as bilirubin."""
    whole, value = row(piece(VALUE, "0.3")), piece(VALUE - NAME, "0.3")
    cut = Record(name=[piece(2, "Total bilirubin")], value=[value], range=[piece(RANGE - NAME, "0.2-1.2")])
    picture = paper("0.3")
    assert of_print(whole, picture, {}) == set()
    assert of_print(cut, np.ascontiguousarray(picture[:, NAME - 2 :]), {}) == {Doubt.NAME}


def test_a_name_that_fades_into_light_is_doubted() -> None:
    """A lamp's reflection lies over its beginning, and over what may stand before it."""
    picture = paper("0.3").astype(np.float32)
    light = np.clip(1.3 - np.abs(np.arange(SIZE[0]) - NAME) / 110, 0, 1)[None, :, None]
    washed = (picture + (255 - picture) * light * 0.9).astype(np.uint8)
    assert Doubt.NAME in of_print(row(piece(VALUE, "0.3")), washed, {})


def test_a_name_that_begins_where_no_other_does_is_doubted() -> None:
    """Where names stand in a column, the one that begins late has lost its first word."""
    records = [Record(name=[piece(NAME, "Albumin")], value=[piece(VALUE, "41")]) for _ in range(5)]
    late = Record(name=[piece(NAME + 130, "bilirubin")], value=[piece(VALUE, "0.3")])
    assert beginning_hidden([*records, late]) == {id(late)}
    staggered = [Record(name=[piece(NAME + 90 * place, "Albumin")], value=[piece(VALUE, "4")]) for place in range(5)]
    assert beginning_hidden(staggered) == set()


def test_a_page_that_marks_nothing_needs_no_mark() -> None:
    """A value outside its range costs a question only where the page marks such values, or where it is far outside."""
    outside, far = (
        Record(name=[piece(NAME, "Total bilirubin")], value=[piece(VALUE, text)], range=[piece(RANGE, "2-12")])
        for text in ("19", "1900")
    )
    assert of_layout(outside, units_printed=False, marks_printed=True) == {Doubt.FLAG}
    assert of_layout(outside, units_printed=False, marks_printed=False) == set()
    assert of_layout(far, units_printed=False, marks_printed=False) == {Doubt.FLAG}


@pytest.mark.parametrize(("value", "doubts"), [("3.03", set()), ("<0.1", set())])
def test_the_figure_of_a_footnote_is_none_of_the_value(value: str, doubts: set[Doubt]) -> None:
    """It is smaller, and stands high. Without it the value is sure."""
    assert of_print(row(piece(VALUE, value)), paper(value), {}) == doubts
    sheet = PIL.Image.fromarray(paper(value))
    end = VALUE + PIL.ImageFont.load_default(32).getlength(value)
    PIL.ImageDraw.Draw(sheet).text((end, 36), "1", font=PIL.ImageFont.load_default(24), fill="black")
    assert Doubt.CROWDED in of_print(row(piece(VALUE, f"{value}1")), np.asarray(sheet, dtype=np.uint8), {})


@pytest.mark.parametrize(
    ("value", "gap"),
    [("117", False), ("711", False), ("11.7", True), ("1.1", True), ("7.1", True), ("1.01", True), ("4.35", True)],
)
def test_a_gap_in_which_a_point_may_have_been_lost_is_doubted(value: str, *, gap: bool) -> None:
    """Wherever it stood; beside a narrow `1` there is more room without any."""
    sheet = PIL.Image.new("RGB", SIZE, "white")
    pen, font, left = PIL.ImageDraw.Draw(sheet), PIL.ImageFont.load_default(32), float(VALUE)
    for sign in value:
        if sign != ".":
            pen.text((left, 40), sign, font=font, fill="black")
        left += font.getlength(sign)
    found = seen(np.asarray(sheet, dtype=np.uint8), piece(VALUE, value).corners)
    assert found.gap is gap
