"""Ages in calendar months."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.criteria.calendar import add_months


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-05-15", 6, "2026-11-15"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-10", -1, "2025-12-10"),
        ("2026-11-22", 0, "2026-11-22"),
    ],
)
def test_a_month_that_lacks_the_day_ends_on_its_last(start: str, months: int, end: str) -> None:
    """The birthday in a short month is that month's last day, leap years counted."""
    assert add_months(dt.date.fromisoformat(start), months).isoformat() == end
