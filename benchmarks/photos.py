"""What the reading of photographs costs others: their turns while ten slips are read, as a ratio to turns on their own.

Run: python -m benchmarks.photos [COUNT]. Fifty people answer by the pipeline on an SQLite file, each about five times a second.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.bootstrap import load_conversations, running
from bot.flows.inputs import Opened, Reply
from bot.photo.worker import Reader
from bot.ports import Address, Inbound
from bot.services.turns import Turns
from bot.settings import load_settings
from tests.photos.papers import photographs

PEOPLE = 50
PAUSE = 0.2  # seconds between two answers of a person
PHOTOS = 10
ALONE = 15.0  # seconds without a photograph


class Said:
    """A channel that takes everything at once."""

    async def send(self, _: object) -> None:
        """Say one message."""


async def person(turns: Turns, number: int, waits: list[float], stop: asyncio.Event) -> None:
    """One person: opens the chat, and answers until it is enough. `waits` gets the seconds of each turn."""
    address, chance = Address("bench", f"{id(stop)}-{number}"), random.Random(number)  # noqa: S311 - nothing secret
    await turns.take(Inbound(address, "0", Opened(locale="en")))
    count = 0
    while not stop.is_set():
        await asyncio.sleep(chance.uniform(0, 2 * PAUSE))
        count += 1
        start = time.perf_counter()
        await turns.take(Inbound(address, str(count), Reply("34" if count % 2 else "patient")))
        waits.append(time.perf_counter() - start)


async def turns_beside(turns: Turns, work: asyncio.Future[None] | asyncio.Task[None]) -> list[float]:
    """The seconds of each turn of everybody while `work` is done."""
    waits: list[float] = []
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for number in range(PEOPLE):
            tasks.create_task(person(turns, number, waits, stop))
        await work
        stop.set()
    return waits


async def read_all(reader: Reader, pictures: list[bytes], seconds: list[float]) -> None:
    """Read one picture after the other, as the bot does."""
    for picture in pictures:
        start = time.perf_counter()
        await reader.read(picture)
        seconds.append(time.perf_counter() - start)


async def measure(folder: Path, photos: int) -> str:
    """The figures with so many photographs, as a line."""
    settings = load_settings(database=str(folder / "bench.db"))
    pictures = [paper.data for paper in photographs(range(photos), seed=3)]
    reader, seconds = Reader(seconds=120), []  # type: tuple[Reader, list[float]]
    async with running(settings, load_conversations(settings), {"bench": Said()}, reader=reader) as services:
        await read_all(reader, pictures[:1], [])  # the process has started
        alone = await turns_beside(services.turns, asyncio.create_task(asyncio.sleep(ALONE)))
        beside = await turns_beside(services.turns, asyncio.create_task(read_all(reader, pictures, seconds)))
    before, during = (statistics.quantiles(waits, n=20)[-1] * 1000 for waits in (alone, beside))
    return (
        f"p95 of a turn: {before:.1f} ms alone, {during:.1f} ms while {photos} photographs are read "
        f"({during / before:.2f} times); a photograph: median {statistics.median(seconds):.1f} s; "
        f"{len(alone)} and {len(beside)} turns"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder_:
        print(asyncio.run(measure(Path(folder_), int(sys.argv[1]) if sys.argv[1:] else PHOTOS)))
