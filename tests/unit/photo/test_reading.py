"""A picture of a slip becomes rows; what cannot be told is doubted, and what is no slip is refused."""

import datetime as dt
import io
from fractions import Fraction

import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest

from bot.cli.parse import reader
from bot.criteria.reading import Outcome
from bot.flows.photographed import PhotoSlip, Refusal, slip_reading
from bot.photo import decode
from bot.photo.doubts import together
from bot.photo.models import Line
from bot.photo.names import codes_of, dated, month_first, of_person, slashed, spaced, spelled
from bot.photo.printed import printed
from bot.photo.reading import read, read_pages
from bot.ports import PhotoRefused
from tests.unit.photo.drawn import ROWS, saved, slip

TODAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def straight() -> tuple[PhotoSlip, bytes]:
    """The drawn slip, read as it is."""
    return read(saved(slip()))


def test_each_row_is_read_with_its_value_unit_mark_and_range(straight: tuple[PhotoSlip, bytes]) -> None:
    """What is drawn is what is read, row by row."""
    rows = straight[0].rows
    assert [(row.analyte, row.value, row.flag, row.unit, row.range) for row in rows] == list(ROWS)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]


def test_sure_rows_answer_as_if_they_were_typed(straight: tuple[PhotoSlip, bytes]) -> None:
    """The reading of the slip holds the trial's analytes, on the day of collection; direct bilirubin is none of them."""
    found = slip_reading(straight[0], reader("slip", "4scar7u", "patient", TODAY)).slip or {}
    assert {code: entry.reported.low for code, entry in found.items() if entry.reported} == {
        "hemoglobin": Fraction("9.2"),
        "alt": 31,
        "ast": Fraction("41.5"),
        "bilirubin": Fraction("0.9"),
        "creatinine": Fraction("1.05"),
    }
    assert {entry.observed_on for entry in found.values()} == {dt.date(2026, 11, 20)}


def test_a_person_is_covered_in_the_picture_and_named_nowhere(straight: tuple[PhotoSlip, bytes]) -> None:
    """No text of the slip holds the name, and where it stood the picture is dark."""
    found, picture = straight
    assert "Ada" not in repr(found)
    (left, top), _, (right, bottom), _ = found.name_boxes[0]
    with PIL.Image.open(io.BytesIO(picture)) as shown:
        covered = np.asarray(shown.convert("L"))
    high, wide = covered.shape
    assert covered[int(top * high) : int(bottom * high), int(left * wide) : int(right * wide)].max() < 120
    assert len(picture) <= 300 * 1024


def test_a_turned_picture_is_read_like_an_upright_one(straight: tuple[PhotoSlip, bytes]) -> None:
    """By three quarters, which is both ways of turning."""
    turned = slip(ROWS[:3]).rotate(270, expand=True)
    found, _ = read(saved(turned))
    assert [row.text for row in found.rows] == [row.text for row in straight[0].rows[:3]]


def test_rows_that_do_not_fit_together_are_asked_about() -> None:
    """A value without its mark, a mark without its value, no unit where others have one, two values: each has a doubt."""
    rows = (
        ("ALT", "310", "", "U/L", "9-50"),
        ("AST", "21.5", "H", "U/L", "15-40"),
        ("Total bilirubin", "0.9", "", "", "0.2-1.2"),
        ("Hemoglobin", "9.2  8.1", "L", "g/dL", "12.0-16.0"),
        ("Creatinine", "1.05", "", "mg/dL", "0.60-1.30"),
    )
    found, _ = read(saved(slip(rows)))
    doubts = ["flag", "flag", "unit", "crowded"]
    assert all(doubt in row.doubts for doubt, row in zip(doubts, found.rows, strict=False))
    outcomes = slip_reading(found, reader("slip", "4scar7u", "patient", TODAY)).slip or {}
    assert [code for code, entry in outcomes.items() if entry.outcome is Outcome.ACCEPTED] == ["creatinine"]


@pytest.mark.parametrize(
    ("value", "limits", "flag", "fits"),
    [
        ("15.3", "≤20.5", "", True),
        ("25.3", "≤20.5", "", False),
        ("25.3", "<=20.5", "↑", True),
        ("183", "3.4-20.5", "", False),
        ("7,1", "12,0-16,0", "L", True),
        ("13,1", "12,0-16,0", "L", False),
        ("31", "50-9", "", False),
        ("1530", "≤20.5", "*", False),
    ],
)
def test_value_range_and_mark_are_held_against_each_other(value: str, limits: str, flag: str, *, fits: bool) -> None:
    """A mark stands where the value is outside, on its side, and nowhere else."""
    assert together(value, limits, flag) is fits


