"""Office hours: what waits for office time waits over nights, weekends and holidays."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.flows.handoff.hours import OfficeHours

FRIDAY_16 = dt.datetime(2026, 11, 27, 8, 0, tzinfo=dt.UTC)  # 16:00 in Shanghai, an hour before closing
TWO_HOURS = dt.timedelta(hours=2)


def test_office_time_goes_on_after_the_weekend() -> None:
    """Of two hours from Friday 16:00, the second passes on Monday morning."""
    assert OfficeHours("Asia/Shanghai").after(FRIDAY_16, TWO_HOURS) == dt.datetime(2026, 11, 30, 2, 0, tzinfo=dt.UTC)


def test_a_holiday_is_closed() -> None:
    """With that Monday off, it passes on Tuesday."""
    office = OfficeHours("Asia/Shanghai", holidays=frozenset({dt.date(2026, 11, 30)}))
    assert office.after(FRIDAY_16, TWO_HOURS) == dt.datetime(2026, 12, 1, 2, 0, tzinfo=dt.UTC)


def test_two_office_days_are_two_whole_days() -> None:
    """From Friday afternoon, they end when the office closes on Tuesday."""
    assert OfficeHours("Asia/Shanghai").end_of_day(FRIDAY_16, 2) == dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("days", [0, 1])
def test_an_office_that_never_opens_counts_every_hour(days: int) -> None:
    """Nobody waits forever for an office without hours."""
    office = OfficeHours("Asia/Shanghai", days={})
    assert office.after(FRIDAY_16, TWO_HOURS) == FRIDAY_16 + TWO_HOURS
    assert office.end_of_day(FRIDAY_16, days + 1) == FRIDAY_16 + dt.timedelta(days=days + 1)
