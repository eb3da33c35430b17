"""`prescreen db`: the database itself."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.settings import Settings

database_option = click.option("--db", type=click.Path(path_type=Path), help="The SQLite file, if not the settings'.")


@click.group
def command() -> None:
    """The database: bring it to this version, or check it.

    \b
    Example:
      prescreen db check
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are


@command.command
@database_option
def upgrade(db: Path | None) -> None:
    """Bring the database to this version's tables, or make it.

    An SQLite file that exists is copied first. Starting the bot does the same by itself.

    \b
    Example:
      prescreen db upgrade --db data/prescreen.db
    """  # noqa: D301
    settings = _settings(db)
    saved = asyncio.run(_upgrade(settings))
    click.echo("The database is at this version." + (f" What was there before is in {saved}." if saved else ""))


@command.command
@database_option
def check(db: Path | None) -> None:
    """Check the database: there, sound, of this version, and opened by its key. Changes nothing.

    \b
    Example:
      prescreen db check
    """  # noqa: D301
    asyncio.run(_check(_settings(db)))
    click.echo("The database is sound, of this version, and its key opens it.")


def _settings(db: Path | None) -> Settings:
    from bot.settings import load_settings

    return load_settings(database=None if db is None else str(db))


async def _upgrade(settings: Settings) -> Path | None:
    from bot.clock import SystemClock
    from bot.storage.opening import upgrade_database

    return await upgrade_database(settings.database, settings.key_text, SystemClock().now())


async def _check(settings: Settings) -> None:
    from bot.storage.opening import check_database

    await check_database(settings.database, settings.key_text)
