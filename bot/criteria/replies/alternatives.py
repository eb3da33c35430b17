"""Readings to choose from, each with the reply that would be read as just that."""

from __future__ import annotations

import datetime as dt

from bot.criteria.intervals import Interval
from bot.criteria.reading import Alternative
from bot.criteria.replies.numbers import written

_UNWRITTEN = frozenset(("score", "fraction"))  # units that are not written beside their number


def alternative(interval: Interval, unit: str) -> Alternative:
    """An interval in a unit as a button: `92 g/L`."""
    text = _text(interval) if unit in _UNWRITTEN else f"{_text(interval)} {unit}"
    return Alternative(label=text, reply=text, interval=interval, unit=unit)


def on_day(day: dt.date) -> Alternative:
    """A day as a button: `2026-05-03`."""
    return Alternative(label=day.isoformat(), reply=day.isoformat(), date=day)


def _text(interval: Interval) -> str:
    low = None if interval.low is None else written(interval.low)
    high = None if interval.high is None else written(interval.high)
    if low is None:
        return f"{'<' if interval.high_open else '≤'}{high}"
    if high is None:
        return f"{'>' if interval.low_open else '≥'}{low}"
    return low if interval.is_point else f"{low}-{high}"
