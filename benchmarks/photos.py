"""What the reading of photographs costs others: their turns while ten slips are read, as a ratio to turns on their own.

Run: python -m benchmarks.photos [COUNT]. Fifty people answer by the pipeline on an SQLite file, each about five times a second.
Each photograph is read beside them and taken by a turn, after a while in which they are alone: both halves of the figure are
from the same minutes, whatever else the machine does.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from bot.bootstrap import load_conversations, running
from bot.flows.inputs import Opened, PhotoRead, Reply
from bot.photo.worker import Reader
from bot.ports import Address, Inbound
from bot.services.turns import Turns
from bot.settings import load_settings
from tests.photos.papers import photographs

PEOPLE = 50
PAUSE = 0.2  # seconds between two answers of a person
PHOTOS = 10
ALONE = 4.0  # seconds without a photograph, before each
SENDER = Address("bench", "sender")
"""Who sends the photographs, once they have agreed to be asked."""


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


async def turns_beside(turns: Turns, work: Coroutine[Any, Any, None]) -> list[float]:
    """The seconds of each turn of everybody while `work` is done."""
    waits: list[float] = []
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for number in range(PEOPLE):
            tasks.create_task(person(turns, number, waits, stop))
        await work
        stop.set()
    return waits


async def read_one(turns: Turns, reader: Reader, number: int, picture: bytes, seconds: list[float]) -> None:
    """Read one picture, and take what came of it, as the bot does."""
    start = time.perf_counter()
    found = await reader.read(picture)
    seconds.append(time.perf_counter() - start)
    await turns.take(Inbound(SENDER, f"photo-{number}", PhotoRead(found.slip, picture=found.picture)))


def p95(waits: Iterable[float]) -> float:
    """The milliseconds that 95 of 100 stay under."""
    return statistics.quantiles(waits, n=20)[-1] * 1000


async def measure(folder: Path, photos: int) -> str:
    """The figures with so many photographs, as lines."""
    settings = load_settings(database=str(folder / "bench.db"))
    pictures = [paper.data for paper in photographs(range(photos), seed=3)]
    reader, seconds = Reader(seconds=120), []  # type: tuple[Reader, list[float]]
    alone: list[float] = []
    beside: list[float] = []
    async with running(settings, load_conversations(settings), {"bench": Said()}, reader=reader) as services:
        turns = services.turns
        for place, entry in enumerate((Opened(locale="en"), Reply("patient"), Reply("yes"))):
            await turns.take(Inbound(SENDER, str(place), entry))
        await read_one(turns, reader, -1, pictures[0], [])  # the process has started
        for number, picture in enumerate(pictures):
            alone += await turns_beside(turns, asyncio.sleep(ALONE))
            beside += await turns_beside(turns, read_one(turns, reader, number, picture, seconds))
    return (
        f"p95 of a turn: {p95(alone):.1f} ms alone, {p95(beside):.1f} ms while {photos} photographs are read "
        f"({p95(beside) / p95(alone):.2f} times; medians {statistics.median(beside) / statistics.median(alone):.2f}); "
        f"a photograph: median {statistics.median(seconds):.1f} s; {len(alone)} and {len(beside)} turns; "
        f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder_:
        print(asyncio.run(measure(Path(folder_), int(sys.argv[1]) if sys.argv[1:] else PHOTOS)))
