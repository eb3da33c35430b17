"""Opening a database: SQLite by its path, PostgreSQL by its URL."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from sqlalchemy import URL, Connection, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.errors import BadSetting, Crossed, Mendable
from bot.storage.one_hop import OneHopConnection

BUSY_TIMEOUT_MS = 5_000  # how long a write waits for another process
CHECKPOINT_PAGES = 4_000  # of 4 KiB in the log before they go into the file, which takes two more waits for the disk
POSTGRES_CONNECTIONS = 8
DEADLOCK, LOCKED = "40P01", "55P03"  # what PostgreSQL calls them
POSTGRES_SETTINGS = {
    "lock_timeout": "10s",  # what waits for longer is refused, and tried again
    "idle_in_transaction_session_timeout": "20s",  # whoever froze in a transaction, or lost the network, holds no chat for longer
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""By which a process that is gone without a word holds nothing for long. Seconds, but for the count."""
SOUND_SQLITE = (((3, 44, 6), (3, 45, 0)), ((3, 50, 7), (3, 51, 0)), ((3, 51, 3), (99, 0, 0)))
"""The versions in which the WAL-reset fault is mended, each from the first on and before the second."""

STATEMENT_AT_FAULT = (
    IntegrityError,
    DataError,
    ProgrammingError,
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
)
"""The database itself is well. Of SQLite some come as they are: what a turn says to it does not pass through SQLAlchemy."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit survives a power cut
    f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
)


def sqlite_warning(database: str, version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> str | None:
    """What to know where this database is an SQLite file and the SQLite at hand has the WAL-reset fault; else None.

    The fault (https://sqlite.org/wal.html#walresetbug) needs two connections that write at the same moment.
    """
    if sqlite_file(database_url(database)) is None or any(first <= version < end for first, end in SOUND_SQLITE):
        return None
    return (
        f"SQLite {'.'.join(map(str, version))} can damage a file that two programs write at once: run one prescreen on it "
        "at a time, or use Python with SQLite 3.51.3 or later."
    )


def database_url(database: str) -> URL:
    """The URL of an SQLite path, or of a `postgresql://` URL with its driver. Raises `BadSetting` for any other URL."""
    if "://" not in database:
        return URL.create("sqlite+aiosqlite", database=str(Path(database).expanduser().absolute()))
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() != "postgresql":
        raise BadSetting("PRESCREEN_DATABASE must be an SQLite path or a URL that starts with postgresql://.")
    return url.set(drivername="postgresql+asyncpg")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def open_engine(url: URL) -> AsyncEngine:
    """An engine for the database; it connects at first use. On SQLite one connection does all, one task at a time."""
    file = sqlite_file(url)
    if file is None:
        return create_async_engine(
            url,
            connect_args={"server_settings": POSTGRES_SETTINGS},
            hide_parameters=True,
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
        )

    async def connect() -> aiosqlite.Connection:
        return await OneHopConnection(file)

    engine = create_async_engine(
        url,
        async_creator=connect,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set a new SQLite connection up; transactions are begun by `_begin_immediate`, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock before anything is read, so that it stays true until the commit."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, OneHopConnection)  # noqa: S101 - `open_engine` made it
    driver.begin()


def take_time(connection: Connection) -> None:
    """Let this transaction wait, and be silent, for as long as it needs: it goes through all that is kept."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction, committed at the end.

    Raises `Mendable` where the database cannot be reached or written, `Crossed` where it may be done again at once.
    """
    try:
        async with engine.begin() as connection:
            yield connection
    except STATEMENT_AT_FAULT:
        raise
    except (DBAPIError, sqlite3.Error, PoolTimeout, OSError) as error:
        raise unavailable(engine.url, error) from error


def insert_into(database: AsyncConnection | Dialect, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert in the database's own dialect, which knows ON CONFLICT."""
    dialect = database.dialect if isinstance(database, AsyncConnection) else database
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


def unavailable(url: URL, error: Exception) -> Mendable:
    """The sentence for a database that cannot be used; the driver's own text may hold data and is not repeated."""
    name = str(sqlite_file(url) or url.render_as_string(hide_password=True))
    cause, state = str(getattr(error, "orig", error)), getattr(getattr(error, "orig", None), "sqlstate", None)
    if "locked" in cause or state == LOCKED:
        return Mendable(f"The database {name} is held by another process: wait for it or stop it, then try again.")
    if "unable to open" in cause or "readonly" in cause:
        return Mendable(f"The database {name} cannot be written: check that its folder exists and is yours.")
    if "not a database" in cause or "malformed" in cause:
        return Mendable(f"{name} is no sound SQLite database: give another path, or restore a backup.")
    if state == DEADLOCK:
        return Crossed(f"The database {name} is in use by another process at this moment: try again.")
    return Mendable(f"The database {name} cannot be used now ({type(error).__name__}): check that it is up.")
