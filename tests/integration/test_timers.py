"""Timers become inputs of the pipeline."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import update

from bot.bootstrap import in_background
from bot.flows.inputs import TimerFired
from bot.ports import Address, Inbound, Scope, TimerRow
from bot.services import timers as services
from bot.services.timers import Timers
from bot.storage.store import SqlStore
from bot.storage.tables import timers as rows
from bot.storage.timers import put


@pytest.fixture
def timers(pipeline: Any, store: SqlStore, clock: Any) -> Timers:
    """The timers of the test's channel."""
    return Timers(store, Scope(("test",)), pipeline.turns.take, clock)


@pytest.fixture
def replies(store: SqlStore) -> Callable[[], Any]:
    """Reads what the conversation of "ana" has kept."""

    async def read() -> list[str]:
        address = Address("test", "ana")
        async with store.transaction() as transaction:
            return json.loads((await transaction.sessions([address]))[address].session or "[]")  # type: ignore[no-any-return]

    return read


async def test_a_timer_fires_when_due_and_once(pipeline: Any, timers: Timers, clock: Any, replies: Any) -> None:
    """Not before its time; then once, with what was stored with it."""
    await pipeline.say("ana", "remind me")
    clock.forward(minutes=59)
    assert await timers.fire_due() == 0
    clock.forward(minutes=1)
    assert await timers.fire_due() == 1
    assert await timers.fire_due() == 0
    assert await replies() == ["reminded of the test"]


async def test_processes_that_fire_together_fire_once(pipeline: Any, timers: Timers, clock: Any, replies: Any) -> None:
    """A timer read as due by several at once is one input."""
    await pipeline.say("ana", "remind me")
    clock.forward(hours=1)
    await asyncio.gather(*(timers.fire_due() for _ in range(4)))
    assert await replies() == ["reminded of the test"]


async def test_a_timer_taken_back_does_not_fire(pipeline: Any, timers: Timers, clock: Any, replies: Any) -> None:
    """Also where it was already read as due when it was taken back."""
    await pipeline.say("ana", "remind me")
    clock.forward(hours=1)
    [due] = await timers._store.due_timers(Scope(("test",)), clock.now(), 10)
    await pipeline.say("ana", "never mind")
    await pipeline.turns.take(due)
    assert await timers.fire_due() == 0
    assert await replies() == []


@pytest.mark.parametrize("micro", [0, 1, 120_000])
async def test_of_a_timer_that_was_read_twice_the_moment_that_it_has_counts(
    store: SqlStore, clock: Any, micro: int
) -> None:
    """An input of its former moment is none, in the same batch too, and in whatever zone a moment is told."""
    address, zone = Address("test", "ana"), timezone(timedelta(hours=8))
    former = clock.now().replace(microsecond=micro)
    present = former + timedelta(microseconds=1)
    late, due = (
        Inbound(address, str(at), TimerFired("remind", at.astimezone(zone), "the test")) for at in (former, present)
    )
    async with store.transaction() as opened:
        await put(opened._connection, opened._cipher, [(address, TimerRow("remind", present, "the test"))])
    async with store.transaction() as opened:
        assert await opened.receive([late, due], clock.now()) == [due]
    async with store.transaction() as opened:
        assert await opened.receive([due], clock.now()) == []
    assert await store.due_timers(Scope(("test",)), present, 10) == []


async def test_a_timer_set_anew_fires_at_its_new_time_alone(
    pipeline: Any, timers: Timers, clock: Any, replies: Any
) -> None:
    """Setting it again moves it."""
    await pipeline.say("ana", "remind me")
    clock.forward(minutes=30)
    await pipeline.say("ana", "remind me")
    clock.forward(minutes=30)
    assert await timers.fire_due() == 0
    clock.forward(minutes=30)
    assert await timers.fire_due() == 1
    assert await replies() == ["reminded of the test"]


async def test_timers_fire_by_themselves(
    pipeline: Any, timers: Timers, clock: Any, replies: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Running, they look again and again."""
    monkeypatch.setattr(services, "CHECK_SECONDS", 0.01)
    await pipeline.say("ana", "remind me")
    async with in_background(timers.run()), asyncio.timeout(60):
        clock.forward(hours=1)
        while not await replies():
            await asyncio.sleep(0.01)
    assert await replies() == ["reminded of the test"]


async def test_an_altered_timer_fires_with_nothing(
    pipeline: Any, timers: Timers, store: SqlStore, clock: Any, replies: Any
) -> None:
    """What was stored with it cannot be opened: it fires once, empty, and stops no other."""
    await pipeline.say("ana", "remind me")
    async with store._engine.begin() as connection:
        await connection.execute(update(rows).values(sealed=b"altered"))
    clock.forward(hours=1)
    assert await timers.fire_due() == 1
    assert await timers.fire_due() == 0
    assert await replies() == ["reminded "]
