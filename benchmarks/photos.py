"""What the reading of photographs costs others: their turns while ten slips are read, as a ratio to turns on their own.

Run: python -m benchmarks.photos [COUNT]. Fifty people answer by the pipeline on an SQLite file, each about five times a second.
Meanwhile photographs are read one after the other, and taken by a turn each; the process that reads is held still every other
second. So both halves of the figure are from the same minutes, whatever else the machine does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bot.bootstrap import in_background, load_conversations, running
from bot.flows.inputs import Opened, PhotoRead, Reply
from bot.photo.worker import Reader
from bot.ports import Address, Inbound
from bot.services.turns import Turns
from bot.settings import load_settings
from tests.photos.papers import photographs

PEOPLE = 50
PAUSE = 0.2  # seconds between two answers of a person
PHOTOS = 10
SPELL = 1.0  # seconds in which the reader reads, and then is held still
SENDER = Address("bench", "sender")
"""Who sends the photographs, once they have agreed to be asked."""
ALONE, BESIDE = False, True


class Said:
    """A channel that takes everything at once."""

    async def send(self, _: object) -> None:
        """Say one message."""


@dataclass
class Switch:
    """Holds the reading process still every other spell. `waits`: the seconds of each turn that lies in one spell."""

    spell: int = 0
    waits: dict[bool, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def reading(self) -> bool:
        """Whether the reader may read now."""
        return self.spell % 2 == 0

    async def run(self) -> None:
        """Switch, until cancelled."""
        [reader] = multiprocessing.active_children()
        while reader.pid is not None:
            os.kill(reader.pid, signal.SIGCONT if self.reading else signal.SIGSTOP)
            await asyncio.sleep(SPELL)
            self.spell += 1

    async def turn(self, turns: Turns, inbound: Inbound) -> None:
        """Take an input, and note how long that took."""
        spell, start = self.spell, time.perf_counter()
        await turns.take(inbound)
        if spell == self.spell:
            self.waits[self.reading].append(time.perf_counter() - start)


async def person(turns: Turns, number: int, switch: Switch) -> None:
    """One person: opens the chat, and answers until it is enough."""
    address, chance = Address("bench", str(number)), random.Random(number)  # noqa: S311 - nothing secret
    await turns.take(Inbound(address, "0", Opened(locale="en")))
    count = 0
    while True:
        await asyncio.sleep(chance.uniform(0, 2 * PAUSE))
        count += 1
        await switch.turn(turns, Inbound(address, str(count), Reply("34" if count % 2 else "patient")))


async def read_all(turns: Turns, reader: Reader, pictures: list[bytes]) -> None:
    """Read one picture after the other, and take what came of each, as the bot does."""
    for number, picture in enumerate(pictures):
        found = await reader.read(picture)
        await turns.take(Inbound(SENDER, f"photo-{number}", PhotoRead(found.slip, picture=found.picture)))


def p95(waits: list[float]) -> float:
    """The milliseconds that 95 of 100 stay under."""
    return statistics.quantiles(waits, n=20)[-1] * 1000


async def measure(folder: Path, photos: int) -> str:
    """The figures with so many photographs, as a line."""
    settings = load_settings(database=str(folder / "bench.db"))
    pictures = [paper.data for paper in photographs(range(photos), seed=3)]
    reader, switch = Reader(seconds=120, clock=3_600), Switch()
    async with running(settings, load_conversations(settings), {"bench": Said()}, reader=reader) as services:
        turns = services.turns
        for place, entry in enumerate((Opened(locale="en"), Reply("patient"), Reply("yes"))):
            await turns.take(Inbound(SENDER, str(place), entry))
        await reader.read(pictures[0])  # the process has started
        people = (person(turns, number, switch) for number in range(PEOPLE))
        async with in_background(switch.run(), *people):
            await read_all(turns, reader, pictures)
    alone, beside = switch.waits[ALONE], switch.waits[BESIDE]
    return (
        f"p95 of a turn: {p95(alone):.1f} ms alone, {p95(beside):.1f} ms while {photos} photographs are read "
        f"({p95(beside) / p95(alone):.2f} times); median {statistics.median(alone) * 1000:.1f} and "
        f"{statistics.median(beside) * 1000:.1f} ms ({statistics.median(beside) / statistics.median(alone):.2f} times); "
        f"{len(alone)} and {len(beside)} turns; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder_:
        print(asyncio.run(measure(Path(folder_), int(sys.argv[1]) if sys.argv[1:] else PHOTOS)))
