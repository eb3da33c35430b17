"""The form that every program in the comparison fills in: the questions of the screening, as plain texts."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

USERS = 100
SECONDS = 5.0
QUESTIONS = tuple(
    f"Question {number} of 24: what stands in the report, in the unit that is printed there?" for number in range(1, 25)
)
"""As many as the screening asks of most people."""


async def rate(users: int, step: Callable[[int, int], Awaitable[None]], seconds: float = SECONDS) -> float:
    """Turns a second, when each of the users answers without a pause. `step(user, number)`: one answer, done durably."""
    import asyncio

    start = time.perf_counter()
    done = 0

    async def answer(user: int) -> None:
        nonlocal done
        number = 0
        while time.perf_counter() < start + seconds:
            await step(user, number)
            number += 1
            done += 1

    await asyncio.gather(*(answer(user) for user in range(users)))
    return done / (time.perf_counter() - start)
