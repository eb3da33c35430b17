"""Bringing a database to the tables of this version."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

from alembic.command import upgrade as alembic_upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Mendable
from bot.storage.database import sqlite_file, transaction

BACKUP_MODE = 0o600
MIGRATION_LOCK = 0x70726573  # one process migrates, others wait; any number that the program uses for this alone
MIGRATIONS = Path(__file__).parent / "migrations"


def newest() -> str:
    """The revision that this version of the program works with."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


async def current(engine: AsyncEngine) -> str | None:
    """The revision of the database; None where it has no tables yet."""
    async with transaction(engine) as connection:
        return await connection.run_sync(_revision)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def upgrade(engine: AsyncEngine, now: datetime) -> Path | None:
    """Bring the database to the newest revision; the backup that was made of an existing SQLite file.

    Raises `Mendable` where the database is of a later version than this program.
    """
    revision = await current(engine)
    if revision == newest():
        return None
    _refuse_later_version(revision)
    file = sqlite_file(engine.url)
    saved = None
    if file is not None and revision is not None:
        saved = file.with_name(f"{file.name}.{revision}.{now:%Y%m%dT%H%M%SZ}.backup")
        await asyncio.to_thread(backup, file, saved)
    async with transaction(engine) as connection:
        await connection.run_sync(_upgrade)
    return saved


def _refuse_later_version(revision: str | None) -> None:
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if revision is not None and revision not in known:
        raise Mendable(f"The database is of a later version ({revision}): run the program's newest version on it.")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has locked the file already
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    alembic_upgrade(config, "head")


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
