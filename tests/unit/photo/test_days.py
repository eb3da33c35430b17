"""A day is taken only where each look at the print gives the same one, in however many pieces it was read."""

import datetime as dt

import pytest

from bot.photo.page import days_on
from tests.unit.photo.laid import piece


def collected(*looks: tuple[str, str]) -> dt.date | None:
    """The day of collection on a line of pieces, each given as it was read and as another look reads it."""
    line = [piece(300.0 * place, 0, text) for place, (text, _) in enumerate(looks)]
    seen = {id(each): (other,) for each, (_, other) in zip(line, looks, strict=True)}
    ((kind, day),) = days_on(line, seen, month_leads=None)
    assert kind == "collected"
    return day


@pytest.mark.parametrize(
    "looks",
    [
        [("Collected: 12 Oct", "Collected: 17 Oct"), ("2026", "2026")],
        [("Collected: 12 Oct", "Collected: 12 Dec"), ("2026", "2026")],
        [("Collected: 12 Oct", "Collected: 12 Oct"), ("2026", "2025")],
        [("Collected: 2026-11", "Collected: 2026-10"), ("-05", "-05")],
        [("Collected: 2026-11", "Collected: 2026-11"), ("-05", "-06")],
        [("Collected: 12 Oct 2026", "Collected: 12 Dec 2026")],
        [("Collected: 2026-11-20 08:12", "Collected: 2026-11-26 08:12")],
        [("采样时间：2026-11", "采样时间：2026-10"), ("-05", "-05")],
    ],
)
def test_a_day_that_another_look_reads_otherwise_is_not_taken(looks: list[tuple[str, str]]) -> None:
    """A piece that holds a part of a day counts like one that holds a whole one."""
    assert collected(*looks) is None


@pytest.mark.parametrize(
    ("looks", "day"),
    [
        ([("Collected: 12 Oct", "Collectd: 12 Oct"), ("2026", "2026")], dt.date(2026, 10, 12)),
        ([("Collected: 2026-11", "Collected: 2026-11"), ("-05", "-05")], dt.date(2026, 11, 5)),
        ([("Collected: 2026-11-20 08:12", "Collected: 2026-11-20 08:17")], dt.date(2026, 11, 20)),
        ([("Collected: 12 Oct 2026", "Collected: 12 0ct 2026")], dt.date(2026, 10, 12)),
    ],
)
def test_a_day_on_which_each_look_agrees_is_taken(looks: list[tuple[str, str]], day: dt.date) -> None:
    """The hour beside a whole day may differ."""
    assert collected(*looks) == day
