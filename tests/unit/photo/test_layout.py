"""Pieces of print become rows: by line, by column, and by table where tables stand side by side."""

import pytest

from bot.photo.layout import plain_range
from tests.unit.photo.laid import laid_out, told

HEADS = {0.0: "项目名称", 150.0: "结果", 220.0: "单位", 300.0: "参考值"}
BESIDE = {left + 500: text for left, text in HEADS.items()}


def test_tables_side_by_side_are_apart_where_a_name_is_covered() -> None:
    """What is left of a row of the one table does not run into the row of the other."""
    hidden = {150.0: "9.4", 220.0: "10^9/L", 300.0: "3.5-9.5"}
    whole = {500.0: "ALT", 650.0: "174", 690.0: "↑", 720.0: "U/L", 800.0: "7-40"}
    (found,) = laid_out(HEADS | BESIDE, hidden | whole)
    assert told(found) == ("ALT", "174", "↑", "U/L", "7-40")


def test_a_column_headed_in_two_languages_is_one() -> None:
    """The second word for a result begins no table."""
    heads = {0.0: "项目 Test", 150.0: "结果 Result", 320.0: "单位 Unit", 450.0: "参考区间 Reference"}
    (found,) = laid_out(heads, {0.0: "ALT", 180.0: "31", 320.0: "U/L", 450.0: "7-40"})
    assert told(found) == ("ALT", "31", "", "U/L", "7-40")


def test_a_lone_mark_that_is_read_as_a_letter_of_its_looks_is_a_mark() -> None:
    """Before the value or after it; of which side it tells nothing."""
    before, after = laid_out(
        {0.0: "Hemoglobin 米", 200.0: "89", 260.0: "g/L", 330.0: "115-150"},
        {0.0: "AST", 200.0: "128", 240.0: "工", 260.0: "U/L", 330.0: "15-40"},
    )
    assert told(before) == ("Hemoglobin", "89", "*", "g/L", "115-150")
    assert told(after) == ("AST", "128", "*", "U/L", "15-40")


def test_the_number_of_a_row_beside_is_no_part_of_a_range() -> None:
    """`9-50` and the `6` that begins the next table's row are not `9-506`."""
    heads = {0.0: "No", 40.0: "项目", 150.0: "结果", 220.0: "单位", 300.0: "参考值"}
    beside = {left + 400: text for left, text in heads.items()}
    row = {0.0: "1", 40.0: "ALT", 150.0: "31", 220.0: "U/L", 300.0: "9-50"}
    other = {400.0: "6", 440.0: "肌酐", 550.0: "101", 620.0: "μmol/L", 700.0: "57-111"}
    found = laid_out(heads | beside, row | other)
    assert list(map(told, found)) == [("ALT", "31", "", "U/L", "9-50"), ("肌酐", "101", "", "μmol/L", "57-111")]


def test_a_mark_may_be_a_word_and_a_column_may_follow_the_range() -> None:
    """`Low` is a mark and begins no name; the number of the laboratory is no limit."""
    heads = {0.0: "TESTS", 200.0: "RESULT", 300.0: "FLAG", 380.0: "UNITS", 480.0: "REFERENCE INTERVAL", 720.0: "LAB"}
    row = {0.0: "Hemoglobin", 200.0: "8.7", 300.0: "Low", 380.0: "g/dL", 480.0: "11.1-15.9", 720.0: "01"}
    (found,) = laid_out(heads, row)
    assert told(found) == ("Hemoglobin", "8.7", "L", "g/dL", "11.1-15.9")


def test_a_number_under_no_heading_of_results_is_astray() -> None:
    """Where light has taken the result, what stands under the units is not taken for it."""
    heads = {0.0: "Test", 200.0: "Result", 400.0: "Units", 600.0: "Reference"}
    under, beside = laid_out(heads, {0.0: "ALT", 200.0: "31", 600.0: "7-40"}, {0.0: "AST", 400.0: "31", 600.0: "7-40"})
    assert (under.astray, beside.astray) == (False, True)


def test_a_limit_that_is_told_in_words_is_no_result() -> None:
    """`Up to 40` is a range, whether it is one piece or several, and whether a result stands there or not."""
    words, pieces, none = (
        {0.0: "ALT", 200.0: "31", 300.0: "U/L", 400.0: "Up to 40"},
        {0.0: "AST", 200.0: "28", 300.0: "U/L", 400.0: "hasta", 480.0: "35"},
        {0.0: "Creatinine", 300.0: "mg/dL", 400.0: "Up to 1.3"},
    )
    found = laid_out(words, pieces, none)
    assert list(map(told, found)) == [("ALT", "31", "", "U/L", "≤40"), ("AST", "28", "", "U/L", "≤35")]


def test_a_word_that_says_that_nothing_is_marked_begins_no_row() -> None:
    """`N` stands where another row has its `H`."""
    heads = {0.0: "Test", 200.0: "Result", 300.0: "Status", 400.0: "Unit", 500.0: "Reference"}
    (found,) = laid_out(heads, {0.0: "AST", 200.0: "15", 300.0: "N", 400.0: "U/L", 500.0: "≤40"})
    assert told(found) == ("AST", "15", "", "U/L", "≤40")


def test_marks_in_brackets_and_triangles_are_marks() -> None:
    """`(H)`, `(+)`, and `▲` where it is read as the letter that looks like it."""
    rows = (
        {0.0: name, 200.0: value, 300.0: "U/L"}
        for name, value in (("ALT", "99(H)"), ("AST", "99 (+)"), ("ALP", "99 Λ"))
    )
    assert [told(found)[1:3] for found in laid_out(*rows)] == [("99", "H"), ("99", "*"), ("99", "*")]


def test_a_list_without_blanks_is_cut_where_its_parts_begin() -> None:
    """As Chinese print has it: a value right behind the colon, the range right behind the unit."""
    lines = ({0.0: "谷丙转氨酶:11 U/L(参考:7 - 40)"}, {0.0: "总胆红素：43.5umol/L(参考:3.4-20.5)"})
    assert [told(found)[:2] for found in laid_out(*lines)] == [("谷丙转氨酶:", "11"), ("总胆红素：", "43.5")]
    assert [plain_range(told(found)[4]) for found in laid_out(*lines)] == ["7-40", "3.4-20.5"]


def test_a_limit_between_two_columns_of_numbers_is_the_range() -> None:
    """It stands under its own heading, and makes no result doubtful."""
    heads = {0.0: "Test", 200.0: "Result", 420.0: "Expected values", 640.0: "Method"}
    (found,) = laid_out(heads, {0.0: "AST", 200.0: "31", 420.0: "≤40", 640.0: "Enzymatic"})
    assert (told(found)[1], told(found)[4], found.astray) == ("31", "≤40", False)


@pytest.mark.parametrize("dash", "-–—~～〜∼=")
def test_whatever_dash_a_range_is_printed_with_it_is_one(dash: str) -> None:
    """A wave is as good as a line."""
    (found,) = laid_out({0.0: "ALT", 200.0: "31", 300.0: "U/L", 400.0: f"7{dash}40"})
    assert plain_range(told(found)[4]) == "7-40"


def test_a_percent_behind_grams_is_a_unit() -> None:
    """Grams in a hundred millilitres."""
    (found,) = laid_out({0.0: "Hemoglobin", 200.0: "11.1", 300.0: "g%", 400.0: "12.0-16.0"})
    assert told(found)[3] == "g%"
