"""`prescreen data`: copies out and in, and what could not be said, by the program as it is run."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def test_a_copy_made_and_put_back(prescreen: Any, tmp_path: Path) -> None:
    """A conversation goes on from the copy, where it was; without --force nothing is replaced."""
    prescreen("chat", "--lang", "en", given="patient\n")
    assert prescreen("data", "backup", "copy.db").returncode == 0
    prescreen("chat", "--lang", "en", given="yes\n")
    refused = prescreen("data", "restore", "copy.db")
    assert refused.returncode == 1
    assert "give --force" in refused.stderr
    restored = prescreen("data", "restore", "copy.db", "--force")
    assert restored.returncode == 0, restored.stderr
    [kept] = (tmp_path / "data").glob("*.replaced")
    assert kept.name in restored.stdout
    waiting = json.loads(prescreen("chat", "--json").stdout.splitlines()[-1])
    assert waiting["state"] == "consenting"


def test_dead_letters_are_listed_without_what_they_say(prescreen: Any, tmp_path: Path) -> None:
    """Which message, why, and after how many failures; as text and as JSON."""
    prescreen("chat", "--name", "ana", "--lang", "en", given="")
    assert prescreen("data", "dead-letters").stdout == ""
    with closing(sqlite3.connect(tmp_path / "data" / "prescreen.db", isolation_level=None)) as database:
        database.execute("UPDATE outbox SET dead = 'Blocked', attempts = 3 WHERE number = 1")
    assert prescreen("data", "dead-letters").stdout == "terminal  ana  1  Blocked  3\n"
    [line] = prescreen("data", "dead-letters", "--json").stdout.splitlines()
    assert json.loads(line) == {"channel": "terminal", "chat": "ana", "number": 1, "reason": "Blocked", "failures": 3}
