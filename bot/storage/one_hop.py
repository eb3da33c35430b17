"""SQLite through aiosqlite, with one hop to its thread for each statement.

Four are usual: to make a cursor, to execute, to fetch, to close. A statement of a turn reads few rows, so all of it is done
at once, and the rows wait here. To SQLAlchemy it is a connection of aiosqlite as any other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiosqlite

ROWS_AT_A_TIME = 64  # where rows are read one by one, which nothing here does


@dataclass(frozen=True, slots=True)
class _Done:
    """What a statement came to."""

    description: Any = None
    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors do each statement at once."""

    def __init__(self, file: Path) -> None:
        super().__init__(lambda: sqlite3.connect(file), ROWS_AT_A_TIME)
        self._thread.daemon = True  # a program that ends does not wait for it

    def cursor(self) -> Cursor:  # type: ignore[override] # ours is made without a hop
        """A cursor; making one costs nothing."""
        return Cursor(self)

    async def at_once(self, work: Callable[..., _Done], *arguments: object) -> _Done:
        """Do something with the connection in its thread."""
        done: _Done = await self._execute(work, self._conn, *arguments)  # type: ignore[no-untyped-call] # aiosqlite's
        return done


class Cursor:
    """The statement done last, and what is left of its rows: as much of a cursor as SQLAlchemy asks for."""

    arraysize = 1

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._done = _Done()

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:  # noqa: ANN401 - as DB-API has it
        """The columns of the rows; None where there are none."""
        return self._done.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where that is not known."""
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row added last."""
        return self._done.lastrowid

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Do a statement, and fetch all its rows."""
        self._done = await self._connection.at_once(_execute, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        """Do a statement for each set of parameters."""
        self._done = await self._connection.at_once(_execute_many, sql, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        """The rows."""
        return self._done.rows

    async def close(self) -> None:
        """Nothing is left open after a statement."""


def _execute(connection: sqlite3.Connection, sql: str, parameters: Any) -> _Done:  # noqa: ANN401 - as sqlite3 takes them
    cursor = connection.execute(sql, parameters)
    rows = cursor.fetchall()
    return _finished(cursor, rows)


def _execute_many(connection: sqlite3.Connection, sql: str, parameters: Any) -> _Done:  # noqa: ANN401
    return _finished(connection.executemany(sql, parameters), ())


def _finished(cursor: sqlite3.Cursor, rows: Sequence[Any]) -> _Done:
    done = _Done(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return done
