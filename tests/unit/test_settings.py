"""The settings: read, checked, and refused by name."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.errors import BadSetting
from bot.flows.patience import Patience
from bot.settings import load_settings


def test_the_bot_waits_as_usual_unless_told_otherwise() -> None:
    """Without settings, the patience is that of the conversation itself."""
    assert load_settings().patience == Patience()


def test_how_long_the_bot_waits_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reminders in hours, expiry in days, quiet hours from and until."""
    for name, value in {"REMINDERS": "12, 48,96.5", "EXPIRY_DAYS": "14", "QUIET_HOURS": "22-07"}.items():
        monkeypatch.setenv(f"PRESCREEN_{name}", value)
    reminders = tuple(dt.timedelta(hours=hours) for hours in (12, 48, 96.5))
    assert load_settings().patience == Patience(reminders, dt.timedelta(days=14), dt.time(22), dt.time(7))


def test_none_switches_reminders_and_quiet_hours_off() -> None:
    """`none` is read in both."""
    patience = load_settings(reminders="none", quiet_hours="none").patience
    assert patience.reminders == ()
    assert patience.quiet_from == patience.quiet_until


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("reminders", "72,24"),
        ("reminders", "0"),
        ("reminders", "-1"),
        ("reminders", "nan"),
        ("reminders", "inf"),
        ("reminders", "tomorrow"),
        ("reminders", "24;72"),
        ("expiry_days", "0"),
        ("quiet_hours", "21"),
        ("quiet_hours", "24-8"),
        ("quiet_hours", "9pm-8am"),
        ("takeover_seconds", "0"),
    ],
)
def test_a_wrong_wait_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, setting: str, value: str) -> None:
    """The sentence names the variable."""
    monkeypatch.setenv(f"PRESCREEN_{setting.upper()}", value)
    with pytest.raises(BadSetting, match=f"PRESCREEN_{setting.upper()}: "):
        load_settings()
