"""The flow chart of the log: nobody is lost on the way down."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from bot.cli.flowchart import steps, svg


def row(verdict: str, failing: str = "", outcome: str = "") -> dict[str, str]:
    """A row of the log."""
    return {"verdict": verdict, "first_failing": failing, "outcome": outcome}


ROWS = [
    row("not_eligible", "E03a"),
    row("not_eligible", "E03a"),
    row("not_eligible", "I02a"),
    row("not_yet", "E05"),
    row("undetermined"),
    row("likely_eligible", outcome="visit_booked"),
    row("likely_eligible", outcome="requested"),
]


def test_everybody_is_in_one_box_of_each_step() -> None:
    """Those who leave and those who go on make up the step before."""
    first, second, third = steps(ROWS)
    assert first.lines == ("Pre-screened (n = 7)",)
    assert first.leaving == ("Not eligible (n = 3)", "  E03a: 2", "  I02a: 1", "Not yet (n = 1)", "  E05: 1")
    assert second.lines == ("May be eligible (n = 3)", "  some points open: 1")
    assert second.leaving == ("Asked for no contact (n = 1)",)
    assert third.lines == ("Referred to a site (n = 2)", "  visit booked: 1", "  requested: 1")


def test_the_picture_is_whole_and_has_every_line() -> None:
    """Also for an empty log, and with characters that mean something in XML."""
    picture = ET.fromstring(svg([*ROWS, row("not_eligible", "<A&B>")]))  # noqa: S314 - made here
    texts = [each.text or "" for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "<A&B>: 1" in texts
    assert len(texts) == sum(len(each.lines) + len(each.leaving) for each in steps(ROWS)) + 1
    assert "Pre-screened (n = 0)" in svg([])
