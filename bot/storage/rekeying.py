"""Sealing a whole database anew under another key, in one transaction, while no bot runs on it."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import RowMapping, bindparam, event, select, text, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import BadSetting, Mendable
from bot.ports.storage import Cipher, Tampered
from bot.storage import migrate
from bot.storage.cipher import KEY_MODE, FieldCipher, key_beside
from bot.storage.database import database_url, open_engine, sqlite_file, take_time, transaction
from bot.storage.opening import CHECK, check_version, database_key
from bot.storage.sealed import SEALED, SealedColumn, fields
from bot.storage.tables import keys

_KEYS = next(each for each in SEALED if each.table is keys)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of the key came to.

    `fields`: how many were sealed anew; `unreadable`: how many the old key did not open either, which stay as they are.
    `backup`: the copy of an SQLite file from before, under the old key. `kept`: where the new key was put, if anywhere.
    """

    fields: int
    unreadable: int
    backup: Path | None
    kept: Path | None


async def rotate_key(database: str, key: str | None, new: bytes, now: datetime) -> Rotated:
    """Seal everything anew under the key `new`; the old one opens nothing from then on. Runs again where it was broken off.

    `key`: the old one, as for `open_store`. Raises `Mendable`, with nothing changed, where the database is in use, of another
    version, or opened by neither key.
    """
    url = database_url(database)
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        raise Mendable(f"There is no database {file}: name another with --db.")
    old = database_key(url, key)
    if old == new:
        raise BadSetting("--new-key-file holds the key that is in use already: name another file.")
    backup = _copied(file, now)
    engine = open_engine(url)
    if file is not None:
        event.listen(engine.sync_engine, "connect", _hold_alone, insert=True)
    try:
        await check_version(engine)
        done = await _rotate(engine, FieldCipher(old), FieldCipher(new))
    except BaseException:
        _discard(backup)
        raise
    finally:
        await engine.dispose()
    if done is None:  # a run before this one sealed everything, and was broken off before it put the key in place
        _discard(backup)
        backup, done = None, (0, 0)
    return Rotated(*done, backup, _keep(file, old, new, backup) if key is None else None)


def _copied(file: Path | None, now: datetime) -> Path | None:
    """A copy of an SQLite file, beside it."""
    if file is None:
        return None
    target = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%SZ}.old-key")
    migrate.backup(file, target)
    return target


def _discard(backup: Path | None) -> None:
    if backup is not None:
        backup.unlink(missing_ok=True)


def _hold_alone(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Keep every other process from an SQLite file as long as this connection has it open; fails where one has."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA locking_mode = EXCLUSIVE")
    cursor.close()


async def _rotate(engine: AsyncEngine, old: Cipher, new: Cipher) -> tuple[int, int] | None:
    """How many fields were sealed anew, and how many could not be opened; None where all were under the new key already."""
    async with transaction(engine) as connection:
        await connection.run_sync(take_time)
        if engine.dialect.name == "postgresql":
            await _refuse_company(connection)
        if await _opens(connection, new):
            return None
        if not await _opens(connection, old):
            raise Mendable("The key given does not open this database: give the one in use in PRESCREEN_KEY.")
        counts = [await _reseal(connection, each, old, new) for each in SEALED]
    return sum(sealed for sealed, _ in counts), sum(unreadable for _, unreadable in counts)


async def _refuse_company(connection: AsyncConnection) -> None:
    """Raise where anybody else is connected. Who connects now waits for the lock, and then finds another key in force."""
    await connection.execute(text("LOCK TABLE keys IN ACCESS EXCLUSIVE MODE"))
    if (await connection.execute(text(_OTHERS))).scalar_one():
        raise Mendable("The database is in use: stop the bot, and all else that is connected, then try again.")


async def _opens(connection: AsyncConnection, cipher: Cipher) -> bool:
    row = (await connection.execute(select(keys).where(keys.c.name == CHECK))).mappings().one_or_none()
    return row is not None and _opened(row, _KEYS, cipher) is not None


def _opened(row: RowMapping, sealed: SealedColumn, cipher: Cipher) -> bytes | None:
    """The field of a row; None where the key does not open it there."""
    try:
        return cipher.decrypt(row[sealed.column], sealed.context(row))
    except Tampered:
        return None


async def _reseal(connection: AsyncConnection, sealed: SealedColumn, old: Cipher, new: Cipher) -> tuple[int, int]:
    """Seal a column anew; how many fields that were, and how many stayed as they are."""
    key = list(sealed.table.primary_key)
    same = [column == bindparam(f"of_{column.name}") for column in key]
    change = update(sealed.table).where(*same).values({sealed.column.name: bindparam("resealed")})
    done = left = 0
    async for rows in fields(connection, sealed):
        changes = [
            {f"of_{column.name}": row[column] for column in key} | {"resealed": new.encrypt(plain, sealed.context(row))}
            for row in rows
            if (plain := _opened(row, sealed, old)) is not None
        ]
        if changes:
            await connection.execute(change, changes)
        done, left = done + len(changes), left + len(rows) - len(changes)
    return done, left


def _keep(file: Path | None, old: bytes, new: bytes, backup: Path | None) -> Path | None:
    """Put the new key where the old one is kept beside an SQLite file, and the old one beside the copy that it opens."""
    if file is None:
        return None
    if backup is not None:
        _write_key(key_beside(backup), old)
    _write_key(key_beside(file), new)
    return key_beside(file)


def _write_key(path: Path, key: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, KEY_MODE), "wb") as file:
        file.write(b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
