"""Opening the store: the file, its key, its tables, each checked, with one clear sentence where something is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import BadSetting, Mendable
from bot.ports import Cipher, Tampered
from bot.storage import migrate
from bot.storage.cipher import FieldCipher, key_beside, load_or_make_key, read_key
from bot.storage.database import database_url, insert_into, open_engine, sqlite_file, transaction
from bot.storage.store import SqlStore
from bot.storage.tables import keys

CHECK = "check"
FOLDER_MODE = 0o700


@asynccontextmanager
async def open_store(database: str, key: str | None, now: datetime) -> AsyncIterator[SqlStore]:
    """The store of an SQLite path or a PostgreSQL URL, upgraded and closed at the end.

    `key` is in base64; None takes the file beside an SQLite database, made at the first start. Raises `Mendable`.
    """
    url = database_url(database)
    cipher = FieldCipher(_key(url, key))
    engine = open_engine(url)
    try:
        await migrate.upgrade(engine, now)
        await check_key(engine, cipher)
        yield SqlStore(engine, cipher)
    finally:
        await engine.dispose()


def _key(url: URL, key: str | None) -> bytes:
    """The key given, or the one kept beside the SQLite file, whose folder is made here if need be."""
    file = sqlite_file(url)
    if file is not None:
        _make_folder(file.parent)
    if key is not None:
        return read_key(key, "PRESCREEN_KEY")
    if file is None:
        raise BadSetting("PRESCREEN_KEY is needed with PostgreSQL: give 32 random bytes in base64.")
    return load_or_make_key(key_beside(file), file)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise Mendable(f"The folder {folder} cannot be made ({error.strerror}): give another path.") from error


async def check_key(engine: AsyncEngine, cipher: Cipher) -> None:
    """See that the key is the database's own; a new database takes it. Raises `Mendable` where it is another."""
    context = f"{keys.name}\x1f{CHECK}".encode()
    mark = {"name": CHECK, "sealed": cipher.encrypt(CHECK.encode(), context)}
    async with transaction(engine) as connection:
        await connection.execute(insert_into(connection, keys).values(mark).on_conflict_do_nothing())
        sealed = (await connection.execute(select(keys.c.sealed).where(keys.c.name == CHECK))).scalar_one()
    try:
        cipher.decrypt(sealed, context)
    except Tampered:
        raise Mendable(
            "The key given does not open this database: give the one that it was made with in PRESCREEN_KEY, "
            "in PRESCREEN_KEY_FILE, or as the .key file beside it."
        ) from None
