"""Opening the store: the file, its key, its tables, each checked, with one clear sentence where something is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import BadSetting, Mendable
from bot.ports import DeadLetter
from bot.ports.storage import Cipher, Tampered
from bot.storage import migrate, outbox
from bot.storage.cipher import FieldCipher, key_beside, load_or_make_key, read_key
from bot.storage.database import database_url, insert_into, open_engine, sqlite_file, take_time, transaction
from bot.storage.outbox import LEASE, Holder
from bot.storage.pseudonyms import make_secret
from bot.storage.referrals import make_known
from bot.storage.store import SqlStore
from bot.storage.tables import keys

CHECK = "check"
FOLDER_MODE = 0o700
FILE_MODE = 0o600


@asynccontextmanager
async def open_store(
    database: str, key: str | None, now: datetime, keeping: frozenset[str] = frozenset(), lease: timedelta = LEASE
) -> AsyncIterator[SqlStore]:
    """The store of an SQLite path or a PostgreSQL URL, upgraded at the start and closed at the end.

    `key` is in base64; None takes the file beside an SQLite database, made at the first start. `keeping`: the channels
    that keep what they say; `lease`: how long this process holds messages without a sign of life. Raises `Mendable`.
    """
    async with _opened(database, key) as (engine, cipher):
        await migrate.upgrade(engine, now)
        await check_key(engine, cipher)
        yield SqlStore(engine, cipher, keeping, Holder(lease))


async def upgrade_database(database: str, key: str | None, now: datetime) -> Path | None:
    """Make the database, or bring it to this version; the copy that was made before. Raises `Mendable`."""
    async with _opened(database, key) as (engine, cipher):
        saved = await migrate.upgrade(engine, now)
        await check_key(engine, cipher)
        return saved


async def check_database(database: str, key: str | None) -> None:
    """See that the database is there, sound, of this version, and opened by its key. Raises `Mendable` where not."""
    file = sqlite_file(database_url(database))
    if file is not None and not file.is_file():
        raise Mendable(f"There is no database {file}: `prescreen db upgrade` makes it.")
    async with _opened(database, key) as (engine, cipher):
        await check_version(engine)
        if file is not None:
            await check_pages(engine)
        await check_key(engine, cipher)


async def check_version(engine: AsyncEngine) -> None:
    """See that the tables are those of this version. Raises `Mendable` where not."""
    revision = await migrate.current(engine)
    if revision != migrate.NEWEST:
        raise Mendable(f"The database is at version {revision}: `prescreen db upgrade` brings it to this one.")


async def check_pages(engine: AsyncEngine) -> None:
    """See that an SQLite file is sound. Raises `Mendable` where it is not."""
    async with transaction(engine) as connection:
        if (await connection.exec_driver_sql("PRAGMA integrity_check")).scalar() != "ok":
            raise Mendable("The database is damaged: restore a backup.")


def backup_database(database: str, target: Path) -> None:
    """A consistent copy of an SQLite database. Raises `Mendable` where there is none, or `target` cannot be written."""
    file = sqlite_file(database_url(database))
    if file is None:
        raise Mendable("A PostgreSQL database is copied by pg_dump.")
    if not file.is_file():
        raise Mendable(f"There is no database {file}: name another with --db.")
    migrate.backup(file, target)


async def dead_letters(database: str, key: str | None) -> list[DeadLetter]:
    """The messages that could not be said, by chat and number. Raises `Mendable`."""
    async with _opened(database, key) as (engine, cipher):
        await check_version(engine)
        await check_key(engine, cipher)
        async with transaction(engine) as connection:
            return await outbox.dead_letters(connection)


@asynccontextmanager
async def _opened(database: str, key: str | None) -> AsyncIterator[tuple[AsyncEngine, Cipher]]:
    url = database_url(database)
    cipher = FieldCipher(database_key(url, key))
    _keep_private(sqlite_file(url))
    engine = open_engine(url)
    try:
        yield engine, cipher
    finally:
        await engine.dispose()


def database_key(url: URL, key: str | None) -> bytes:
    """The key given, or the one kept beside the SQLite file, whose folder is made here if need be. Raises `Mendable`."""
    file = sqlite_file(url)
    if file is not None:
        _make_folder(file.parent)
    if key is not None:
        return read_key(key, "PRESCREEN_KEY")
    if file is None:
        raise BadSetting("PRESCREEN_KEY is needed with PostgreSQL: give 32 random bytes in base64.")
    return load_or_make_key(key_beside(file), file)


def _keep_private(file: Path | None) -> None:
    """Make a new SQLite file its owner's alone: chats are looked up by their ids, which are not encrypted."""
    if file is None:
        return
    try:
        file.touch(mode=FILE_MODE)
    except OSError as error:
        raise Mendable(f"The database {file} cannot be written ({error.strerror}): give another path.") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise Mendable(f"The folder {folder} cannot be made ({error.strerror}): give another path.") from error


async def check_key(engine: AsyncEngine, cipher: Cipher) -> None:
    """See that the key is the database's own; one that has none takes it.

    The secret of persons' names is drawn where there is none, and the referrals begun without it ask persons' chats for their place.
    Raises `Mendable` where the key is another.
    """
    context = f"{keys.name}\x1f{CHECK}".encode()
    mark = {"name": CHECK, "sealed": cipher.encrypt(CHECK.encode(), context)}
    async with transaction(engine) as connection:
        await connection.execute(insert_into(connection, keys).values(mark).on_conflict_do_nothing())
        sealed = (await connection.execute(select(keys.c.sealed).where(keys.c.name == CHECK))).scalar_one()
        if _opens(cipher, sealed, context):
            if await make_secret(connection, cipher):
                await connection.run_sync(take_time)
                await make_known(connection, cipher)
            return
    raise Mendable(
        "The key given does not open this database: give the one that it was made with in PRESCREEN_KEY, "
        "in PRESCREEN_KEY_FILE, or as the .key file beside it."
    )


def _opens(cipher: Cipher, sealed: bytes, context: bytes) -> bool:
    try:
        cipher.decrypt(sealed, context)
    except Tampered:
        return False
    return True
