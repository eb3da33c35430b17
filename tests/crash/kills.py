"""What the labs share: the one bot that is killed and started again, what came of it, and the command that prints that."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import click

from tests.crash.lives import Nursery, Worker, nursery
from tests.postgres import postgres_server

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
MOMENTS = (
    "before_commit",
    "after_commit",
    "before_acknowledgement",
    "after_acknowledgement",
    "before_send",
    "after_send",
    "before_mark",
    "after_mark",
)
"""The failpoints at which a worker kills itself."""

START, RANDOM = "start", "random"
"""The other moments: before the bot has called, and whenever it did not come to its failpoint."""

LEASE = 0.1  # seconds after which a life takes over what the one before it held
LOOK_SECONDS = 1.0
PATIENCE = 120  # looks at a worker that says nothing between them; counted, as a machine that stood still meanwhile proves nothing
LOG_SHOWN = 8_000  # characters


@dataclass
class Figures:
    """What came of a run. `at`: how many kills there were at each moment."""

    kills: int = 0
    at: Counter[str] = field(default_factory=Counter)
    inputs: int = 0
    messages: int = 0
    repeats: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def note(self, moment: str) -> None:
        """Count a kill."""
        self.kills += 1
        self.at[moment] += 1

    def settle(self) -> None:
        """Drop the faults that never happened: they are counted as none while a run goes on."""
        self.faults = +self.faults

    @property
    def besides(self) -> tuple[str, ...]:
        """What is counted in one lab alone, in words."""
        return ()

    @property
    def repeated(self) -> str:
        """The repeats in words."""
        return f"{self.repeats} repeated"

    def __str__(self) -> str:
        moments = self.at.keys() - {START, RANDOM}
        kills = f"{self.kills} kills ({sum(self.at[each] for each in moments)} at {len(moments)} failpoints)"
        counts = (*self.besides, f"{self.inputs} inputs", f"{self.messages} messages", self.repeated)
        return ", ".join((kills, *counts, f"faults: {dict(self.faults) or 'none'}"))


Serve = Callable[[Worker], Awaitable[None]]
"""Writes to a worker and listens to it, as long as it lives."""


class Bot:
    """The one bot on a database, which lives again and again."""

    def __init__(self, database: str, nest: Nursery, figures: Figures) -> None:
        own = {"DATABASE": database, "KEY": KEY, "TAKEOVER_SECONDS": str(LEASE)}
        self.environment = {f"PRESCREEN_{name}": value for name, value in own.items()}
        self._nest = nest
        self._figures = figures

    async def live(
        self, serve: Serve, moment: str, *, seconds: float, passing: int = 0, kill_after: float | None = None
    ) -> None:
        """One life, ended at a moment: a failpoint at its nth passing, or so many seconds after its start or its call."""
        failpoint = {"PRESCREEN_FAILPOINT": f"{moment}:{passing}"} if passing else {}
        worker = await self._nest.start(self.environment | failpoint, kill_after=kill_after)
        if worker is not None:
            listening = asyncio.ensure_future(serve(worker))
            done, _ = await asyncio.wait([listening], timeout=seconds)
            if not done:
                moment = RANDOM
                worker.kill()
            await listening
        self._figures.note(moment)
        self._figures.faults["ended by itself"] += await self._nest.ended() != -signal.SIGKILL

    async def live_on(self, serve: Serve) -> None:
        """One last life, until it has ended in order, with all that is owed."""
        faults = self._figures.faults
        worker = await self._nest.start(self.environment)
        if worker is None:
            faults["not started"] += 1
            return
        serving = asyncio.ensure_future(serve(worker))
        if not await _settled(serving, worker):
            faults["never settled"] += 1
            worker.tell()
            await asyncio.wait([serving], timeout=LOOK_SECONDS)
            worker.kill()
        await serving
        faults["ended by itself"] += await self._nest.ended() != 0


async def _settled(serving: asyncio.Future[None], worker: Worker) -> bool:
    """Wait until a worker is served to its end; False where it has said nothing for too long."""
    silent = 0
    while silent < PATIENCE:
        heard = worker.heard
        done, _ = await asyncio.wait([serving], timeout=LOOK_SECONDS)
        if done:
            return True
        silent = silent + 1 if worker.heard == heard else 0
    return False


def last_words(nest: Nursery) -> str:
    """The end of what workers wrote on standard error."""
    return nest.log.read_text()[-LOG_SHOWN:]


Run = Callable[[str, Nursery, int, int], Awaitable[Figures]]
"""Kills the bot on a database so many times, by the plan of a seed."""


def command(run: Run, purpose: str, *, kills: int, name: str = "") -> click.Command:
    """The command of a lab: it prints one line of figures; exit status 1 on any fault. `kills`: how many there are unless told."""

    @click.command(help=purpose)
    @click.option(
        "--kills", type=click.IntRange(1), default=kills, show_default=True, help="How often the bot is killed."
    )
    @click.option("--db", type=click.Choice(["sqlite", "postgres"]), default="sqlite", show_default=True)
    @click.option(
        "--seed", type=int, default=1, show_default=True, help="The plan: the same seed plans the same kills."
    )
    def main(kills: int, db: str, seed: int) -> None:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-")))
            database = str(folder / "lab.db")
            if db == "postgres":
                database = stack.enter_context(postgres_server()).new_database()
            figures = asyncio.run(_in_nursery(run, folder, database, kills, seed))
            click.echo(f"{name}{db}, seed {seed}: {figures}")
            if figures.faults:
                click.echo((folder / "log").read_text()[-LOG_SHOWN:], err=True)
                sys.exit(1)

    return main


async def _in_nursery(run: Run, folder: Path, database: str, kills: int, seed: int) -> Figures:
    async with nursery(folder) as nest:
        return await run(database, nest, kills, seed)
