"""Channels that keep what they say, and codes that stand for a secret: on every database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.flows.inputs import Reply
from bot.ports import Address, Inbound, Outbound, Scope
from bot.services.turns import Turns
from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from tests.integration.conftest import KEY, apologise, keep_replies

ANA = Address("kept", "ana")
BEN = Address("kept", "ben")


@pytest.fixture
async def keeping(database: str, clock: Any) -> AsyncIterator[SqlStore]:
    """A store in which one channel keeps what it says."""
    async with open_store(database, KEY, clock.now(), frozenset({"kept"})) as store:
        yield store


@asynccontextmanager
async def turns_on(store: SqlStore, clock: Any, handed_over: list[Outbound]) -> AsyncIterator[Turns]:
    """The pipeline, running."""
    turns = Turns(store, keep_replies, apologise, clock, handed_over.extend)
    task = asyncio.create_task(turns.run())
    yield turns
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def say(turns: Turns, address: Address, *texts: str) -> None:
    """Replies, each with its text as its id."""
    for text in texts:
        await turns.take(Inbound(address, text, Reply(text)))


async def test_what_is_said_is_read_again_as_often_as_wanted(keeping: SqlStore, clock: Any) -> None:
    """In order, from any message on, each turn's first message with what it answers; the same as was handed over."""
    handed_over: list[Outbound] = []
    async with turns_on(keeping, clock, handed_over) as turns:
        await say(turns, ANA, "one", "two")
        await say(turns, BEN, "other")
    for _ in range(2):
        assert await keeping.said(ANA) == handed_over[:4]
    later = await keeping.said(ANA, 2)
    assert [row.number for row in later] == [3, 4]
    assert [row.answers and row.answers.message_id for row in later] == ["two", None]
    assert await keeping.counts([ANA, BEN, Address("kept", "nobody")]) == {ANA: 4, BEN: 2}


async def test_what_is_kept_is_never_to_be_sent(keeping: SqlStore, clock: Any) -> None:
    """It counts as said at once; other channels are delivered as ever, and keep no text once it is sent."""
    other = Address("sent", "cora")
    handed_over: list[Outbound] = []
    async with turns_on(keeping, clock, handed_over) as turns:
        await say(turns, ANA, "one")
        await say(turns, other, "two")
    async with keeping.claim(Scope(("kept", "sent")), clock.now() + timedelta(days=1)) as claimed:
        assert list(claimed) == [other]
    async with keeping.transaction() as transaction:
        await transaction.mark_sent([row for row in handed_over if row.address == other], clock.now())
    assert await keeping.said(other) == []
    assert all(row.answers is None for row in handed_over if row.address == other)


async def test_an_erased_chat_has_only_its_last_word(keeping: SqlStore, clock: Any) -> None:
    """Nothing that was said or heard before is left, nor the words that asked for it; the numbers go on."""
    async with turns_on(keeping, clock, []) as turns:
        await say(turns, ANA, "one", "two", "forget me")
        [last] = await keeping.said(ANA)
        assert last.message.text == "forgotten"
        assert last.answers is None
        await say(turns, ANA, "three")
    assert [row.number for row in await keeping.said(ANA)] == [5, 6, 7]


async def test_an_input_that_is_set_aside_is_kept_with_the_apology(keeping: SqlStore, clock: Any) -> None:
    """The person still sees what they said."""
    async with turns_on(keeping, clock, []) as turns:
        await say(turns, ANA, "fail")
    [apology] = await keeping.said(ANA)
    assert apology.answers is not None
    assert apology.answers.input == Reply("fail")


async def test_a_code_is_good_once(keeping: SqlStore, clock: Any) -> None:
    """Of two who give it at the same moment one gets the secret."""
    await keeping.add_code(ANA, "digest", "secret", clock.now() + timedelta(minutes=15))
    got = await asyncio.gather(*(keeping.redeem_code("digest", clock.now()) for _ in range(4)))
    assert sorted(got, key=str) == [None, None, None, "secret"]


async def test_a_code_is_good_for_a_time(keeping: SqlStore, clock: Any) -> None:
    """Up to its last moment; then it is gone."""
    until = clock.now() + timedelta(minutes=15)
    await keeping.add_code(ANA, "in time", "a", until)
    await keeping.add_code(BEN, "late", "b", until)
    assert await keeping.redeem_code("in time", until - timedelta(seconds=1)) == "a"
    assert await keeping.redeem_code("late", until) is None
    assert await keeping.redeem_code("late", clock.now()) is None


async def test_a_chat_has_one_code_at_a_time(keeping: SqlStore, clock: Any) -> None:
    """A new one takes the place of the one before; erasing the chat takes it away."""
    until = clock.now() + timedelta(minutes=15)
    await keeping.add_code(ANA, "first", "a", until)
    await keeping.add_code(ANA, "second", "a", until)
    assert await keeping.redeem_code("first", clock.now()) is None
    async with turns_on(keeping, clock, []) as turns:
        await say(turns, ANA, "forget me")
    assert await keeping.redeem_code("second", clock.now()) is None


async def test_a_repeat_is_known_for_one(keeping: SqlStore, clock: Any) -> None:
    """In its own chat alone, from the moment that the first is durable: nobody waits for what a repeat leads to."""
    async with turns_on(keeping, clock, []) as turns:
        assert not await keeping.was_taken(ANA, "1")
        await turns.take(Inbound(ANA, "1", Reply("one")))
        assert await keeping.was_taken(ANA, "1")
        assert not await keeping.was_taken(BEN, "1")


async def test_a_chat_is_erased_until_something_is_begun_there_anew(keeping: SqlStore, clock: Any) -> None:
    """One in which nothing was ever said is none."""
    async with turns_on(keeping, clock, []) as turns:
        for text, erased in (("one", False), ("forget me", True), ("two", False)):
            await say(turns, ANA, text)
            assert await keeping.is_erased(ANA) is erased
    assert not await keeping.is_erased(BEN)
