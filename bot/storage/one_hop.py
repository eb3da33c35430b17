"""SQLite through aiosqlite, with one hop to its thread for each statement that is waited for.

Four are usual: to make a cursor, to execute, to fetch, to close. A statement of a turn reads few rows, so all of it is done
at once, and the rows wait here. What is written for many rows is not waited for at all: it is done in the hop of what is
waited for next, at the latest the commit, which then tells of a failure. To SQLAlchemy it is a connection of aiosqlite as
any other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
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
    """A connection whose cursors do each statement at once.

    Where one fails that nobody waits for, nothing more of its transaction is done, and it cannot be committed.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(lambda: sqlite3.connect(file), ROWS_AT_A_TIME)
        self._thread.daemon = True  # a program that ends does not wait for it
        self._put_off: list[Callable[[], Any]] = []  # statements to be done before the next
        self._under_way = False  # whether there may be something to roll back
        self._failed: Exception | None = None  # of a statement of this transaction; the thread's alone

    def cursor(self) -> Cursor:  # type: ignore[override] # ours is made without a hop
        """A cursor; making one costs nothing."""
        return Cursor(self)

    async def at_once(self, work: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - what the work returns
        """Do something with the connection in its thread, after all that was put off."""
        put_off, self._put_off = self._put_off, []
        self._under_way = True
        return await self._execute(self._do, put_off, work, *arguments)  # type: ignore[no-untyped-call] # aiosqlite's

    def later(self, work: Callable[..., Any], *arguments: object) -> None:
        """Put something off that is to be done with the connection."""
        self._put_off.append(partial(work, self._conn, *arguments))

    async def rows(self, sql: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows that a statement returns."""
        done: _Done = await self.at_once(_execute, sql, parameters)
        return done.rows

    def begin(self) -> None:
        """Put off to begin a transaction, one that writes: what is read in it stays true until its end."""
        self.later(_execute, "BEGIN IMMEDIATE", ())

    def write(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Put off a statement that is to be done for each of these parameters."""
        self.later(_execute_many, sql, rows)

    async def commit(self) -> None:
        """Commit; raises what a statement raised that was put off."""
        await self.at_once(sqlite3.Connection.commit)
        self._under_way = False

    async def rollback(self) -> None:
        """Roll back; nothing is done where nothing is under way."""
        self._put_off.clear()
        if self._under_way:
            await self._execute(self._undo)  # type: ignore[no-untyped-call] # aiosqlite's
            self._under_way = False

    def _do(self, put_off: Sequence[Callable[[], Any]], work: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        if self._failed is not None:
            raise self._failed
        try:
            for each in put_off:
                each()
        except Exception as error:
            self._failed = error
            raise
        return work(self._conn, *arguments)

    def _undo(self) -> None:
        self._failed = None
        self._conn.rollback()


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
        """Do a statement for each set of parameters; the end is not waited for."""
        self._connection.later(_execute_many, sql, parameters)
        self._done = _Done()
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
