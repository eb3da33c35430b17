"""The form that every program in the comparison fills in: the questions of the screening, as plain texts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

USERS = 100
SECONDS = 5.0
QUESTIONS = tuple(
    f"Question {number} of 24: what stands in the report, in the unit that is printed there?" for number in range(1, 25)
)
"""As many as the screening asks of most people."""


async def rate(users: int, step: Callable[[int, int], Awaitable[None]], seconds: float = SECONDS) -> dict[str, float]:
    """Turns a second, and milliseconds of processor time a turn, when each of the users answers without a pause.

    `step(user, number)`: one answer, done durably.
    """
    start, worked = time.perf_counter(), time.process_time()
    done = 0

    async def answer(user: int) -> None:
        nonlocal done
        number = 0
        while time.perf_counter() < start + seconds:
            await step(user, number)
            number += 1
            done += 1

    await asyncio.gather(*(answer(user) for user in range(users)))
    return {
        "turns_per_second": done / (time.perf_counter() - start),
        "cpu_ms": (time.process_time() - worked) * 1000 / done,
    }
