"""Two processes on one PostgreSQL that each wait for what the other has: nothing is lost, and nobody is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.errors import Crossed, Mendable
from bot.flows.inputs import Reply, TimerFired
from bot.ports import Address, Inbound, StoredSession, TimerRow, Turn
from bot.ports.storage import Transaction
from bot.services.turns import CROSSINGS
from bot.storage.database import POSTGRES_SETTINGS
from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from tests.integration.conftest import KEY, START
from tests.postgres import PostgresServer

ANA = Address("test", "ana")
TOMORROW = START + timedelta(days=1)


def _turn(inbound: Inbound, version: int, due: datetime) -> Turn:
    return Turn(inbound, StoredSession(ANA, "[]", "asking", "demo", version), (), (TimerRow("nudge", due),))


async def _go_on(opened: Transaction, inbound: Inbound) -> None:
    """Set the timer anew, as every turn does."""
    session = (await opened.sessions([ANA]))[ANA]
    await opened.save([_turn(inbound, session.version + 1, TOMORROW)], START)


@asynccontextmanager
async def _two_stores(postgres: PostgresServer) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Two processes on one database, in which ANA has a session."""
    url = postgres.new_database()
    async with open_store(url, KEY, START) as one, open_store(url, KEY, START) as other:
        async with one.transaction() as opened:
            begun = Inbound(ANA, "begun", Reply("hi"))
            await opened.receive([begun], START)
            await opened.save([_turn(begun, 1, START)], START)
        yield one, other


async def test_the_database_says_who_is_to_begin_anew(postgres: PostgresServer) -> None:
    """A timer of a chat fires in one process while its person writes to the other."""
    timer_held, session_held = asyncio.Event(), asyncio.Event()

    async def fires(store: SqlStore) -> None:
        inbound = Inbound(ANA, "timer", TimerFired("nudge", START, ""))
        async with store.transaction() as opened:
            await opened.receive([inbound], START)
            timer_held.set()
            await session_held.wait()
            await _go_on(opened, inbound)

    async def writes(store: SqlStore) -> None:
        inbound = Inbound(ANA, "written", Reply("yes"))
        await timer_held.wait()
        async with store.transaction() as opened:
            await opened.receive([inbound], START)
            await opened.sessions([ANA])
            session_held.set()
            await _go_on(opened, inbound)

    async with _two_stores(postgres) as (one, other):
        ended = await asyncio.gather(fires(one), writes(other), return_exceptions=True)
    assert [type(error) for error in ended if error is not None] == [Crossed]


async def test_whoever_froze_in_a_transaction_holds_no_chat_for_long(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends its transaction, and another process takes the chat; the frozen one hears of it when it goes on."""
    monkeypatch.setitem(POSTGRES_SETTINGS, "idle_in_transaction_session_timeout", "500ms")
    async with _two_stores(postgres) as (frozen, other):

        async def freeze() -> None:
            async with frozen.transaction() as held:
                await held.sessions([ANA])
                assert await other.session_of(ANA) is not None
                await held.sessions([ANA])

        with pytest.raises(Mendable):
            await freeze()
        assert await frozen.session_of(ANA) is not None


async def test_what_waits_for_too_long_is_refused(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that its channel gives it again, and nothing stands still behind it."""
    monkeypatch.setitem(POSTGRES_SETTINGS, "lock_timeout", "200ms")
    async with _two_stores(postgres) as (holder, other), holder.transaction() as held:
        await held.sessions([ANA])
        with pytest.raises(Mendable, match="held by another process"):
            await other.session_of(ANA)


@pytest.mark.parametrize("times", [1, CROSSINGS, CROSSINGS + 1])
async def test_turns_that_were_crossed_are_run_anew(
    pipeline: Any, store: SqlStore, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """As long as it is worth it: then whoever gave the input hears that it was not kept."""
    begun, left = store.transaction, [times]

    @asynccontextmanager
    async def crossed() -> AsyncIterator[Any]:
        async with begun() as opened:
            yield opened
            left[0] -= 1
            if left[0] >= 0:
                raise Crossed("in use")

    monkeypatch.setattr(store, "transaction", crossed)
    if times > CROSSINGS:
        with pytest.raises(Crossed):
            await pipeline.say("ana", "yes")
    else:
        await pipeline.say("ana", "yes")
    monkeypatch.undo()
    async with store.transaction() as opened:
        kept = await opened.sessions([ANA])
    assert [each.session for each in kept.values()] == (['["yes"]'] if times <= CROSSINGS else [])
