"""`prescreen data`: what is kept about people."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.db import database_option


@click.group
def command() -> None:
    """The data that is kept.

    \b
    Example:
      prescreen data backup /backups/prescreen.db
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are


@command.command
@click.argument("target", type=click.Path(path_type=Path))
@database_option
def backup(target: Path, db: Path | None) -> None:
    """Copy the database to TARGET, consistent, also while the bot runs.

    The copy is as encrypted as the original: keep its key, apart from it. With PostgreSQL use pg_dump.

    \b
    Example:
      prescreen data backup /backups/prescreen.db
    """  # noqa: D301
    from bot.settings import load_settings
    from bot.storage.opening import backup_database

    settings = load_settings(database=None if db is None else str(db))
    backup_database(settings.database, target)
    click.echo(f"{target} is a copy of the database; it opens with the same key.")
