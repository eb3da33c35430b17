"""Work that a stop lets finish, and tasks that a stop ends for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")

AGAIN_SECONDS = 10.0  # after which a task that has not ended is cancelled again: time to take leave of a server


async def unbroken(work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work to its end even where the caller is cancelled meanwhile; the cancellation follows then.

    A transaction that is broken off in the middle of a statement may hold its locks until the process ends.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):  # another one for the same stop
                await asyncio.wait([task])
        raise


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until all have ended: what they call may lose a cancellation, as `wait_for` of Python 3.11 does."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
