"""Turns a second through the whole pipeline, everything durable, without a network; beside the same form in other frameworks.

Run: python -m benchmarks.turns; or one part of it: load, light, profile.
"""

from __future__ import annotations

import asyncio
import cProfile
import json
import os
import pstats
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import BinaryIO

from benchmarks.form import USERS, rate
from bot.bootstrap import Running, load_conversations, running
from bot.clock import SystemClock
from bot.flows.inputs import Input, Opened, Reply
from bot.ports import Address, Inbound, Outbound
from bot.settings import load_settings
from bot.storage.opening import open_store
from tests.talks import ELIGIBLE

CHANNEL = "bench"
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
LIGHT_TURNS, LIGHT_PAUSE = 300, 0.005  # one input at a time, and seconds between two
WRITTEN_BY_A_TURN = 12 * 4_096  # bytes: a dozen pages
FEW, MANY = 1_000, 1_000_000  # sessions that lie in the file
ROUNDS = 3
SHOWN = 40
PEERS = {
    "python-telegram-bot, pickle": (sys.executable, "ptb_form"),
    "aiogram, SQLite": (os.environ.get("BENCH_PEERS", sys.executable), "aiogram_form"),
}
"""The form in other frameworks: the Python to run it in, since aiogram needs other versions than the bot, and the module."""
MEASURED = {
    "hemoglobin": (80, 150, "g/L"),
    "creatinine": (50, 120, "umol/L"),
    "ast": (10, 60, "U/L"),
    "alt": (10, 60, "U/L"),
}


class People:
    """A channel whose people answer whatever they are asked, each with figures of their own."""

    def __init__(self) -> None:
        self._asked: dict[str, Outbound] = {}
        self._heard: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._chance = random.Random(1)  # noqa: S311 - nothing secret

    async def send(self, outbound: Outbound) -> None:
        """Take a message at once; the last one waits for an answer."""
        if outbound.message.waiting is not None:
            self._asked[outbound.address.chat] = outbound
            self._heard[outbound.address.chat].set()

    async def hear(self, chat: str) -> None:
        """Wait until the person has been asked for something."""
        await self._heard[chat].wait()
        self._heard[chat].clear()

    def answer(self, chat: str) -> Input:
        """What the person says next."""
        asked = self._asked.get(chat)
        waiting = asked.message.waiting if asked else None
        if waiting is None:
            return Opened(locale="en")
        if waiting.question in MEASURED:
            low, high, unit = MEASURED[waiting.question]
            return Reply(f"{self._chance.randint(low, high)} {unit}")
        if waiting.question is not None:
            return Reply(ELIGIBLE.get(waiting.question, "unknown"))
        choices = [choice.id for choice in waiting.choices]
        return Reply("restart" if "restart" in choices or not choices else choices[0])


@asynccontextmanager
async def pipeline(folder: Path) -> AsyncIterator[tuple[Running, People]]:
    """The services on an SQLite file, as `prescreen serve` runs them."""
    settings, people = load_settings(database=str(folder / "bench.db"), key=KEY), People()
    async with running(settings, load_conversations(settings), {CHANNEL: people}) as services:
        yield services, people


async def load(folder: Path, users: int = USERS) -> dict[str, float]:
    """The rate and the cost of turns, when each of the users answers without a pause, all that is said delivered and marked."""
    async with pipeline(folder) as (services, people):

        async def step(user: int, number: int) -> None:
            chat = f"user{user}"
            await services.turns.take(Inbound(Address(CHANNEL, chat), str(number), people.answer(chat)))
            await people.hear(chat)

        figures = await rate(users, step)
        await services.delivery.settle()
    return figures


async def light(folder: Path) -> dict[str, float]:
    """Milliseconds from an input to its acknowledgement, one at a time, and for the disk alone to keep as much, in turns.

    The median of each, and what 95 in 100 are under.
    """
    taken, disk = [], []
    with (folder / "bare").open("wb") as bare:
        async with pipeline(folder) as (services, people):
            for number in range(LIGHT_TURNS):
                inbound = Inbound(Address(CHANNEL, "calm"), f"calm{number}", people.answer("calm"))
                start = time.perf_counter()
                await services.turns.take(inbound)
                taken.append((time.perf_counter() - start) * 1000)
                await people.hear("calm")
                await asyncio.sleep(LIGHT_PAUSE)
                disk.append(bare_commit(bare))
                await asyncio.sleep(LIGHT_PAUSE)
    middle, most = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    return {
        "p50": middle,
        "p95": most,
        "disk_p50": statistics.median(disk),
        "disk_p95": statistics.quantiles(disk, n=20)[-1],
    }


