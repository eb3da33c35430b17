"""Statements of a turn, made ready once for each kind of database: their text, and the order of their parameters.

To put a statement together, or to find again what was made of it before, costs more than to run most statements of a turn.
What a batch is about goes in as one parameter, a JSON array of arrays, so that the text is the same for any batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from pydantic_core import to_json
from sqlalchemy import JSON, ColumnElement, Executable, Table, Text, bindparam, cast, func, select, tuple_
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address
from bot.storage.one_hop import OneHopConnection
from bot.storage.tables import Moment

MOMENTS_KEPT = 64  # as the driver wants them; the rows of a batch have one moment in all of them


class Given:
    """The arrays of a JSON parameter, as a table that a statement of this dialect selects from."""

    def __init__(self, dialect: Dialect, name: str) -> None:
        self._sqlite = dialect.name == "sqlite"
        text = bindparam(name, type_=Text)
        rows = func.json_each(text) if self._sqlite else func.json_array_elements(cast(text, JSON))
        self._value = rows.table_valued("value", name="given").c.value

    def __getitem__(self, place: int) -> ColumnElement[str]:
        """The text at that place of each array."""
        if self._sqlite:
            return func.json_extract(self._value, f"$[{place}]")
        return self._value.op("->>")(place)


def given(rows: Iterable[Sequence[str]]) -> str:
    """Rows of texts, as the parameter of `Given`."""
    return to_json(list(rows)).decode()


def given_chats(chats: Iterable[Address]) -> str:
    """Chats, as the parameter of `in_chats`."""
    return given([(chat.channel, chat.chat) for chat in chats])


def in_chats(table: Table, dialect: Dialect, name: str = "chats") -> ColumnElement[bool]:
    """The rows of the chats that are given by the parameter of that name; databases find them by their index."""
    chats = Given(dialect, name)
    return tuple_(table.c.channel, table.c.chat).in_(select(chats[0], chats[1]))


class Ready:
    """A statement of a turn. `make`: puts it together for a dialect. `columns`: those that an insert is given values for."""

    def __init__(self, make: Callable[[Dialect], Executable], columns: Sequence[str] | None = None) -> None:
        self._make = make
        self._columns = columns
        self._texts: dict[str, _Text] = {}

    async def rows(self, connection: AsyncConnection, **values: Any) -> Sequence[Sequence[Any]]:  # noqa: ANN401
        """Run it once; the rows that it returns, their moments as the driver has them."""
        text = self._text(connection.dialect)
        driver, parameters = _driver(connection), text.parameters(values)
        if isinstance(driver, OneHopConnection):
            return await driver.rows(text.sql, parameters)
        return (await connection.exec_driver_sql(text.sql, parameters)).all()

    async def write(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each row, if there are any. A failure may be told only by the commit."""
        if not rows:
            return
        text = self._text(connection.dialect)
        parameters = [text.parameters(row) for row in rows]
        driver = _driver(connection)
        if isinstance(driver, OneHopConnection):
            driver.write(text.sql, parameters)
        else:
            await connection.exec_driver_sql(text.sql, parameters)

    def _text(self, dialect: Dialect) -> _Text:
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _Text(self._make(dialect), dialect, self._columns)
        return text


class _Text:
    """The text of a statement for one kind of database."""

    def __init__(self, statement: Executable, dialect: Dialect, columns: Sequence[str] | None) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)  # type: ignore[attr-defined]
        self.sql: str = compiled.string
        names: tuple[str, ...] = tuple(compiled.positiontup)
        self._in_order = _in_order(names)
        self._fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        types = {name: compiled.binds[name].type for name in names}
        moments = {name: each.dialect_impl(dialect) for name, each in types.items() if isinstance(each, Moment)}
        self._moments = [(name, _kept(each.bind_processor(dialect))) for name, each in moments.items()]

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Values by their names, in the order and the form in which the driver wants them."""
        everything = {**self._fixed, **values}
        for name, process in self._moments:
            everything[name] = process(everything[name])
        return self._in_order(everything)


def _driver(connection: AsyncConnection) -> object:
    """The driver's own connection: a statement that is a text already need not pass through all that is above it."""
    opened = connection.sync_connection
    return None if opened is None else opened.connection.driver_connection


def _in_order(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What picks the values of these names, as a tuple also where it is one or none."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])


def _kept(process: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """The same, done once for the same moment."""
    return lru_cache(MOMENTS_KEPT)(process or (lambda moment: moment))
