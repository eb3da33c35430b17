"""Heads of several words: an earlier result is none of today's, and a range is no second table."""

import pytest

from bot.flows.photographed import Doubt
from bot.photo.doubts import of_layout
from bot.photo.headings import Heading, Role, headings_at, headings_of, tables_of
from bot.photo.layout import Record, plain_range, records_of
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


STACKED = (
    {0.0: "Test", 200.0: "Current", 360.0: "Previous", 560.0: "Reference"},
    {0.0: "name", 200.0: "result", 360.0: "result", 560.0: "range", 760.0: "Unit"},
)


def test_a_head_of_two_lines_is_read_column_by_column() -> None:
    """What stands under `Previous` above `result` is an earlier one, and nothing else where today's is blank."""
    upper, lower = (
        [piece(left, 24.0 * place, text) for left, text in line.items()] for place, line in enumerate(STACKED)
    )
    whole = {0.0: "ALT", 200.0: "31", 360.0: "45", 560.0: "7-40", 760.0: "U/L"}
    blank = {left: text for left, text in whole.items() if left != 200.0}
    rows = [
        [piece(left, 70.0 + 40 * place, text) for left, text in row_.items()]
        for place, row_ in enumerate((whole, blank))
    ]
    (found,) = records_of([upper, lower, *rows])
    assert told(found) == ("ALT", "31", "", "U/L", "7-40")
    assert [each.text for each in found.earlier] == ["45"]


def test_a_line_above_a_head_that_is_none_of_it_changes_no_column() -> None:
    """A word over several columns, and one about the person, leave the head as it is."""
    head = [piece(left, 24.0, text) for left, text in zip(COLUMNS, ("Test", "Result", "Unit", "Range"), strict=False)]
    for above in (
        [piece(0, 0, "Last name: Ada")],
        [piece(0, 0, "Previous results are kept for ten years, as the law asks")],
    ):
        found, lines = headings_at([above, head], 0)
        assert (found, lines) == ([], 1)
        assert [each.role for each in headings_of(head)] == [Role.NAME, Role.VALUE, Role.UNIT, Role.RANGE]


@pytest.mark.parametrize("earlier", ["Previous", "Prior", "Anterior", "Previous result", "上次结果", "Last value"])
def test_a_page_of_earlier_results_alone_gives_none(earlier: str) -> None:
    """No column says that it is today's."""
    assert (
        laid_out(
            {0.0: "Test", 200.0: earlier, 420.0: "Unit", 560.0: "Range"},
            {0.0: "ALT", 200.0: "31", 420.0: "U/L", 560.0: "7-40"},
        )
        == []
    )


@pytest.mark.parametrize("current", ["Outcome", "Reading"])
def test_a_number_under_a_word_that_is_not_known_is_doubted_beside_earlier_ones(current: str) -> None:
    """It may be today's result, and may be anything."""
    (found,) = laid_out(
        {0.0: "Test", 200.0: current, 360.0: "Previous", 640.0: "Unit"},
        {0.0: "ALT", 200.0: "31", 360.0: "45", 640.0: "U/L"},
    )
    assert told(found)[1] == "31"
    assert found.astray


@pytest.mark.parametrize(
    "days", [("11/20/2026", "09/20/2026"), ("20 Nov", "20 Sep"), ("2026年11月20日", "2026年9月20日")]
)
def test_a_result_under_one_of_several_days_is_doubted(days: tuple[str, str]) -> None:
    """Where today's is blank, the other one is the only number of the row."""
    head = {0.0: "Test", 200.0: days[0], 420.0: days[1], 640.0: "Unit", 800.0: "Reference"}
    rows = ({0.0: name, left: "31", 640.0: "U/L", 800.0: "7-40"} for name, left in (("ALT", 200.0), ("AST", 430.0)))
    assert [found.astray for found in laid_out(head, *rows)] == [True, True]


def test_a_day_beside_the_column_of_results_is_an_earlier_one() -> None:
    """Today's is under the word that says so."""
    (found,) = laid_out(
        {0.0: "Test", 200.0: "Result", 360.0: "2026-09-20", 640.0: "Unit"},
        {0.0: "ALT", 200.0: "31", 360.0: "45", 640.0: "U/L"},
    )
    assert told(found)[1] == "31"
    assert not found.astray


@pytest.mark.parametrize("ends", [("Low", "High"), ("下限", "上限"), ("Mín.", "Máx."), ("Lower limit", "Upper limit")])
def test_a_range_of_two_columns_is_one(ends: tuple[str, str]) -> None:
    """Its ends make a range, and no further results."""
    heads_ = {0.0: "Test", 200.0: "Result", 360.0: "Unit", 500.0: ends[0], 700.0: ends[1]}
    (found,) = laid_out(heads_, {0.0: "ALT", 200.0: "31", 360.0: "U/L", 510.0: "7", 720.0: "40"})
    assert (told(found)[1], plain_range(told(found)[4])) == ("31", "7-40")
    assert doubts(found) == set()


def test_of_two_columns_of_results_neither_is_taken() -> None:
    """`Result 1` and `Result 2`: which one counts nobody says, and one of them may be blank."""
    head = {0.0: "Test", 200.0: "Result 1", 400.0: "Result 2", 600.0: "Unit", 750.0: "Reference"}
    rows = ({0.0: "ALT", left: "31", 600.0: "U/L", 750.0: "7-40"} for left in (210.0, 410.0))
    assert [found.astray for found in laid_out(head, *rows)] == [True, True]
    (found,) = laid_out({0.0: "Test", 200.0: "结果 Result", 600.0: "Unit"}, {0.0: "ALT", 210.0: "31", 600.0: "U/L"})
    assert not found.astray


def test_a_line_about_the_slip_heads_no_table() -> None:
    """`Test results` with the day that the sample was taken, above the table."""
    above = {0.0: "Test results", 300.0: "Collected: 2026-11-20"}
    (found,) = laid_out(above, row("Test", "Result", "", "Unit"), row("ALT", "31", "", "U/L"))
    assert told(found)[1] == "31"
    assert laid_out(above, {0.0: "ALT", 330.0: "31", 640.0: "U/L"})[0].earlier == []


def test_heads_of_two_columns_that_stand_close_are_two() -> None:
    """`Previous` right before `Result` is a column of its own, where print was found in two pieces."""
    head = {0.0: "Test", 200.0: "Previous", 294.0: "Result", 420.0: "Unit", 560.0: "Range"}
    (found,) = laid_out(head, {0.0: "ALT", 200.0: "45", 294.0: "31", 420.0: "U/L", 560.0: "7-40"})
    assert told(found)[1] == "31"
    assert [each.text for each in found.earlier] == ["45"]
    close = head | {200.0: "Previous"} | {285.0: "Result"}
    del close[294.0]
    assert Role.VALUE not in [each.role for each in headings_of([piece(left, 0, text) for left, text in close.items()])]
