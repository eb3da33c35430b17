"""Wiring: what runs beside the rest."""

from __future__ import annotations

import asyncio

import pytest

from bot.bootstrap import in_background


async def fail() -> None:
    """A job that ends as no job should."""
    raise LookupError("job")


async def idle() -> None:
    """A job that never ends."""
    await asyncio.Event().wait()


async def test_a_job_that_fails_ends_the_body_with_its_error() -> None:
    """A bot whose pipeline has died does not go on as if it lived."""
    with pytest.raises(LookupError, match="job"):
        async with in_background(idle(), fail()):
            await asyncio.sleep(60)


async def test_jobs_end_with_the_body() -> None:
    """Nothing is left running, whichever way the body ends."""
    before = asyncio.all_tasks()
    async with in_background(idle(), idle()):
        assert len(asyncio.all_tasks()) == len(before) + 2
    with pytest.raises(ValueError, match="body"):
        await _failing_body()
    assert asyncio.all_tasks() == before


async def _failing_body() -> None:
    async with in_background(idle()):
        raise ValueError("body")
