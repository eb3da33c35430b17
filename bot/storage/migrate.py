"""Bringing a database to the tables of this version."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Mendable
from bot.storage.database import sqlite_file, take_time, transaction

BACKUP_MODE = 0o600
MIGRATION_LOCK = 0x70726573  # one process migrates, others wait; any number that the program uses for this alone
REVISIONS = Table("alembic_version", MetaData(), Column("version_num", String))
NEWEST = "0007"
"""The revision that this version of the program works with. Revisions are numbered, so that a later one is greater."""

MIGRATIONS = Path(__file__).parent / "migrations"


async def current(engine: AsyncEngine) -> str | None:
    """The revision of the database; None where it has no tables yet."""
    async with transaction(engine) as connection:
        if not await connection.run_sync(lambda sync: inspect(sync).has_table(REVISIONS.name)):
            return None
        return (await connection.execute(select(REVISIONS.c.version_num))).scalar()


async def upgrade(engine: AsyncEngine, now: datetime) -> Path | None:
    """Bring the database to the newest revision; the backup that was made of an existing SQLite file.

    Raises `Mendable` where the database is of a later version than this program.
    """
    revision = await current(engine)
    if revision == NEWEST:
        return None
    if revision is not None and revision > NEWEST:
        raise Mendable(f"The database is of a later version ({revision}): run the program's newest version on it.")
    file = sqlite_file(engine.url)
    saved = None
    if file is not None and revision is not None:
        saved = file.with_name(f"{file.name}.{revision}.{now:%Y%m%dT%H%M%SZ}.backup")
        await asyncio.to_thread(backup, file, saved)
    async with transaction(engine) as connection:
        await connection.run_sync(_upgrade)
    return saved


def _upgrade(connection: Connection) -> None:
    from alembic.command import upgrade as run_migrations  # only here: it takes longer to import than a start has
    from alembic.config import Config

    take_time(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    else:
        connection.execute(select(1))  # answered once SQLite has locked the file: one migrates at a time
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    run_migrations(config, "head")


def backup(file: Path, target: Path) -> None:
    """A consistent copy of an SQLite file, also while it is in use. Raises `Mendable` where `target` cannot be made."""
    try:
        target.touch(mode=BACKUP_MODE, exist_ok=False)
    except FileExistsError:
        raise Mendable(f"{target} exists already: name another file for the copy.") from None
    except OSError as error:
        raise Mendable(f"{target} cannot be made ({error.strerror}): name another file for the copy.") from error
    source, copy = sqlite3.connect(file), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