def test_a_day_is_taken_where_the_page_tells_its_order() -> None:
    """09/06 is a day of September where another day on the page can only be written month first; else it is asked."""
    page = "Collected: 09/06/2026 Reported: 09/15/2026"
    assert dated(page, month_leads=month_first(page))[0] == ("collected", dt.date(2026, 9, 6))
    assert dated("Collected: 09/06/2026") == [("collected", None)]
    assert month_first("Collected: 09/06/2026 DOB: 05/14/1971") is True
    assert dated("Collected: 12 0ct 2026 09:05") == [("collected", dt.date(2026, 10, 12))]
    assert dated("Fecha de toma de muestra: 20/11/2026") == [("collected", dt.date(2026, 11, 20))]
    assert dated("Collected:20-Nov-202608:12") == [("collected", dt.date(2026, 11, 20))]
    assert dated("Fecha de toma:20/11/202608:12") == [("collected", dt.date(2026, 11, 20))]
    assert dated("采样时间：2026-11-2008:12报告时间：2026-11-2110:30")[0] == ("collected", dt.date(2026, 11, 20))


@pytest.mark.parametrize(
    ("text", "code", "unit"),
    [
        ("UL", "alt", "U/L"),
        ("U1L", "ast", "U/L"),
        ("gdL", "hemoglobin", "g/dL"),
        ("umolL", "creatinine", "umol/L"),
        ("UL", "hemoglobin", None),
        ("L", "alt", None),
        ("high", "alt", None),
    ],
)
def test_a_unit_that_lost_its_slash_is_known(text: str, code: str, unit: str | None) -> None:
    """Where it can be no other unit of the analyte."""
    assert slashed(text, code) == unit


@pytest.mark.parametrize(
    ("text", "code", "unit"),
    [
        ("μmo1/L", "creatinine", "μmol/L"),
        ("mg/di", "bilirubin", "mg/dL"),
        ("1U/L", "alt", "IU/L"),
        ("U/L", "alt", None),
        ("1U/L", "hemoglobin", None),
        ("mmo1/L", "alt", None),
    ],
)
def test_a_unit_of_which_a_letter_was_read_as_its_like_is_known(text: str, code: str, unit: str | None) -> None:
    """Where it is then one of the analyte's."""
    assert spelled(text, code) == unit


@pytest.mark.parametrize(
    ("shown", "name", "codes"),
    [
        ("BilirubinTotal", "Bilirubin Total", {"bilirubin"}),
        ("Aspartateaminotransferase", "Aspartate aminotransferase", {"ast"}),
        ("Bilirrubinatotal", "Bilirrubina total", {"bilirubin"}),
        ("Carboxyhemoglobin", "Carboxyhemoglobin", set()),
        ("Directbilirubin", "Directbilirubin", set()),
    ],
)
def test_a_name_that_lost_its_blanks_is_known(shown: str, name: str, codes: set[str]) -> None:
    """Where it can be no other analyte's."""
    assert (spaced(shown), codes_of(shown)) == (name, codes)


@pytest.mark.parametrize(
    "line",
    [
        "Previous sample collected: 2026-08-01",
        "Last collected: 2026-08-01",
        "Collected previously on 2026-08-01",
        "Next collection: 2026-08-01",
        "Toma anterior: 01/08/2026",
        "Última toma de muestra: 15/08/2026",
        "上次采样时间：2026-08-01",
    ],
)
def test_the_day_of_another_sample_is_not_that_of_this_one(line: str) -> None:
    """An earlier one, or one that is still to come; what follows on the line is not touched by it."""
    assert [kind for kind, _ in dated(line)] == ["other"]
    assert dated(f"{line} Collected: 2026-11-20")[-1] == ("collected", dt.date(2026, 11, 20))
    assert dated("Last name: Ada Collected: 2026-11-20") == [("collected", dt.date(2026, 11, 20))]


def test_a_screen_by_night_is_read_like_paper(straight: tuple[PhotoSlip, bytes]) -> None:
    """Light print on a dark ground is looked at as its negative, and shown as it is."""
    night = PIL.ImageOps.invert(slip(ROWS[:3]))
    found, picture = read(saved(night))
    assert [(row.text, row.doubts) for row in found.rows] == [(row.text, row.doubts) for row in straight[0].rows[:3]]
    with PIL.Image.open(io.BytesIO(picture)) as shown:
        assert np.median(np.asarray(shown.convert("L"))) < 60


def test_the_number_of_a_sample_is_about_the_person_and_the_day_that_it_was_taken_is_not() -> None:
    """The one is covered in the picture, the other is read."""
    assert all(map(of_person, ("Muestra: 97205993", "Toma de muestra N.º 97205993", "N.º de muestra 97205993")))
    assert not of_person("Fecha de toma de muestra: 20/11/2026")


