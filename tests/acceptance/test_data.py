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


def test_what_is_old_is_purged_and_a_dry_run_only_counts(prescreen: Any, tmp_path: Path) -> None:
    """By the settings' ages; the check finds all that is left sound."""
    prescreen("chat", "--name", "ana", "--lang", "en", given="patient\n")
    with closing(sqlite3.connect(tmp_path / "data" / "prescreen.db", isolation_level=None)) as database:
        database.execute("UPDATE sessions SET updated_at = '2020-01-01 00:00:00'")
        database.execute("UPDATE timers SET due = NULL")
    assert "  conversations: 1" in prescreen("data", "purge", "--dry-run").stdout.splitlines()
    assert json.loads(prescreen("data", "purge", "--json").stdout)["conversations"] == 1
    assert prescreen("data", "purge").stdout.startswith("Deleted:\n  conversations: 0\n")
    assert "  candidates on a bench: 0" in prescreen("data", "purge").stdout.splitlines()
    assert prescreen("data", "verify").stdout.endswith("faults: 0\n")
    refused = prescreen("data", "purge", PRESCREEN_KEEP_IDS="10")
    assert refused.returncode == 2
    assert "PRESCREEN_KEEP_IDS must be no fewer days than PRESCREEN_KEEP_JOURNAL (365)" in refused.stderr


def test_the_check_tells_which_row_was_altered_and_nothing_of_it(prescreen: Any, tmp_path: Path) -> None:
    """With exit status 1, as text and as JSON."""
    prescreen("chat", "--name", "ana", "--lang", "en", given="patient\nyes\n34 years\n")
    sound = prescreen("data", "verify")
    assert sound.returncode == 0, sound.stderr
    assert sound.stdout.endswith("faults: 0\n")
    with closing(sqlite3.connect(tmp_path / "data" / "prescreen.db", isolation_level=None)) as database:
        database.execute("UPDATE journal SET sealed = zeroblob(40) WHERE id = 2")
    found = prescreen("data", "verify")
    assert found.returncode == 1
    assert found.stdout.endswith("faults: 1\n  a field does not open at its place: journal.sealed 2\n")
    told = json.loads(prescreen("data", "verify", "--json").stdout)
    assert told["faults"] == {"a field does not open at its place": 1}


def test_under_another_key_a_conversation_goes_on_where_it_was(prescreen: Any, tmp_path: Path) -> None:
    """The key beside the file is replaced; the one from before opens the copy alone."""
    prescreen("chat", "--lang", "en", given="patient\n")
    old = (tmp_path / "data" / "prescreen.db.key").read_text()
    done = prescreen("data", "rotate-key", "--new-key-file", "new.key")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "prescreen.db.key").read_text() == (tmp_path / "new.key").read_text() != old
    assert json.loads(prescreen("chat", "--json").stdout.splitlines()[-1])["state"] == "consenting"
    refused = prescreen("chat", PRESCREEN_KEY=old.strip())
    assert refused.returncode == 1
    assert "does not open this database" in refused.stderr
    [copy] = (tmp_path / "data").glob("*.old-key")
    assert prescreen("data", "verify", "--db", str(copy)).returncode == 0
    again = prescreen("data", "rotate-key", "--new-key-file", "new.key")
    assert again.returncode == 2
    assert "in use already" in again.stderr
