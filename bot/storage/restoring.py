"""Putting a copy of an SQLite database in its place: checked first, and what was there is kept."""

from __future__ import annotations

import os
import sqlite3
from base64 import b64encode
from contextlib import closing
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Mendable
from bot.storage import migrate
from bot.storage.cipher import KEY_MODE, FieldCipher, key_beside, read_key
from bot.storage.database import database_url, open_engine, sqlite_file
from bot.storage.opening import check_key, check_pages

log = structlog.get_logger()

SIDE_FILES = ("-wal", "-shm")


async def restore_database(
    database: str, key: str | None, source: Path, now: datetime, *, force: bool = False
) -> Path | None:
    """Put a copy of `source` in the place of an SQLite database; where what was there before is kept now.

    Raises `Mendable`, with nothing changed, where the copy is damaged, of a later version or of another key, where there
    is a database already and not `force`, or where that one is in use.
    """
    file = sqlite_file(database_url(database))
    if file is None:
        raise Mendable("A PostgreSQL database is restored by pg_restore.")
    taken = _is_taken(file, source, force=force)
    draft = file.with_name(f"{file.name}.restoring")
    _remove(draft)
    try:
        migrate.backup(source, draft)
        own = _key_of_copy(key, file, source)
        await _check(draft, source, own)
        aside = _put_aside(file, now) if taken else None
        draft.replace(file)
    finally:
        _remove(draft)
    if key is None:
        _keep_key(own, file)
    return aside


def _is_taken(file: Path, source: Path, *, force: bool) -> bool:
    """Whether there is a database in the place of the copy already."""
    if not source.is_file():
        raise Mendable(f"There is no file {source}: name a copy that `prescreen data backup` has made.")
    taken = file.exists() and file.stat().st_size > 0
    if taken and not force:
        raise Mendable(f"{file} exists already: stop the bot, and give --force to put the copy in its place.")
    return taken


def _key_of_copy(key: str | None, file: Path, source: Path) -> bytes:
    """The key given, or the one beside the database, or the one beside the copy."""
    if key is not None:
        return read_key(key, "PRESCREEN_KEY")
    for path in (key_beside(file), key_beside(source)):
        if path.is_file():
            return read_key(path.read_text(encoding="ascii"), str(path))
    raise Mendable(f"The key of the copy is missing: put it back as {key_beside(file)}, or give it in PRESCREEN_KEY.")


async def _check(draft: Path, source: Path, key: bytes) -> None:
    engine = open_engine(database_url(str(draft)))
    try:
        await _check_engine(engine, source, key)
    finally:
        await engine.dispose()


async def _check_engine(engine: AsyncEngine, source: Path, key: bytes) -> None:
    await check_pages(engine)
    revision = await migrate.current(engine)
    if revision is None:
        raise Mendable(f"{source} is no copy of this program's database: name another.")
    if revision > migrate.NEWEST:
        raise Mendable(f"{source} is of a later version ({revision}): restore it with the program's newest version.")
    await check_key(engine, FieldCipher(key))


def _put_aside(file: Path, now: datetime) -> Path:
    """Rename the database that is there, unless another process has it open; its new name."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise Mendable(f"{file} is in use: stop the bot, then restore.") from error
        except sqlite3.DatabaseError:
            log.warning("the database that is put aside is damaged")
    aside = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%SZ}.replaced")
    for side in ("", *SIDE_FILES):
        before = Path(f"{file}{side}")
        if before.exists():
            before.rename(f"{aside}{side}")
    return aside


def _keep_key(key: bytes, file: Path) -> None:
    """Put the copy's key beside the database, where none is there yet."""
    if not key_beside(file).exists():
        with os.fdopen(os.open(key_beside(file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, KEY_MODE), "wb") as kept:
            kept.write(b64encode(key) + b"\n")


def _remove(draft: Path) -> None:
    for side in ("", *SIDE_FILES):
        Path(f"{draft}{side}").unlink(missing_ok=True)
