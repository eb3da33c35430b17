"""Reminders, expiry and come-backs: when, and never at night at the sites."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.patience import Patience
from tests.talks import ELIGIBLE, NOW, answer_all, opened

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    ("moment", "awake"),
    [
        ("2026-11-22T07:59:59+08:00", "2026-11-22T08:00:00+08:00"),
        ("2026-11-22T08:00:00+08:00", "2026-11-22T08:00:00+08:00"),
        ("2026-11-22T20:59:59+08:00", "2026-11-22T20:59:59+08:00"),
        ("2026-11-22T21:00:00+08:00", "2026-11-23T08:00:00+08:00"),
        ("2026-12-31T23:30:00+08:00", "2027-01-01T08:00:00+08:00"),
    ],
)
def test_quiet_hours(moment: str, awake: str) -> None:
    """What falls between 21:00 and 8:00 at the sites waits for the morning."""
    shown = Patience().awake(dt.datetime.fromisoformat(moment), "Asia/Shanghai")
    assert shown == dt.datetime.fromisoformat(awake)


@given(st.integers(0, 20 * 366 * 86_400).map(lambda seconds: NOW + dt.timedelta(seconds=seconds)))
def test_no_message_is_ever_due_at_night(moment: dt.datetime) -> None:
    """Whatever the moment, the one it is put off to is by day, and less than half a day later."""
    awake = Patience().awake(moment, "Asia/Shanghai")
    assert dt.time(8) <= awake.astimezone(SHANGHAI).time() < dt.time(21)
    assert dt.timedelta() <= awake - moment <= dt.timedelta(hours=11)


def test_a_reminder_is_due_a_day_after_the_last_answer() -> None:
    """24 hours after the person's last word, at noon as they wrote it."""
    talk = opened().type("patient", "yes", "34")
    assert {alarm.timer: alarm.due for alarm in talk.alarms} == {"nudge": NOW + dt.timedelta(hours=24)}


def test_the_end_takes_the_reminders_back() -> None:
    """Who is done is not reminded."""
    talk = answer_all(opened(), ELIGIBLE, until=("finished",))
    assert {alarm.timer: alarm.due for alarm in talk.alarms} == {"nudge": None}


def test_who_begins_anew_is_not_called_back_for_what_was() -> None:
    """The day to come back is set with the verdict, and taken back by who asks to restart; then nothing is to be taken back."""
    steroid = {"steroid": "yes", "steroid_last_dose": "2026-11-21", "age": "34"}
    talk = answer_all(opened(), ELIGIBLE | steroid).type("1")
    due = {alarm.timer: alarm.due for alarm in talk.alarms}
    assert due.keys() == {"nudge", "recheck"}
    assert due["recheck"] is not None
    talk.type("restart")
    assert {alarm.timer: alarm.due is None for alarm in talk.alarms} == {"nudge": False, "recheck": True}
    for reply in ("yes", "patient"):
        talk.type(reply)
        assert [alarm.timer for alarm in talk.alarms] == ["nudge"]


@pytest.mark.parametrize(
    ("moment", "awake"),
    [
        ("2026-11-22T00:59:00+08:00", "2026-11-22T00:59:00+08:00"),
        ("2026-11-22T01:00:00+08:00", "2026-11-22T06:00:00+08:00"),
        ("2026-11-22T06:00:00+08:00", "2026-11-22T06:00:00+08:00"),
    ],
)
def test_quiet_hours_within_a_day(moment: str, awake: str) -> None:
    """Quiet hours that do not span midnight end on the day on which they began."""
    patience = Patience(quiet_from=dt.time(1), quiet_until=dt.time(6))
    assert patience.awake(dt.datetime.fromisoformat(moment), "Asia/Shanghai") == dt.datetime.fromisoformat(awake)


@given(st.integers(0, 366 * 86_400).map(lambda seconds: NOW + dt.timedelta(seconds=seconds)))
def test_without_quiet_hours_nothing_waits(moment: dt.datetime) -> None:
    """Where they begin and end at the same hour there are none."""
    assert Patience(quiet_from=dt.time(8), quiet_until=dt.time(8)).awake(moment, "Asia/Shanghai") == moment
