"""What stands around a row: more of its name on another line, another specimen, a note, a number in no column."""

import numpy as np
import pytest

from bot.flows.photographed import Doubt
from bot.photo.page import Page, page_of
from bot.photo.printed import text_of
from tests.unit.photo.laid import piece

COLUMNS = (0.0, 300.0, 420.0, 560.0)
HEADS = dict(zip(COLUMNS, ("Test", "Result", "Units", "Reference"), strict=True))
PITCH, CLOSE = 44, 26  # pixels from one row of a table to the next, and from one line of a cell to the next

Line = tuple[int, dict[float, str]]
"""How far below the last one a line stands, and what stands on it."""


def page(*lines: Line) -> Page:
    """The page that lines make."""
    pieces, top = [], 0
    for down, line in lines:
        top += down
        pieces += [piece(left, top, text) for left, text in line.items()]
    return page_of(np.full((top + 60, 900, 3), 255, np.uint8), pieces, on_paper=False)


def row(*texts: str, down: int = PITCH) -> Line:
    """A line with what stands in each column; nothing where it is empty."""
    return down, {left: text for left, text in zip(COLUMNS, texts, strict=False) if text}


def doubts(found: Page) -> dict[str, tuple[Doubt, ...]]:
    """What is doubtful about each result, by its name as it was read."""
    return {text_of(result.record.name): result.doubts for result in found.results}


TABLE = (
    (0, HEADS),
    row("ALT", "31", "U/L", "7-40"),
    row("AST", "28", "U/L", "13-35"),
    row("Albumin", "4.1", "g/dL", "3.5-5.0"),
    row("Urea", "31", "mg/dL", "17-43"),
)


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        ("Bilirubin,", "direct", ("0.3", "mg/dL", "0.0-0.4")),
        ("Creatinine,", "random urine", ("95", "mg/dL", "28-217")),
        ("Bilirrubina", "indirecta", ("0.3", "mg/dL", "0.1-0.8")),
        ("肌酐", "(尿)", ("8.2", "mmol/L", "2.5-20.0")),
    ],
)
def test_a_name_that_goes_on_below_is_doubted(first: str, second: str, values: tuple[str, ...]) -> None:
    """What stands on the line of the value is another analyte by itself."""
    found = page(*TABLE, row(first, *values), row(second, down=CLOSE))
    assert doubts(found)[first] == (Doubt.NAME,)


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        ("Mean corpuscular", "hemoglobin", ("33.0", "g/dL", "31.6-35.4")),
        ("Random urine", "creatinine", ("95", "mg/dL", "28-217")),
        ("Conc. corpuscular de", "hemoglobina", ("33.0", "g/dL", "31.6-35.4")),
    ],
)
def test_a_name_that_begins_above_is_not_taken_by_its_end(first: str, second: str, values: tuple[str, ...]) -> None:
    """The same, where the value stands on the last line of the cell."""
    found = page(*TABLE, row(first), row(second, *values, down=CLOSE))
    assert doubts(found).get(second, (Doubt.NAME,)) == (Doubt.NAME,)


def test_a_row_without_a_result_is_no_part_of_the_next_name() -> None:
    """`Direct bilirubin` with its unit and range stands by itself, and so does the head of a group."""
    found = page(*TABLE, row("Direct bilirubin", "", "mg/dL", "0.0-0.4"), row("Creatinine", "0.9", "mg/dL", "0.6-1.3"))
    assert doubts(found)["Creatinine"] == ()
    headed = page(*TABLE, row("KIDNEY"), row("Creatinine", "0.9", "mg/dL", "0.6-1.3"))
    assert doubts(headed)["Creatinine"] == ()


@pytest.mark.parametrize(
    "head", ["URINE CHEMISTRY", "Specimen: urine", "标本：尿液", "尿常规", "QUÍMICA EN ORINA", "脑脊液"]
)
def test_what_stands_under_another_specimen_is_doubted_until_blood_follows(head: str) -> None:
    """`Creatinine` of a urine is not that of the blood."""
    urine = row("Creatinine", "95", "mg/dL", "28-217")
    assert doubts(page(*TABLE, row(head), row("Potassium", "40", "mmol/L", "25-125"), urine))["Creatinine"] == (
        Doubt.NAME,
    )
    back = page(
        row(head),
        row("Potassium", "40", "mmol/L", "25-125"),
        row("SERUM"),
        row("Creatinine", "0.9", "mg/dL", "0.6-1.3"),
    )
    assert doubts(back)["Creatinine"] == ()


@pytest.mark.parametrize("word", ["尿素", "尿酸", "科室：泌尿外科", "Ward: Urology", "Dra. Florina Ruiz"])
def test_words_that_hold_the_name_of_a_specimen_are_none(word: str) -> None:
    """Urea is measured in the blood, and a department is no specimen."""
    assert doubts(page(row(word), *TABLE))["ALT"] == ()


@pytest.mark.parametrize(
    "note",
    [
        "Note: ALT > 55 U/L",
        "previous AST 112 U/L",
        "Critical limits: Hemoglobin < 7.0 g/dL",
        "Target hemoglobin 11.0 g/dL",
        "Creatinine > 4.0 mg/dL",
        "Creatinine 4.0 mg/dL is phoned to the ward",
        "上次肌酐 104 μmol/L",
        "危急值：血红蛋白 < 70 g/L",
        "Objetivo de hemoglobina 11.0 g/dL",
    ],
)
def test_what_a_note_says_is_no_result(note: str) -> None:
    """A number beside an analyte's name below the table is a limit, a goal or an earlier value."""
    found = page(*TABLE, (2 * PITCH, {0.0: note}))
    assert found.results[-1].doubts


def test_a_number_that_stands_in_no_column_is_doubted() -> None:
    """Where today's result is blank, what stands in another column is not it."""
    found = page(*TABLE[1:], row("Creatinine", "", "", "1.3"))
    assert Doubt.CROWDED in doubts(found)["Creatinine"]


def test_a_limit_without_a_result_is_none() -> None:
    """`< 1.2` is what is normal, where other rows have a range; alone on a page it is a result."""
    limit = {0.0: "Total bilirubin", 420.0: "mg/dL", 560.0: "<1.2"}
    assert Doubt.CROWDED in doubts(page(*TABLE[1:], (PITCH, limit)))["Total bilirubin"]
    assert doubts(page(row("Total bilirubin", "<0.2", "mg/dL")))["Total bilirubin"] == ()


@pytest.mark.parametrize(
    "name", ["Bilirubin D", "Bilirrubina (D)", "Creatinine, U", "24h Creatinine", "便隐血血红蛋白"]
)
def test_a_name_with_a_letter_of_another_analyte_is_doubted(name: str) -> None:
    """`D` is direct, `U` is of the urine."""
    assert doubts(page(*TABLE, row(name, "9.1", "mg/dL", "0-10"))).get(name, (Doubt.NAME,))[0] is Doubt.NAME


def test_a_unit_behind_a_name_makes_it_no_other() -> None:
    """`ALT (U/L)`."""
    assert Doubt.NAME not in doubts(page(row("ALT (U/L)", "31", "", "7-40")))["ALT (U/L)"]
