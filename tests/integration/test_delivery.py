"""Delivery: what is to be said reaches its channel, in order, whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.ports import Outbound, Scope
from bot.ports.channels import Blocked, NotServed, RetryLater
from bot.services.delivery import ALONE, ATTEMPTS, Delivery
from bot.storage.outbox import LEASE
from bot.storage.store import SqlStore
from bot.storage.tables import UNSAID, outbox

PATIENCE = 60  # seconds
ALL = Scope(("test",))
Failing = Callable[[Outbound], Awaitable[None]]


def failing_with(errors: Iterable[Exception | None], chat: str = "ana") -> Failing:
    """Fails the sends to a chat with these errors, one after the other (None: it succeeds), then no more."""
    left = iter(errors)

    async def fail(outbound: Outbound) -> None:
        error = next(left, None) if outbound.address.chat == chat else None
        if error is not None:
            raise error

    return fail


async def unsaid(store: SqlStore) -> int:
    """How many messages are still to be said."""
    async with store._engine.begin() as connection:
        return len((await connection.execute(select(outbox.c.number).where(UNSAID))).all())


async def dead(store: SqlStore) -> list[tuple[int, str]]:
    """The dead letters: number and reason."""
    async with store._engine.begin() as connection:
        query = select(outbox.c.number, outbox.c.dead).where(outbox.c.dead.is_not(None)).order_by(outbox.c.number)
        return [(row.number, row.dead) for row in await connection.execute(query)]


async def test_what_was_sent_is_marked(pipeline: Any, store: SqlStore) -> None:
    """Once all is said nothing is left to say."""
    await pipeline.say("ana", "one")
    await pipeline.delivery.settle()
    assert await unsaid(store) == 0


async def test_a_chat_that_fails_is_held_back_and_the_others_go_on(
    pipeline: Any, store: SqlStore, channel: Any, clock: Any
) -> None:
    """Its messages keep their order and are said once its time has come; no other chat waits for it."""
    channel.failing = failing_with([None, OSError()])
    await pipeline.say("ana", "one")
    await pipeline.delivery.settle()
    await asyncio.gather(pipeline.say("ana", "two"), pipeline.say("ben", "hello"))
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["1: one"]
    assert channel.texts("ben") == ["1: hello", "next?"]
    clock.forward(seconds=10)
    await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["1: one", "next?", "2: two", "next?"]
    assert await unsaid(store) == 0


async def test_a_channel_that_asks_to_wait_is_waited_for(
    pipeline: Any, store: SqlStore, channel: Any, clock: Any
) -> None:
    """Asking to wait, however often, is no failure."""
    channel.failing = failing_with([RetryLater(30)] * (ATTEMPTS + 5))
    await pipeline.say("ana", "one")
    for _ in range(ATTEMPTS + 5):
        await pipeline.delivery.settle()
        assert channel.sent == []
        clock.forward(seconds=31)
        await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["1: one", "next?"]
    assert await dead(store) == []


async def test_a_chat_held_back_is_taken_up_again_by_itself(pipeline: Any, channel: Any, clock: Any) -> None:
    """Nobody has to write for the rest to be said."""
    channel.failing = failing_with([RetryLater(0.1)])
    await pipeline.say("ana", "one")
    await pipeline.delivery.settle()
    clock.forward(seconds=1)
    async with asyncio.timeout(PATIENCE):
        while len(channel.sent) < 2:
            await asyncio.sleep(0.01)
    assert channel.texts("ana") == ["1: one", "next?"]


async def test_no_sooner_than_asked(pipeline: Any, channel: Any, clock: Any) -> None:
    """A chat is left alone until its time has come."""
    channel.failing = failing_with([RetryLater(30)])
    await pipeline.say("ana", "one")
    await pipeline.delivery.settle()
    clock.forward(seconds=29)
    await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    assert channel.sent == []


async def test_what_fails_too_often_becomes_a_dead_letter_and_the_next_is_said(
    pipeline: Any, store: SqlStore, channel: Any, clock: Any
) -> None:
    """A message that its channel never takes does not hold its chat up for ever."""
    channel.failing = failing_with([ValueError()] * ATTEMPTS)
    await pipeline.say("ana", "one")
    for _ in range(ATTEMPTS):
        await pipeline.delivery.settle()
        clock.forward(hours=2)
        await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["next?"]
    assert await dead(store) == [(1, "ValueError")]


async def test_a_message_that_its_server_alone_never_takes_becomes_a_dead_letter(
    pipeline: Any, store: SqlStore, channel: Any, clock: Any
) -> None:
    """While others are taken it is tried for hours, listed then, and the chat goes on."""
    channel.failing = failing_with([NotServed()] * ALONE)
    await pipeline.say("ana", "one")
    for round_ in range(ALONE - 1):
        await pipeline.delivery.settle()
        assert await dead(store) == []
        await pipeline.say("ben", str(round_))
        await pipeline.delivery.settle()
        clock.forward(hours=2)
        await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["next?"]
    assert await dead(store) == [(1, "NotServed")]


@pytest.mark.parametrize("error", [NotServed, OSError])
async def test_while_a_server_takes_nothing_nothing_is_given_up(
    pipeline: Any, store: SqlStore, channel: Any, clock: Any, error: type[OSError]
) -> None:
    """However long it is away, and however much is new meanwhile; afterwards all is said, no chat waits for an hour."""

    async def away(_: Outbound) -> None:
        raise error

    channel.failing = away
    for round_ in range(2 * ALONE):
        await asyncio.gather(*(pipeline.say(chat, str(round_)) for chat in ("ana", "ben")))
        await pipeline.delivery.settle()
        clock.forward(hours=2)
        await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    channel.failing = None
    clock.forward(minutes=2)
    await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    assert await dead(store) == []
    assert len(channel.texts("ana")) == len(channel.texts("ben")) == 2 * 2 * ALONE


async def test_a_chat_that_blocked_the_bot_is_left_alone_until_it_writes_again(
    pipeline: Any, store: SqlStore, channel: Any
) -> None:
    """What was unsaid becomes dead letters; what is said after the person is back is sent."""
    channel.failing = failing_with([Blocked()])
    await pipeline.say("ana", "one")
    await pipeline.delivery.settle()
    assert await dead(store) == [(1, "Blocked"), (2, "Blocked")]
    await pipeline.say("ana", "two")
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["2: two", "next?"]


async def test_after_a_restart_the_old_is_said_before_the_new(start: Any, channel: Any) -> None:
    """What an ended process left unsaid is said first, once, and nothing is lost."""
    never = asyncio.Event()

    async def hang(_: Outbound) -> None:
        await never.wait()

    channel.failing = hang
    async with start() as first:
        await asyncio.gather(*(first.say(f"chat{i}", "one") for i in range(20)))
    channel.failing = None
    async with start(sole=True) as second:
        await asyncio.gather(*(second.say(f"chat{i}", "two") for i in range(20)))
        await second.delivery.settle()
    for i in range(20):
        assert channel.texts(f"chat{i}") == ["1: one", "next?", "2: two", "next?"]


async def test_an_altered_message_is_not_said_and_stops_no_other(start: Any, store: SqlStore, channel: Any) -> None:
    """A text moved to another chat is never said there: it becomes a dead letter, and all else is said."""
    channel.failing = failing_with([OSError()] * 2, "ana")
    async with start() as first:
        await first.say("ana", "my secret")
        await first.delivery.settle()
        channel.failing = failing_with([OSError()] * 2, "ben")
        await first.say("ben", "hello")
        await first.delivery.settle()
    async with store._engine.begin() as connection:
        moved = select(outbox.c.sealed).where(outbox.c.chat == "ana", outbox.c.number == 1).scalar_subquery()
        at = (outbox.c.chat == "ben", outbox.c.number == 1)
        await connection.execute(update(outbox).where(*at).values(sealed=moved))
    channel.failing = None
    async with start(sole=True) as second:
        await second.delivery.settle()
    assert channel.texts("ben") == ["next?"]
    assert channel.texts("ana") == ["1: my secret", "next?"]
    assert await dead(store) == [(1, "Tampered")]


async def test_what_a_living_process_holds_is_not_taken_from_it(
    pipeline: Any, store: SqlStore, channel: Any, clock: Any
) -> None:
    """Another process takes messages over only when their holder has had them for too long."""
    gate = asyncio.Event()

    async def wait(_: Outbound) -> None:
        await gate.wait()

    channel.failing = wait
    await pipeline.say("ana", "one")
    clock.forward(seconds=1)
    async with store.claim(ALL, clock.now()) as claimed:
        assert claimed == {}
    clock.forward(seconds=LEASE.total_seconds())
    async with store.claim(ALL, clock.now()) as claimed:
        assert [row.number for rows in claimed.values() for row in rows] == [1, 2]
    async with store.claim(ALL, clock.now()) as claimed:
        assert claimed == {}
    gate.set()


async def test_claims_at_the_same_time_share_no_message(clock: Any, channel: Any, start: Any, store: SqlStore) -> None:
    """Two processes that sweep together say each message once between them."""
    hold = asyncio.Event()

    async def hang(_: Outbound) -> None:
        await hold.wait()

    channel.failing = hang
    async with start() as first:
        await asyncio.gather(*(first.say(f"chat{i}", "one") for i in range(30)))
    channel.failing = None
    await store.release(ALL, clock.now())
    deliveries = [Delivery(store, {"test": channel}, clock) for _ in range(3)]
    runs = [asyncio.create_task(delivery.run()) for delivery in deliveries]
    await asyncio.gather(*(delivery.start(sole=False) for delivery in deliveries))
    await asyncio.gather(*(delivery.settle() for delivery in deliveries))
    for run in runs:
        run.cancel()
    assert len(channel.sent) == 60
    assert len({(row.address, row.number) for row in channel.sent}) == 60


@pytest.mark.parametrize("only", ["ana", "ben"])
async def test_a_delivery_of_one_chat_leaves_the_others_alone(
    start: Any, store: SqlStore, channel: Any, clock: Any, only: str
) -> None:
    """A terminal says what its own conversation has waiting, and nothing else."""
    channel.failing = failing_with([OSError()] * 2, "ana")
    async with start() as pipeline:
        await pipeline.say("ana", "one")
        await pipeline.delivery.settle()
    clock.forward(minutes=1)
    delivery = Delivery(store, {"test": channel}, clock, only)
    marking = asyncio.create_task(delivery.run())
    channel.failing = None
    await delivery.start(sole=False)
    await delivery.settle()
    marking.cancel()
    assert bool(channel.sent) is (only == "ana")