@pytest.mark.parametrize(
    "line",
    [
        "Collected: Reported: 2026-11-22",
        "Collected: Received: 2026-11-22",
        "Collected: Ward: 2026-11-22",
        "Collection and report: 2026-11-22",
        "采样时间：打印时间：2026-11-22",
        "Fecha de toma: Fecha de recepción: 22/11/2026",
        "Informe automatizado: 22/11/2026",
        "2026-11-22",
    ],
)
def test_no_other_day_stands_for_the_day_of_collection(line: str) -> None:
    """Where the day of collection is hidden or not printed, that of the report, of arrival or of printing is not it."""
    assert "collected" not in [kind for kind, _ in dated(line)]


def test_a_day_that_can_be_read_two_ways_is_given_as_both() -> None:
    """Neither is taken; where another day tells the order there is one."""
    found, _ = read(saved(slip(ROWS[:2], top=("Collected: 03/10/2026 08:12",))))
    assert found.collected is None
    assert found.days == (dt.date(2026, 3, 10), dt.date(2026, 10, 3))
    told, _ = read(saved(slip(ROWS[:2], top=("Collected: 03/10/2026 Reported: 03/15/2026",))))
    assert (told.collected, told.days) == (dt.date(2026, 3, 10), ())


def test_the_day_of_a_report_leaves_a_slip_without_a_day() -> None:
    """Rows are read, and no day is given for them."""
    found, _ = read(saved(slip(ROWS[:2], top=("Reported: 2026-11-22 10:30",))))
    assert len(found.rows) == 2
    assert found.collected is None
    assert found.days == ()
    assert found.date_text.startswith("Reported")


def test_a_picture_that_a_telephone_saves_with_a_second_one_is_opened() -> None:
    """The first of an MPO file, which is a JPEG with another behind it, is the picture."""
    small = PIL.Image.new("RGB", (60, 40), "white")
    data = saved(slip(), "MPO", save_all=True, append_images=[small])
    assert decode.picture_in(data).shape == (*slip().size[::-1], 3)


def test_pictures_of_one_slip_are_numbered_on() -> None:
    """Two pages make one slip, whose rows count up."""
    found = read_pages((saved(slip(ROWS[:2])), saved(slip(ROWS[2:4]))))
    assert [(row.number, row.analyte) for row in found.slip.rows] == list(enumerate([row[0] for row in ROWS[:4]], 1))
    assert found.slip.pages == 2


def test_what_is_no_slip_is_refused() -> None:
    """White paper, text, a cut file, an animation and a huge picture, each with its reason."""
    white = PIL.Image.new("RGB", (400, 300), "white")
    film = io.BytesIO()
    white.save(film, "GIF", save_all=True, append_images=[PIL.Image.new("RGB", (400, 300), "black")])
    whole = saved(slip(), "JPEG")
    refused = {
        Refusal.NO_TABLE: saved(white),
        Refusal.NOT_A_PICTURE: b"Hb 92 g/L",
        Refusal.BROKEN: whole[: len(whole) // 3],
        Refusal.ANIMATED: film.getvalue(),
        Refusal.TOO_MANY_PIXELS: saved(PIL.Image.new("1", (10_000, decode.MAX_PIXELS // 10_000 + 1))),
    }
    for reason, data in refused.items():
        with pytest.raises(PhotoRefused) as caught:
            read(data)
        assert caught.value.reason is reason


def test_rows_of_one_analyte_that_differ_are_both_in_doubt() -> None:
    """Two slips in one picture, or two days as pages of one; what is said alike twice is sure."""
    rows = (("AST", "71", "H", "U/L", "15-40"), ("ALT", "31", "", "U/L", "9-50"), ("AST", "<8", "", "U/L", "15-40"))
    once, _ = read(saved(slip(rows)))
    assert ["crowded" in row.doubts for row in once.rows] == [True, False, True]
    pages = read_pages((saved(slip(rows[:2])), saved(slip(rows[1:])))).slip
    assert ["crowded" in row.doubts for row in pages.rows] == [True, False, False, True]


def test_chinese_of_hong_kong_and_taiwan_is_read_in_the_signs_of_the_word_lists() -> None:
    """Each look alike, so that names, heads and days are known."""
    line = Line("總膽紅素 測定結果 單位 採樣時間：2026-11-20", (1.0,) * 29, tuple(place / 29 for place in range(29)))
    text = printed(line, np.zeros((4, 2), np.float32), 0.0, 0.0).text
    assert text == "总胆红素 测定结果 单位 采样时间:2026-11-20"
    assert codes_of("总胆红素") == {"bilirubin"}
    assert dated(text) == [("collected", dt.date(2026, 11, 20))]
