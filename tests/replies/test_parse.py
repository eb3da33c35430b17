"""`prescreen parse`, as a program."""

from __future__ import annotations

import json
import subprocess
import sys


def _parse(typed: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "parse", "--today", "2026-11-22", *options]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False)


def test_every_line_gives_one_object() -> None:
    """Also an empty line, and one with nothing to read."""
    lines = _parse("9.2 g/dL\n\nhello\n", "--question", "hemoglobin").stdout.splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["accepted", "rejected", "rejected"]
    assert json.loads(lines[0])["standard"] == {
        "low": 92,
        "high": 92,
        "low_open": False,
        "high_open": False,
        "unit": "g/L",
    }


def test_a_slip_is_read_analyte_by_analyte() -> None:
    """One analyte makes a slip too."""
    found = json.loads(_parse("ALT 28 U/L (7-56)\n", "--question", "slip").stdout)
    assert (found["outcome"], list(found["slip"])) == ("slip", ["alt"])
    assert found["slip"]["alt"]["uln"] == {"value": 56, "unit": "U/L"}


def test_explain_tells_what_each_part_was_taken_for() -> None:
    """In the places of the reply as typed."""
    found = json.loads(_parse("Ｈｂ 92 (115-150)\n", "--question", "hemoglobin", "--explain").stdout)
    assert [(span["text"], span["role"]) for span in found["spans"]] == [
        ("Ｈｂ", "name"),
        ("92", "value"),
        ("(115-150)", "range"),
    ]


def test_an_unknown_question_names_the_near_ones() -> None:
    """One sentence on standard error, exit status 2, nothing else printed."""
    done = _parse("1\n", "--question", "hemoglobine")
    assert (done.returncode, done.stdout) == (2, "")
    assert "hemoglobin" in done.stderr
    assert len(done.stderr.splitlines()) == 1
