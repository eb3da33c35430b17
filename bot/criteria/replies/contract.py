"""A reading as the JSON object that `docs/replies.md` promises."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bot.criteria.intervals import Interval
from bot.criteria.reading import Alternative, Reading


def as_json(reading: Reading, *, explain: bool = False) -> dict[str, Any]:
    """The object of one reading; `explain` adds what each part of the reply was taken for."""
    found: dict[str, Any] = {
        "reply": reading.reply,
        "outcome": str(reading.outcome),
        "reason": None if reading.reason is None else str(reading.reason),
        "standard": _standard(reading),
        "times_uln": number(reading.times_uln),
        "uln": None if reading.uln is None else {"value": number(reading.uln), "unit": reading.unit},
        "flags": [str(flag) for flag in reading.flags],
        "observed_on": reading.observed_on.isoformat() if reading.observed_on else None,
        "readings": [_alternative(each) for each in reading.readings],
        "date": reading.date.isoformat() if reading.date else None,
        "age_months": {"low": reading.age.low_months, "high": reading.age.high_months} if reading.age else None,
        "choice": reading.choice,
        "slip": None if reading.slip is None else {code: as_json(entry) for code, entry in reading.slip.items()},
    }
    if explain:
        found["spans"] = [
            {"start": span.start, "end": span.end, "role": str(span.role), "text": reading.reply[span.start : span.end]}
            for span in reading.spans
        ]
    return found


def number(value: Fraction | None) -> int | float | None:
    """An exact number as JSON has it: whole if it is."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def _bounds(interval: Interval | None) -> dict[str, int | float | None]:
    return {"low": number(interval.low), "high": number(interval.high)} if interval else {"low": None, "high": None}


def _standard(reading: Reading) -> dict[str, Any] | None:
    standard = reading.standard
    if standard is None:
        return None
    return {
        **_bounds(standard),
        "low_open": standard.low_open,
        "high_open": standard.high_open,
        "unit": reading.unit,
    }


def _alternative(each: Alternative) -> dict[str, Any]:
    low_high = _bounds(each.interval)
    return {**low_high, "unit": each.unit, "label": each.label}
