"""More inputs than can be handled: the queue is bounded, and whoever hands over more waits for it."""

from __future__ import annotations

import asyncio
from itertools import islice

import pytest
from sqlalchemy import select

from bot.flows.inputs import Reply
from bot.ports import Address, Inbound
from bot.services import turns as module
from bot.services.turns import BATCH_SIZE, Turns
from bot.storage.store import SqlStore
from bot.storage.tables import inbox
from tests.integration.conftest import Clock, apologise, keep_replies

QUEUE = 100
INPUTS = 10 * QUEUE  # many batches


@pytest.fixture
def turns(store: SqlStore, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Turns:
    """A pipeline with a short queue, not yet running."""
    monkeypatch.setattr(module, "QUEUE_SIZE", QUEUE)
    return Turns(store, keep_replies, apologise, clock, lambda _: None)


def hand_over(turns: Turns) -> dict[str, asyncio.Task[None]]:
    """Hand over all inputs at once; who waits for each, by its id."""
    inputs = [Inbound(Address("test", f"chat{i % 20}"), f"m{i}", Reply("yes")) for i in range(INPUTS)]
    return {inbound.message_id: asyncio.create_task(turns.take(inbound)) for inbound in inputs}


def acknowledged(waiting: dict[str, asyncio.Task[None]]) -> set[str]:
    """The ids of those that were taken."""
    done = {name: task for name, task in waiting.items() if task.done() and not task.cancelled()}
    return {name for name, task in done.items() if task.exception() is None}


async def stored(store: SqlStore) -> list[str]:
    """The ids of the inputs that are in the database."""
    async with store._engine.begin() as connection:
        return list((await connection.execute(select(inbox.c.message_id))).scalars())


async def test_a_full_queue_pushes_back(turns: Turns, store: SqlStore) -> None:
    """While nothing is handled, no more is taken in than the queue holds, and nothing is acknowledged."""
    waiting = hand_over(turns)
    await asyncio.sleep(0.05)
    assert turns.queued == QUEUE
    assert not any(task.done() for task in waiting.values())
    assert await stored(store) == []
    for task in waiting.values():
        task.cancel()
    await asyncio.gather(*waiting.values(), return_exceptions=True)


async def test_nothing_is_acknowledged_that_is_not_stored_when_the_bot_stops_with_a_full_queue(
    turns: Turns, store: SqlStore
) -> None:
    """Stopped in the middle: what was acknowledged is stored, the rest can be given again, and each counts once."""
    waiting = hand_over(turns)
    running = asyncio.create_task(turns.run())
    await asyncio.wait(islice(waiting.values(), BATCH_SIZE))
    running.cancel()
    await asyncio.wait([running])
    taken = acknowledged(waiting)
    assert BATCH_SIZE <= len(taken) < INPUTS
    assert taken <= set(await stored(store))
    for task in waiting.values():
        task.cancel()

    again = hand_over(turns)
    running = asyncio.create_task(turns.run())
    await asyncio.gather(*again.values())
    running.cancel()
    await asyncio.wait([running])
    assert sorted(await stored(store)) == sorted(again)
