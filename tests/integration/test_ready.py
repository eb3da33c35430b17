"""Statements that are made ready once say to each database what they would say if they were put together anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, bindparam, insert, select

from bot.errors import Mendable
from bot.ports import Address
from bot.storage.database import STATEMENT_AT_FAULT, transaction
from bot.storage.opening import open_store
from bot.storage.ready import Ready, given_chats, in_chats
from bot.storage.store import SqlStore
from bot.storage.tables import sessions, timers
from tests.integration.conftest import KEY

MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ADD_TIMER = Ready(lambda _: insert(timers).inline(), timers.columns.keys())
DUE = Ready(lambda _: select(timers.c.timer).where(timers.c.due <= bindparam("now", type_=timers.c.due.type)))
NAMES = ("ana", "", 'of "quotes"', "it's", "[0]", "null", "7", "渡", "a\\b", " ana ", "Ana")


def timer(name: str, due: datetime | None) -> dict[str, Any]:
    """A timer as a row."""
    return {"channel": "test", "chat": "ana", "timer": name, "due": due, "sealed": b"\x00\xff"}


def session(channel: str, chat: str) -> dict[str, Any]:
    """A session as a row."""
    about = {"trial": "demo", "state": "asking", "session": None, "version": 1, "said": 0, "updated_at": MOMENT}
    return {"channel": channel, "chat": chat, **about}


async def test_a_moment_is_written_and_compared_as_in_any_other_statement(store: SqlStore) -> None:
    """Written ready or put together, with or without fractions of a second, in whatever zone: the same moments are due."""
    shifted = MOMENT.astimezone(timezone(timedelta(hours=8)))
    moments = (MOMENT, shifted, MOMENT + timedelta(microseconds=1), None)
    async with store._engine.begin() as connection:
        await ADD_TIMER.write(connection, [timer(f"ready{i}", due) for i, due in enumerate(moments)])
        await ADD_TIMER.write(connection, [timer("alone", MOMENT)])
        await connection.execute(insert(timers), [timer(f"anew{i}", due) for i, due in enumerate(moments)])
        due = {name for (name,) in await DUE.rows(connection, now=MOMENT)}
        assert due == {"ready0", "ready1", "alone", "anew0", "anew1"}
        assert {name for (name,) in await DUE.rows(connection, now=shifted)} == due
        anew = await connection.execute(select(timers.c.timer).where(timers.c.due <= MOMENT))
        assert set(anew.scalars()) == due
        stored = await connection.execute(select(timers.c.due, timers.c.sealed).where(timers.c.timer == "ready2"))
        assert stored.one() == (moments[2], b"\x00\xff")


async def test_nothing_is_done_for_no_rows(store: SqlStore) -> None:
    """A batch in which nobody sets a timer writes none."""
    async with store._engine.begin() as connection:
        await ADD_TIMER.write(connection, [])
        assert (await connection.execute(select(timers))).all() == []


async def test_chats_are_found_by_their_whole_names_whatever_stands_in_them(store: SqlStore) -> None:
    """One parameter holds all of them; a name with signs of its own format in it is a name as any other."""

    def found(dialect: Any) -> Executable:
        return select(sessions.c.chat).where(in_chats(sessions, dialect)).order_by(sessions.c.id)

    async with store._engine.begin() as connection:
        rows = [session(channel, name) for channel in ("test", "web") for name in NAMES]
        await connection.execute(insert(sessions), rows)
        for wanted in ((), NAMES[:1], NAMES, ("nobody",)):
            chats = given_chats([Address("web", name) for name in wanted])
            assert [name for (name,) in await Ready(found).rows(connection, chats=chats)] == [
                name for name in NAMES if name in wanted
            ]


async def write(store: SqlStore, *names: str, look: bool = False) -> None:
    """Write timers of these names in one transaction; perhaps look what is due before its end."""
    async with transaction(store._engine) as connection:
        await ADD_TIMER.write(connection, [timer(name, MOMENT) for name in names])
        if look:
            await DUE.rows(connection, now=MOMENT)


async def written(store: SqlStore) -> list[str]:
    """The names of the timers that are kept."""
    async with transaction(store._engine) as connection:
        return [name for (name,) in await DUE.rows(connection, now=MOMENT)]


@pytest.mark.parametrize("look", [False, True])
async def test_what_cannot_be_written_fails_its_transaction_at_the_latest_at_the_end(
    store: SqlStore, *, look: bool
) -> None:
    """It is the statement's fault, not that of the database; nothing of the transaction is kept, and the next one works."""
    with pytest.raises(STATEMENT_AT_FAULT):
        await write(store, "once", "twice", "twice", look=look)
    assert await written(store) == []
    await write(store, "good", look=look)
    assert await written(store) == ["good"]


@pytest.mark.parametrize("look", [False, True])
async def test_a_database_that_another_process_holds_takes_nothing(tmp_path: Path, clock: Any, *, look: bool) -> None:
    """The lock is taken with what is read first, or with the commit: nothing is read before, and nothing is kept."""
    file = tmp_path / "prescreen.db"
    async with open_store(str(file), KEY, clock.now()) as store:
        async with transaction(store._engine) as connection:
            await connection.exec_driver_sql("PRAGMA busy_timeout = 1")
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Mendable, match="held by another process"):
                await write(store, "lost", look=look)
        assert await written(store) == []
