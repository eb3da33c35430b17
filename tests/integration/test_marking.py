"""What was said is marked as sent with the turns that come next, by itself where none come, and never not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.flows.inputs import Reply
from bot.ports import Address, Inbound, Outbound
from bot.services.marking import Marking
from bot.services.turns import Turns
from bot.storage.store import SqlStore
from bot.storage.tables import outbox
from tests.integration.conftest import Clock, apologise, keep_replies


class Talk:
    """The pipeline, and a channel that has taken what Ana was told, which is not yet marked."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store = store
        self.marking = Marking(store, clock)
        self.said: list[Outbound] = []
        self.turns = Turns(store, keep_replies, apologise, clock, self.said.extend, marking=self.marking)

    def hear(self, chat: str, text: str = "hello") -> Inbound:
        """An input of a chat."""
        return Inbound(Address("test", chat), text, Reply(text))

    async def sent(self) -> list[asyncio.Task[None]]:
        """All that was said so far, sent; each waits for its mark."""
        marks = [asyncio.create_task(self.marking.mark(row)) for row in self.said]
        await asyncio.sleep(0)
        return marks

    async def unmarked(self) -> list[str]:
        """The chats of the messages that are not marked."""
        async with self.store._engine.begin() as connection:
            query = select(outbox.c.chat).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.chat, outbox.c.number)
            return list((await connection.execute(query)).scalars())


@pytest.fixture
async def talk(store: SqlStore, clock: Clock) -> Talk:
    """Ana was answered."""
    talk = Talk(store, clock)
    await talk.turns._commit([talk.hear("ana")])
    return talk


@contextmanager
def commits(store: SqlStore) -> Iterator[list[Any]]:
    """The transactions that are committed meanwhile."""
    found: list[Any] = []

    def note(connection: Any) -> None:
        found.append(connection)

    event.listen(store._engine.sync_engine, "commit", note)
    yield found
    event.remove(store._engine.sync_engine, "commit", note)


@asynccontextmanager
async def running(*jobs: Any) -> AsyncIterator[None]:
    """These jobs, until the end."""
    tasks = [asyncio.create_task(job) for job in jobs]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_turns_take_the_marks_along_in_their_own_transaction(talk: Talk, store: SqlStore) -> None:
    """One commit for Ben's answer and for the marks of what Ana was told; then those who wait for a mark go on."""
    marks = await talk.sent()
    with commits(store) as made:
        await talk.turns._commit([talk.hear("ben")])
    assert len(made) == 1
    await asyncio.gather(*marks)
    assert await talk.unmarked() == ["ben", "ben"]


async def test_marks_wait_while_turns_are_under_way_that_will_take_them(talk: Talk, store: SqlStore) -> None:
    """Nothing is committed for them alone until it is known that no turns come."""
    marks = await talk.sent()
    talk.marking.unaided.clear()
    async with running(talk.marking.run()):
        with commits(store) as made:
            await asyncio.sleep(0.05)
            assert made == []
            talk.marking.unaided.set()
            await asyncio.gather(*marks)
        assert len(made) == 1
    assert await talk.unmarked() == []


async def test_turns_that_fail_lose_no_mark(talk: Talk) -> None:
    """An input that is set aside takes nothing along; what was said is marked all the same."""
    marks = await talk.sent()
    async with running(talk.turns.run(), talk.marking.run()):
        await talk.turns.take(talk.hear("ben", "fail"))
        await asyncio.gather(*marks)
    assert await talk.unmarked() == ["ben"]


async def test_who_waits_for_a_mark_waits_on_where_it_could_not_be_written(talk: Talk) -> None:
    """An error on the way to the commit puts the marks back, before those that gathered meanwhile."""
    first, second = await talk.sent(), []

    async def failing() -> None:
        with talk.marking.gathered():
            second.extend(await talk.sent())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await failing()
    assert not any(mark.done() for mark in (*first, *second))
    with talk.marking.gathered() as again:
        assert list(again) == [*talk.said, *talk.said]
    await asyncio.gather(*first, *second)
