"""The database is away, full or held while people write: nothing is acknowledged meanwhile, and all goes on after."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.crash.kills import last_words
from tests.crash.lab import Lab
from tests.crash.lives import Nursery, Worker
from tests.postgres import PostgresServer

ROOM = 50_000  # bytes that the disk has left
PATIENCE = 30.0
NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@asynccontextmanager
async def under_load(lab: Lab, nest: Nursery) -> AsyncIterator[Worker]:
    """A bot to which people write; it must live through what happens, and come to the end with all of it done."""
    worker = await nest.start(lab.bot.environment)
    assert worker is not None
    serving = asyncio.create_task(lab.serve(worker))
    await progress(lab)
    yield worker
    await progress(lab)
    assert not nest.status.done(), "the bot ended"
    worker.kill()
    await serving
    await nest.ended()
    figures = await lab.finish()
    assert not figures.faults, f"{figures}\n{last_words(nest)}"


async def progress(lab: Lab) -> None:
    """Wait until inputs have been acknowledged from now on."""
    before = sum(person.acknowledged for person in lab.people.values())
    async with asyncio.timeout(PATIENCE):
        while sum(person.acknowledged for person in lab.people.values()) < before + 20:
            await asyncio.sleep(0.02)


async def refusal(lab: Lab) -> None:
    """Wait until the bot refuses inputs."""
    async with asyncio.timeout(PATIENCE):
        while not lab.refused:
            await asyncio.sleep(0.02)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process are set on Linux alone")
async def test_a_full_disk_loses_nothing(tmp_path: Path, nest: Nursery) -> None:
    """No file can grow: inputs are refused, none is acknowledged; when there is room again, all goes on."""
    lab = Lab(str(tmp_path / "lab.db"), nest, seed=5, at_once=1)
    async with under_load(lab, nest) as worker:
        largest = max(path.stat().st_size for path in tmp_path.glob("lab.db*"))
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (largest + ROOM, resource.RLIM_INFINITY))
        await refusal(lab)
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, NO_LIMIT)


async def test_a_file_held_by_another_process_loses_nothing(tmp_path: Path, nest: Nursery) -> None:
    """Another program holds the file longer than a write waits: inputs are refused until it lets go."""
    lab = Lab(str(tmp_path / "lab.db"), nest, seed=6, at_once=1)
    async with under_load(lab, nest):
        holder = sqlite3.connect(tmp_path / "lab.db", isolation_level=None, timeout=PATIENCE)
        holder.execute("BEGIN IMMEDIATE")
        await refusal(lab)
        holder.execute("ROLLBACK")
        holder.close()


async def test_a_server_that_is_restarted_loses_nothing(postgres: PostgresServer, nest: Nursery) -> None:
    """PostgreSQL is stopped as by a power cut, in the middle of transactions, and started again."""
    lab = Lab(postgres.new_database(), nest, seed=7, at_once=1)
    async with under_load(lab, nest):
        await asyncio.to_thread(postgres.stop)
        await refusal(lab)
        await asyncio.to_thread(postgres.start)


async def test_connections_cut_in_mid_transaction_lose_nothing(postgres: PostgresServer, nest: Nursery) -> None:
    """The server ends all of the bot's connections, again and again, whatever they are doing."""
    lab = Lab(postgres.new_database(), nest, seed=8, at_once=1)
    async with under_load(lab, nest):
        for _ in range(10):
            await asyncio.to_thread(postgres.cut_connections)
            await progress(lab)
