"""Stops and failures at random: what was promised holds all the same."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise
from typing import Any

import pytest

from bot.flows.inputs import Reply
from bot.ports import Address, Inbound, Outbound
from bot.ports.channels import RetryLater

CHATS = 6
REPLIES = 25
LIVES = 400  # more processes than any run needs


class Person:
    """Someone who writes replies in order, and gives each again, with its id, until it was acknowledged."""

    def __init__(self, chat: str) -> None:
        self.chat = chat
        self.acknowledged = 0

    async def write(self, pipeline: Any) -> None:
        """Write what was not acknowledged yet."""
        while self.acknowledged < REPLIES:
            number = str(self.acknowledged)
            await pipeline.turns.take(Inbound(Address("test", self.chat), number, Reply(f"reply {number}")))
            self.acknowledged += 1


def unreliable(chance: random.Random) -> Any:
    """A channel that fails, asks to wait, or takes its time."""

    async def fail(_: Outbound) -> None:
        roll = chance.random()
        await asyncio.sleep(0.002 * chance.random())
        if roll < 0.05:
            raise OSError
        if roll < 0.1:
            raise RetryLater(1)

    return fail


async def live(start: Any, people: list[Person], seconds: float) -> None:
    """A process that is stopped after this time, in the middle of whatever it does."""
    async with start(sole=True) as pipeline:
        writing = [asyncio.create_task(person.write(pipeline)) for person in people]
        await asyncio.wait(writing, timeout=seconds)
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)


@pytest.mark.parametrize("seed", range(4))
async def test_no_reply_and_no_message_is_lost_or_out_of_order(start: Any, channel: Any, clock: Any, seed: int) -> None:
    """Each reply counts once; each message is said, in order; only the one under way at a stop is ever repeated."""
    chance = random.Random(seed)  # noqa: S311 - the same stops at every run
    channel.failing = unreliable(chance)
    people = [Person(f"chat{i}") for i in range(CHATS)]
    lives = 0
    while any(person.acknowledged < REPLIES for person in people):
        lives += 1
        assert lives < LIVES
        await live(start, people, 0.05 * chance.random())
        clock.forward(minutes=10)
    channel.failing = None
    async with start(sole=True) as pipeline:
        await pipeline.delivery.settle()
    for person in people:
        said = [row for row in channel.sent if row.address.chat == person.chat]
        texts = {row.number: row.message.text for row in said}
        expected = [text for i in range(REPLIES) for text in (f"{i + 1}: reply {i}", "next?")]
        assert [texts[number] for number in sorted(texts)] == expected
        steps = [after.number - before.number for before, after in pairwise(said)]
        assert set(steps) <= {0, 1}
        assert steps.count(0) <= lives
