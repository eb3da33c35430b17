"""A copy is put back: checked, never over a database in use, and never without a trace of what was there."""

from __future__ import annotations

import os
import sqlite3
import stat
from base64 import b64encode
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Mendable
from bot.storage.opening import backup_database, check_database, open_store
from bot.storage.restoring import restore_database
from tests.integration.conftest import START


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A database with its key beside it."""
    file = tmp_path / "prescreen.db"
    async with open_store(str(file), None, START):
        pass
    return file


@pytest.fixture
def copy(file: Path, tmp_path: Path) -> Path:
    """A copy of it, in a folder of its own, marked."""
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    backup_database(str(file), copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as database:
        database.execute("INSERT INTO presence VALUES ('copied', '2026-11-25 09:00:00.000000')")
    return copy


def marked(file: Path) -> bool:
    """Whether a database is the marked copy."""
    with closing(sqlite3.connect(file)) as database:
        return bool(database.execute("SELECT * FROM presence").fetchall())


async def test_a_copy_takes_the_place_and_what_was_there_is_kept(file: Path, copy: Path) -> None:
    """With --force; the database is sound afterwards, its owner's alone, and the old one lies beside it."""
    kept = await restore_database(str(file), None, copy, START, force=True)
    assert kept is not None
    assert (marked(file), marked(kept)) == (True, False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(file.parent.glob("*.restoring*"))
    await check_database(str(file), None)


async def test_a_database_that_exists_is_not_replaced_without_force(file: Path, copy: Path) -> None:
    """The sentence says how."""
    with pytest.raises(Mendable, match="exists already: stop the bot, and give --force"):
        await restore_database(str(file), None, copy, START)
    assert not marked(file)


async def test_a_database_in_use_is_not_replaced(file: Path, copy: Path) -> None:
    """Another process has it open: it would go on with the old one."""
    async with open_store(str(file), None, START) as store:
        assert await store.counts([]) == {}
        with pytest.raises(Mendable, match="is in use: stop the bot"):
            await restore_database(str(file), None, copy, START, force=True)
    assert not marked(file)


async def test_a_copy_is_restored_where_nothing_is(copy: Path, tmp_path: Path) -> None:
    """On a new machine, with the key beside the copy."""
    copy.with_name("copy.db.key").write_bytes((tmp_path / "prescreen.db.key").read_bytes())
    new = tmp_path / "new.db"
    assert await restore_database(str(new), None, copy, START) is None
    assert marked(new)
    await check_database(str(new), None)


def _damage(copy: Path) -> None:
    with copy.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(20_000))


def _empty(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as database:
        database.execute("CREATE TABLE of_another_program (x)")


def _make_later(copy: Path) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_damage, "damaged|no sound SQLite"),
        (_empty, "no copy of this program's database"),
        (_make_later, "later version"),
        (Path.unlink, "There is no file"),
    ],
)
async def test_a_copy_that_is_not_good_changes_nothing(file: Path, copy: Path, spoil: Any, message: str) -> None:
    """Damaged, of another program, of a later version, or not there."""
    spoil(copy)
    with pytest.raises(Mendable, match=message):
        await restore_database(str(file), None, copy, START, force=True)
    assert not marked(file)
    await check_database(str(file), None)
    assert not list(file.parent.glob("*.restoring*"))


async def test_a_copy_of_another_key_changes_nothing(file: Path, copy: Path) -> None:
    """The key given must open the copy."""
    with pytest.raises(Mendable, match="does not open this database"):
        await restore_database(str(file), b64encode(bytes(32)).decode(), copy, START, force=True)
    assert not marked(file)
