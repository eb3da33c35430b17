"""`prescreen data export` and `erase`: one person's data out in the open, or gone."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

REPLIES = "patient\nyes\n34 years\nmale\nno\n"


def prescreen(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], input=said, text=True, capture_output=True, check=False
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with two people in it."""
    path = tmp_path / "people.db"
    for name in ("ana", "ben"):
        assert prescreen("chat", "--lang", "en", "--db", str(path), "--name", name, said=REPLIES).returncode == 0
    return path


def test_export_prints_all_that_a_person_said(database: Path) -> None:
    """The answers as typed, and what happened, as JSON."""
    kept = json.loads(prescreen("data", "export", "terminal:ana", "--db", str(database)).stdout)
    assert kept["conversation"]["answers"]["age"]["reply"] == "34 years"
    assert [entry["input"].get("text") for entry in kept["journal"]][1:] == REPLIES.splitlines()


def test_erase_leaves_nothing_of_the_person_and_all_of_the_others(database: Path) -> None:
    """No sealed field of hers is left; he can go on."""
    assert prescreen("data", "erase", "terminal:ana", "--yes", "--db", str(database)).returncode == 0
    with sqlite3.connect(database) as opened:
        assert opened.execute("SELECT count(*) FROM journal WHERE chat = 'ana'").fetchone() == (0,)
        assert opened.execute("SELECT session FROM sessions WHERE chat = 'ana'").fetchall() == [(None,)]
        assert opened.execute("SELECT count(*) FROM journal WHERE chat = 'ben'").fetchone() == (6,)
    assert prescreen("data", "export", "terminal:ana", "--db", str(database)).returncode == 2
    assert "sex" in prescreen("data", "export", "terminal:ben", "--db", str(database)).stdout


def test_a_person_who_is_not_there_is_one_clear_sentence(database: Path) -> None:
    """It says how to name a person."""
    refused = prescreen("data", "erase", "nobody", "--yes", "--db", str(database))
    assert refused.returncode == 2
    assert "Nothing is kept of nobody: give a referral's reference, or CHANNEL:CHAT." in refused.stderr
