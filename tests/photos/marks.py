"""What came of one photograph, value by value: right, asked, missed, or silently wrong."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.photos.slips import Printed

RIGHT, ASKED, MISSED, SILENT = "right", "asked", "missed", "silent"

# To the standard unit of each analyte; molar masses: creatinine 113.12 g/mol, bilirubin 584.66 g/mol.
_FACTORS = {
    ("hemoglobin", "g/L"): 1.0,
    ("hemoglobin", "g/dL"): 10.0,
    ("creatinine", "umol/L"): 1.0,
    ("creatinine", "mg/dL"): 1e4 / 113.12,
    ("bilirubin", "mg/dL"): 1.0,
    ("bilirubin", "umol/L"): 584.66 / 1e4,
    ("alt", "U/L"): 1.0,
    ("ast", "U/L"): 1.0,
}


@dataclass(frozen=True)
class Mark:
    """How one value of a slip, or its date, was read, and in what it was wrong."""

    what: str
    outcome: str
    readable: bool
    detail: str = ""


@dataclass
class Tally:
    """Figures over many photographs."""

    marks: list[Mark] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def values(self, outcome: str | None = None) -> int:
        """How many readable values came out so; all of the readable without an outcome."""
        readable = [mark for mark in self.marks if mark.readable and mark.what != "date"]
        return sum(1 for mark in readable if outcome in {None, mark.outcome})

    @property
    def silent(self) -> int:
        """Silent misreadings, whether or not the print was readable, dates among them."""
        return sum(1 for mark in self.marks if mark.outcome == SILENT)

    @property
    def share_right(self) -> float:
        """Of the readable values, the share read right."""
        return self.values(RIGHT) / self.values() if self.values() else 1.0

    def second(self, share: float) -> float:
        """The seconds within which this share of the photographs was read."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def marked(
    printed: Iterable[Printed],
    readable: Collection[str],
    collected: dt.date,
    answers: Mapping[str, Mapping[str, Any]],
    *,
    day_readable: bool,
) -> list[Mark]:
    """The marks of one slip. `answers` are the slip's entries as `prescreen parse --question slip` prints them."""
    truth = {row.analyte: row for row in printed}
    marks = [_value(row, answers.get(row.analyte), readable=row.analyte in readable) for row in truth.values()]
    marks += [
        Mark(analyte, SILENT, readable=False, detail=f"not printed; read {_told(answers[analyte])}")
        for analyte in sorted(answers.keys() - truth.keys())
        if answers[analyte]["outcome"] == "accepted"
    ]
    return [*marks, _day(collected, answers.values(), readable=day_readable)]


def _value(row: Printed, answer: Mapping[str, Any] | None, *, readable: bool) -> Mark:
    shown = f"printed {'<' if row.below else ''}{row.value} {row.unit} (to {row.upper}, {row.flag})"
    if answer is None or answer["outcome"] == "absent":
        return Mark(row.analyte, MISSED, readable, shown)
    detail = f"{shown}; read {_told(answer)}"
    if answer["outcome"] != "accepted":
        return Mark(row.analyte, ASKED, readable, detail)
    return Mark(row.analyte, RIGHT if _agrees(row, answer) else SILENT, readable, detail)


def _agrees(row: Printed, answer: Mapping[str, Any]) -> bool:
    factor = _FACTORS[row.analyte, row.unit]
    expected = float(row.value) * factor
    standard, limit = answer["standard"], answer["uln"]
    if standard is None or {"high", "low"} & set(answer["flags"]) - {row.flag}:
        return False
    if limit is not None and not _same(limit["value"], float(row.upper) * factor):
        return False
    if row.below:
        return _same(standard["high"], expected) and not standard["low"] and bool(standard["high_open"])
    return _same(standard["low"], expected) and _same(standard["high"], expected)


def _same(read: float | None, expected: float) -> bool:
    return read is not None and math.isclose(read, expected, rel_tol=1e-5)


def _day(collected: dt.date, answers: Iterable[Mapping[str, Any]], *, readable: bool) -> Mark:
    read = {answer["observed_on"] for answer in answers if answer["outcome"] == "accepted"} - {None}
    if read - {collected.isoformat()}:
        return Mark("date", SILENT, readable, f"collected {collected}; read {', '.join(sorted(read))}")
    return Mark("date", RIGHT if read else MISSED, readable, f"collected {collected}")


def _told(answer: Mapping[str, Any]) -> str:
    return f"{answer['reply']!r} as {answer['outcome']} {answer['reason'] or ''} {answer['standard']} {answer['uln']}"
