"""A stop: what is being written is written to its end, and no task outlives it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.services import unbroken as unbroken_module
from bot.services.unbroken import ended, unbroken


async def test_a_task_that_loses_a_cancellation_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would wait for ever for something that is stopped already."""
    monkeypatch.setattr(unbroken_module, "AGAIN_SECONDS", 0.05)

    async def deaf() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await ended([task])
    assert task.cancelled()


async def test_work_is_done_to_its_end_however_often_it_is_cancelled() -> None:
    """The cancellation follows when the work is done."""
    may_end, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await may_end.wait()
        done.set()

    task = asyncio.create_task(unbroken(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    await asyncio.wait([task])
    assert done.is_set()
    assert task.cancelled()
