"""The machine's clock is put on or back: nothing is said twice, nothing waits for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.ports import Outbound
from bot.ports.channels import RetryLater


@pytest.mark.parametrize("hours", [-48, -1, 1, 48])
async def test_what_is_under_way_is_said_once_when_the_clock_jumps(
    pipeline: Any, channel: Any, clock: Any, hours: int
) -> None:
    """The lease is over at once, or not for days: the process that holds the messages still says each once, in order."""
    gate = asyncio.Event()

    async def wait(_: Outbound) -> None:
        await gate.wait()

    channel.failing = wait
    await pipeline.say("ana", "one")
    clock.forward(hours=hours)
    await pipeline.delivery.sweep()
    await pipeline.say("ana", "two")
    gate.set()
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["1: one", "next?", "2: two", "next?"]


async def test_a_chat_held_back_is_said_though_the_clock_was_put_back(pipeline: Any, channel: Any, clock: Any) -> None:
    """A wait that has become longer than any wait is over."""
    failures = iter([RetryLater(30)])

    async def fail(_: Outbound) -> None:
        for failure in failures:
            raise failure

    channel.failing = fail
    await pipeline.say("ana", "one")
    await pipeline.delivery.settle()
    clock.forward(days=-3)
    await pipeline.delivery.sweep()
    await pipeline.delivery.settle()
    assert channel.texts("ana") == ["1: one", "next?"]
