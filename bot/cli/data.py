"""`prescreen data`: what is kept about people."""

from __future__ import annotations

import asyncio
import json
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


@command.command
@click.argument("source", type=click.Path(path_type=Path))
@database_option
@click.option("--force", is_flag=True, help="Put it in the place of a database that exists; that one is kept.")
def restore(source: Path, db: Path | None, *, force: bool) -> None:
    """Put SOURCE, a copy made by `data backup`, in the place of the database.

    The copy is checked first: that it is sound, of a version this program knows, and opened by the key. Stop the bot before.

    \b
    Example:
      prescreen data restore /backups/prescreen.db
    """  # noqa: D301
    from bot.clock import SystemClock
    from bot.settings import load_settings
    from bot.storage.restoring import restore_database

    settings = load_settings(database=None if db is None else str(db))
    now = SystemClock().now()
    kept = asyncio.run(restore_database(settings.database, settings.key_text, source, now, force=force))
    click.echo("The copy is in place." + (f" What was there before is in {kept}." if kept else ""))


@command.command(name="dead-letters")
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines, for programs.")
def dead_letters(db: Path | None, *, as_json: bool) -> None:
    """List the messages that no channel would take, with the reason; never what they say.

    \b
    Example:
      prescreen data dead-letters --json
    """  # noqa: D301
    from bot.settings import load_settings
    from bot.storage.opening import dead_letters as read_dead_letters

    settings = load_settings(database=None if db is None else str(db))
    for letter in asyncio.run(read_dead_letters(settings.database, settings.key_text)):
        fields = {
            "channel": letter.address.channel,
            "chat": letter.address.chat,
            "number": letter.number,
            "reason": letter.reason,
            "failures": letter.failures,
        }
        click.echo(json.dumps(fields) if as_json else "  ".join(map(str, fields.values())))
