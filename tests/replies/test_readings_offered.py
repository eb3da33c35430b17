"""What is offered where a reply is asked about holds what was meant."""

from __future__ import annotations

import pytest

from tests.replies.asking import ask


@pytest.mark.parametrize("reply", ["Nov 17 last year", "去年11月17日", "el 17 de noviembre del año pasado"])
def test_a_day_of_last_year_is_among_the_days_offered(reply: str) -> None:
    """A day without a year beside a vague word is offered of this year, and of the one before."""
    reading = ask("steroid_last_dose", reply)
    assert [each.label for each in reading.readings] == ["2025-11-17", "2026-11-17"]
