"""Opening a database: its tables, its key, and a clear word where something is wrong."""

from __future__ import annotations

import asyncio
import base64
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import BadSetting, Mendable
from bot.ports import Scope
from bot.storage import migrate
from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from bot.storage.tables import metadata


async def test_the_migrations_make_the_tables_that_the_code_uses(store: SqlStore) -> None:
    """A database made by the migrations differs in nothing from the tables declared."""

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with store._engine.begin() as connection:
        assert await connection.run_sync(differences) == []


def test_the_newest_revision_is_the_last_migration() -> None:
    """Revisions are numbered without a gap, and the program works with the last."""
    revisions = [script.revision for script in ScriptDirectory(str(migrate.MIGRATIONS)).walk_revisions()]
    assert revisions[::-1] == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert revisions[0] == migrate.NEWEST


async def test_an_existing_file_is_backed_up_before_it_is_upgraded(
    tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade of a file leaves a copy of what was there beside it; opening it without one leaves none."""
    file = tmp_path / "prescreen.db"
    for _ in range(2):
        async with open_store(str(file), None, clock.now()):
            pass
    assert not list(tmp_path.glob("*.backup"))
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE of_old (note TEXT)")
        database.execute("INSERT INTO of_old VALUES ('kept')")
    database.close()
    before = migrate.NEWEST
    monkeypatch.setattr(migrate, "NEWEST", "9999")
    async with open_store(str(file), None, clock.now()):
        pass
    [saved] = tmp_path.glob(f"prescreen.db.{before}.*.backup")
    copy = sqlite3.connect(saved)
    assert copy.execute("SELECT note FROM of_old").fetchall() == [("kept",)]
    copy.close()
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


async def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path, clock: Any) -> None:
    """An older program refuses it with what to do."""
    file = tmp_path / "prescreen.db"
    async with open_store(str(file), None, clock.now()):
        pass
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(Mendable, match="later version"):
        async with open_store(str(file), None, clock.now()):
            pass


async def test_opened_by_many_at_once_it_is_made_once(database: str, clock: Any) -> None:
    """Processes that start together on a new database all get it, with one key."""
    key = base64.b64encode(bytes(32)).decode() if database.startswith("postgresql") else None

    async def open_and_close() -> None:
        async with open_store(database, key, clock.now()) as store:
            assert await store.due_timers(Scope(("test",)), clock.now(), 1) == []

    await asyncio.gather(*(open_and_close() for _ in range(6)))


async def test_what_is_made_is_for_its_owner_alone(tmp_path: Path, clock: Any) -> None:
    """The database and the key beside it have mode 0600; the key is 32 bytes."""
    file = tmp_path / "new" / "prescreen.db"
    async with open_store(str(file), None, clock.now()):
        pass
    key = file.with_name("prescreen.db.key")
    assert stat.S_IMODE(key.stat().st_mode) == stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(base64.b64decode(key.read_text())) == 32
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_lost_key_is_not_replaced(tmp_path: Path, clock: Any) -> None:
    """With the file there and its key gone, the start stops and says what to do."""
    file = tmp_path / "prescreen.db"
    async with open_store(str(file), None, clock.now()):
        pass
    file.with_name("prescreen.db.key").unlink()
    with pytest.raises(Mendable, match=r"key of .* is missing: put it back"):
        async with open_store(str(file), None, clock.now()):
            pass


async def test_another_key_is_refused(database: str, clock: Any) -> None:
    """A key that is not the database's own stops the start, before anything is read or written with it."""
    first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    async with open_store(database, first, clock.now()):
        pass
    with pytest.raises(Mendable, match="does not open this database"):
        async with open_store(database, second, clock.now()):
            pass


@pytest.mark.parametrize("key", ["", "short", "!" * 44, base64.b64encode(bytes(31)).decode()])
async def test_what_is_no_key_is_refused_by_name(tmp_path: Path, clock: Any, key: str) -> None:
    """The sentence names the setting and how a key is made."""
    with pytest.raises(BadSetting, match="PRESCREEN_KEY is no key: give 32 random bytes"):
        async with open_store(str(tmp_path / "prescreen.db"), key, clock.now()):
            pass


async def test_postgresql_needs_a_key(clock: Any) -> None:
    """No key is kept beside a server."""
    with pytest.raises(BadSetting, match="PRESCREEN_KEY is needed"):
        async with open_store("postgresql://nowhere/none", None, clock.now()):
            pass


@pytest.mark.parametrize("url", ["mysql://somewhere/x", "postgresql:://", "sqlite:///x.db"])
async def test_another_database_is_refused(clock: Any, url: str) -> None:
    """Only a path, or PostgreSQL."""
    with pytest.raises(BadSetting, match="PRESCREEN_DATABASE must be"):
        async with open_store(url, None, clock.now()):
            pass


async def test_a_file_that_is_no_database_is_named(tmp_path: Path, clock: Any) -> None:
    """The sentence says which file, and what to do."""
    file = tmp_path / "letter.txt"
    file.write_text("Dear reader, " * 100)
    key = base64.b64encode(bytes(32)).decode()
    with pytest.raises(Mendable, match=r"letter\.txt is no sound SQLite database"):
        async with open_store(str(file), key, clock.now()):
            pass


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, clock: Any) -> None:
    """A file where the folder should be."""
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(Mendable, match=r"folder .*data cannot be made"):
        async with open_store(str(tmp_path / "data" / "prescreen.db"), None, clock.now()):
            pass


async def test_a_server_that_is_away_is_named_without_its_password(clock: Any) -> None:
    """The sentence says which database; the password of its URL is not repeated."""
    key = base64.b64encode(bytes(32)).decode()
    with pytest.raises(Mendable, match="cannot be used now") as failure:
        async with open_store("postgresql://bot:hunter2@127.0.0.1:1/x", key, clock.now()):
            pass
    assert "hunter2" not in str(failure.value)
