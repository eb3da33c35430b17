"""Heads of several words: an earlier result is none of today's, and a range is no second table."""

import pytest

from bot.flows.photographed import Doubt
from bot.photo.doubts import of_layout
from bot.photo.headings import Heading, Role, headings_of, tables_of
from bot.photo.layout import Record
from tests.unit.photo.laid import laid_out, piece, told

COLUMNS = (0.0, 200.0, 360.0, 640.0, 800.0)


def heads(*texts: str) -> list[Heading]:
    """The headings of a line, one in each column."""
    return headings_of([piece(left, 0, text) for left, text in zip(COLUMNS, texts, strict=False)])


def row(*texts: str) -> dict[float, str]:
    """A line of a page with what stands in each column; nothing where it is empty."""
    return {left: text for left, text in zip(COLUMNS, texts, strict=False) if text}


def doubts(record: Record) -> set[Doubt]:
    """What is doubtful about a result on a page that prints units and marks."""
    return of_layout(record, units_printed=True)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Previous result", Role.EARLIER),
        ("Result (previous)", Role.EARLIER),
        ("Previous test result", Role.EARLIER),
        ("Last value", Role.EARLIER),
        ("Prior Result", Role.EARLIER),
        ("Resultado anterior", Role.EARLIER),
        ("Resultadoanterior", Role.EARLIER),
        ("Valor previo", Role.EARLIER),
        ("Último resultado", Role.EARLIER),
        ("上次结果", Role.EARLIER),
        ("结果（前次）", Role.EARLIER),
        ("Reference value", Role.RANGE),
        ("Normal values", Role.RANGE),
        ("Expected values", Role.RANGE),
        ("Valor de referencia", Role.RANGE),
        ("Valordereferencia", Role.RANGE),
        ("Valores normales", Role.RANGE),
        ("Valor normal", Role.RANGE),
        ("参考值", Role.RANGE),
        ("正常值", Role.RANGE),
        ("Test method", Role.OTHER),
        ("检验结果", Role.VALUE),
        ("Current result", Role.VALUE),
    ],
)
def test_the_words_of_one_heading_have_one_role(text: str, role: Role) -> None:
    """Whichever side the word that tells stands on; the heading reaches from the first to the last of its words."""
    found = heads("Test", "Result", text, "Unit")
    assert [each.role for each in found] == [Role.NAME, Role.VALUE, role, Role.UNIT]
    assert found[2].left == pytest.approx(COLUMNS[2])
    assert found[2].right == pytest.approx(COLUMNS[2] + 10 * len(text))
    assert len(tables_of(found)) == 1


def test_headings_that_stand_close_keep_their_columns() -> None:
    """A blank joins only words that head one column together."""
    found = headings_of([piece(0, 0, "Test Result Flag Units Reference range")])
    assert [each.role for each in found] == [Role.NAME, Role.VALUE, Role.FLAG, Role.UNIT, Role.RANGE]
    twice = headings_of([piece(0, 0, "Test Result Unit Test Result Unit")])
    assert len(tables_of(twice)) == 2


def test_headings_with_a_wide_gap_between_are_two_though_read_as_one_piece() -> None:
    """`Result` and `Previous` of two columns."""
    found = headings_of([piece(0, 0, "Test     Result     Previous     Unit")])
    assert [each.role for each in found] == [Role.NAME, Role.VALUE, Role.EARLIER, Role.UNIT]


@pytest.mark.parametrize("earlier", ["Previous result", "Resultado anterior", "上次结果", "Last value"])
def test_an_earlier_result_begins_no_table(earlier: str) -> None:
    """Unit and range right of it are those of the result, so that a unit of another system is seen."""
    head = row("Test", "Result", earlier, "Unit", "Reference range")
    (found,) = laid_out(head, row("Hemoglobin", "85", "91", "g/L", "120-160"))
    assert told(found) == ("Hemoglobin", "85", "", "g/L", "120-160")
    assert [each.text for each in found.earlier] == ["91"]
    assert doubts(found) == {Doubt.FLAG}


@pytest.mark.parametrize("limits", ["Reference value", "Normal values", "Valor de referencia", "正常值"])
def test_a_range_before_the_unit_begins_no_table(limits: str) -> None:
    """`Reference value` is no second result."""
    (found,) = laid_out(row("Test", "Result", limits, "Unit"), row("ALT", "1.2", "0.1-0.7", "ukat/L"))
    assert told(found) == ("ALT", "1.2", "", "ukat/L", "0.1-0.7")


@pytest.mark.parametrize("earlier", ["Previous result", "Resultado anterior", "上次结果"])
def test_an_earlier_result_is_not_taken_where_that_of_today_is_blank(earlier: str) -> None:
    """It stands under the last word of its heading, which by itself would say `result`."""
    right = 200 + 10 * len(earlier)
    head = {0.0: "Test", 200.0: earlier, 420.0: "Result", 640.0: "Unit", 800.0: "Range"}
    assert laid_out(head, {0.0: "ALT", right - 20.0: "31", 640.0: "U/L", 800.0: "7-40"}) == []


def test_a_result_whose_unit_stands_in_another_table_without_a_name_is_doubted() -> None:
    """Whatever made it another table, nothing is dropped without a question."""
    head = row("Test", "Result", "Test", "Unit", "Reference")
    (found,) = laid_out(head, row("Creatinine", "0.12", "", "mmol/L", "0.06-0.10"))
    assert Doubt.CROWDED in of_layout(found, units_printed=False)
    (other,) = laid_out(head, row("Creatinine", "0.12", "0.11", "mmol/L", "0.06-0.10"))
    assert Doubt.CROWDED in of_layout(other, units_printed=False)


def test_a_result_that_lacks_nothing_is_sure_beside_a_row_whose_name_is_hidden() -> None:
    """The unit and the range of the row beside are not its own."""
    table = {0.0: "Test", 150.0: "Result", 240.0: "Unit", 320.0: "Range"}
    whole = {0.0: "ALT", 150.0: "31", 240.0: "U/L", 320.0: "7-40"}
    hidden = {650.0: "9.4", 740.0: "10^9/L", 820.0: "3.5-9.5"}
    (found,) = laid_out(table | {left + 500: text for left, text in table.items()}, whole | hidden)
    assert doubts(found) == set()
