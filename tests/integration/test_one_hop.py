"""SQLite behind one hop a statement that is waited for: as any other connection to SQLAlchemy, and cheap."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Mendable
from bot.storage.database import database_url, open_engine, transaction

things = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", String, unique=True))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A database with one table."""
    engine = open_engine(database_url(str(tmp_path / "things.db")))
    async with transaction(engine) as connection:
        await connection.run_sync(things.metadata.create_all)
    yield engine
    await engine.dispose()


async def add(engine: AsyncEngine, *batches: list[str]) -> None:
    """Add things in one transaction, a statement a batch."""
    async with transaction(engine) as connection:
        for names in batches:
            await connection.execute(insert(things), [{"name": name} for name in names])


async def test_only_what_is_read_and_the_commit_wait_for_the_thread(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One hop each, whatever comes of them; to begin, to write many rows, and to give the connection back, take none."""
    hops: list[object] = []
    queued = aiosqlite.Connection._execute  # type: ignore[attr-defined]

    async def counting(self: aiosqlite.Connection, work: Any, *arguments: Any, **named: Any) -> Any:
        hops.append(work)
        return await queued(self, work, *arguments, **named)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counting)
    async with transaction(engine) as connection:
        await connection.execute(insert(things), [{"name": name} for name in "abc"])
        assert (await connection.execute(select(things.c.name))).scalars().all() == ["a", "b", "c"]
    assert len(hops) == len(("select", "commit"))


async def test_what_a_statement_came_to_is_known(engine: AsyncEngine) -> None:
    """Rows that are returned, rows that were changed, and the number of the row added last."""
    async with transaction(engine) as connection:
        added = await connection.execute(insert(things).values(name="a").returning(things.c.id, things.c.name))
        assert added.all() == [(1, "a")]
        assert (await connection.execute(insert(things).values(name="b"))).inserted_primary_key == (2,)
        assert (await connection.execute(update(things).values(name=things.c.name + "!"))).rowcount == 2
        assert (await connection.execute(select(things).where(things.c.id > 2))).all() == []


async def test_a_statement_that_fails_undoes_its_transaction_and_leaves_the_connection_usable(
    engine: AsyncEngine,
) -> None:
    """The error is the database's own; nothing of the transaction is kept, and the next one works."""
    with pytest.raises(IntegrityError):
        await add(engine, ["a", "b"], ["c", "a"])
    async with transaction(engine) as connection:
        assert (await connection.execute(select(things))).all() == []
        await connection.execute(insert(things).values(name="a"))
    async with transaction(engine) as connection:
        assert (await connection.execute(select(things.c.name))).scalar_one() == "a"


async def test_nothing_is_done_after_a_statement_that_failed_before_anybody_looked(engine: AsyncEngine) -> None:
    """What is read next raises its error; what was written after it, and what is written in spite of it, is not kept."""

    async def careless() -> None:
        async with transaction(engine) as connection:
            for names in (["a", "a"], ["b", "c"]):
                await connection.execute(insert(things), [{"name": name} for name in names])
            with pytest.raises(IntegrityError):
                await connection.execute(select(things))
            await connection.execute(insert(things), [{"name": "d"}, {"name": "e"}])

    with pytest.raises(IntegrityError):
        await careless()
    await add(engine, ["f", "g"])
    async with transaction(engine) as connection:
        assert (await connection.execute(select(things.c.name))).scalars().all() == ["f", "g"]


async def test_a_transaction_that_cannot_begin_fails_as_a_whole(engine: AsyncEngine, tmp_path: Path) -> None:
    """Where another process holds the file, that is told; nothing is kept of what was written without a look."""
    async with transaction(engine) as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(tmp_path / "things.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Mendable, match="held by another process"):
            await add(engine, ["a", "b"], ["c", "d"])
    await add(engine, ["e", "f"])
    async with transaction(engine) as connection:
        assert (await connection.execute(select(things.c.name))).scalars().all() == ["e", "f"]