def bare_commit(file: BinaryIO) -> float:
    """Milliseconds for the disk to keep as many bytes as a turn alone has SQLite write."""
    start = time.perf_counter()
    file.write(os.urandom(WRITTEN_BY_A_TURN))
    file.flush()
    os.fsync(file.fileno())
    return (time.perf_counter() - start) * 1000


async def fill(folder: Path, sessions: int) -> None:
    """Make a file in which so many sessions lie, each with the inputs and the messages of a short talk."""
    file = str(folder / "bench.db")
    async with open_store(file, KEY, SystemClock().now()):
        pass
    count = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {sessions})"
    moment = "'2026-11-25 09:00:00.000000'"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN")
        database.execute(
            "INSERT INTO sessions (channel, chat, trial, state, session, version, said, updated_at) "
            f"{count} SELECT 'bench', 'stored' || i, '4scar7u', 'asking', randomblob(450), 1, 2, {moment} FROM n"
        )
        database.execute(
            "INSERT INTO inbox (channel, chat, message_id, received_at) "
            f"{count} SELECT 'bench', 'stored' || i, '0', {moment} FROM n"
        )
        database.execute(
            "INSERT INTO outbox (channel, chat, number, sealed, attempts, next_try, sent_at) "
            f"{count} SELECT 'bench', 'stored' || i, 1, x'', 0, {moment}, {moment} FROM n"
        )
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def measure(part: str, stored: int = 0) -> dict[str, float]:
    """One measurement, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.turns", part, str(stored)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def peer(python: str, module: str) -> dict[str, float] | None:
    """A peer's rate and cost; None where it is not installed."""
    command = [python, "-m", f"benchmarks.peers.{module}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    figures: dict[str, float] | None = json.loads(done.stdout) if done.returncode == 0 else None
    return figures


def run_part(part: str, stored: int) -> None:
    """Do one measurement, on a file in which so many sessions lie, and print its figures as JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if part == "profile":
            profile = cProfile.Profile()
            profile.runcall(asyncio.run, load(folder))
            pstats.Stats(profile).sort_stats("cumtime").print_stats(SHOWN)
            return
        if stored:
            asyncio.run(fill(folder, stored))
        figures = asyncio.run(light(folder)) if part == "light" else asyncio.run(load(folder))
        figures["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(figures))


def main() -> None:
    """Print all figures, in one run. What is compared takes turns, so that each meets the same load; the medians count."""
    rounds = [
        {"ours": measure("load"), "light": measure("light")} | {name: peer(*where) for name, where in PEERS.items()}
        for _ in range(ROUNDS)
    ]
    ours, calm = (_median([each[name] for each in rounds]) or {} for name in ("ours", "light"))
    print(f"the real conversation at {USERS} users, every turn durable and delivered: {_told(ours)}")
    for name in PEERS:
        theirs = _median([each[name] for each in rounds])
        print(f"{name}: " + ("not installed" if theirs is None else f"{_told(theirs)}; {_times(ours, theirs)}"))
    print(
        f"one at a time: median {calm['p50']:.1f} ms, 95 in 100 under {calm['p95']:.1f} ms; the disk alone for as much: ",
        end="",
    )
    print(f"{calm['disk_p50']:.1f} and {calm['disk_p95']:.1f} ms")
    stored = [(measure("load", FEW), measure("load", MANY)) for _ in range(ROUNDS)]
    few, many = (_median([each[place] for each in stored]) or {} for place in (0, 1))
    print(f"with {FEW:,} sessions stored: {_told(few)}; with {MANY:,}: {_told(many)}; {_times(many, few)}")
    print(f"memory at most {many['mib']:.0f} MiB, whatever is stored")


def _median(runs: list[dict[str, float] | None]) -> dict[str, float] | None:
    """The middle of each figure; None where there is none."""
    return {name: statistics.median(run[name] for run in runs if run) for name in runs[0]} if runs[0] else None


def _told(figures: dict[str, float]) -> str:
    return f"{figures['turns_per_second']:.0f} a second, {figures['cpu_ms']:.2f} ms of processor time each"


def _times(ours: dict[str, float], theirs: dict[str, float]) -> str:
    many, cheap = ours["turns_per_second"] / theirs["turns_per_second"], theirs["cpu_ms"] / ours["cpu_ms"]
    return f"{many:.2f} times as many, each at 1/{cheap:.2f} of the processor time"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_part(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    else:
        main()
