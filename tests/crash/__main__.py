"""`make crash`: kill the bot many times on a database, and print one line of figures; exit status 1 on any fault.

Run: python -m tests.crash --kills 1000 --db postgres
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from tests.crash.lab import Figures, Lab
from tests.crash.lives import nursery
from tests.postgres import postgres_server

LOG_SHOWN = 4_000  # characters


@click.command
@click.option("--kills", type=click.IntRange(1), default=100, show_default=True, help="How often the bot is killed.")
@click.option("--db", type=click.Choice(["sqlite", "postgres"]), default="sqlite", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The plan: the same seed plans the same kills.")
def main(kills: int, db: str, seed: int) -> None:
    """Kill the bot many times while people write to it, and hold all that it did against a plain model."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-")))
        database = str(folder / "lab.db")
        if db == "postgres":
            database = stack.enter_context(postgres_server()).new_database()
        figures = asyncio.run(_run(folder, database, kills, seed))
        click.echo(f"{db}, seed {seed}: {figures}")
        if figures.faults:
            click.echo((folder / "log").read_text()[-LOG_SHOWN:], err=True)
            sys.exit(1)


async def _run(folder: Path, database: str, kills: int, seed: int) -> Figures:
    async with nursery(folder) as nest:
        lab = Lab(database, nest, seed=seed)
        await lab.kill(kills)
        return await lab.finish()


if __name__ == "__main__":
    main()
