"""Every sealed column and what each of its fields is bound to, as data: for all that goes over the whole database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, RowMapping, Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.letters import MEMBERS
from bot.storage.tables import (
    desk_factors,
    inbox,
    journal,
    keys,
    outbox,
    referral_steps,
    referrals,
    resume_codes,
    sessions,
    timers,
)

AT_A_TIME = 500  # rows in memory


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed fields. `place`: what a field is bound to after its table's name; columns stand for their values."""

    column: Column[Any]
    place: tuple[Column[Any] | str, ...]

    @property
    def table(self) -> Table:
        """Its table."""
        return self.column.table

    @property
    def name(self) -> str:
        """Its name, with its table's."""
        return f"{self.table.name}.{self.column.name}"

    def context(self, row: RowMapping) -> bytes:
        """What the field of this row is bound to."""
        own = (str(row[part]) if isinstance(part, Column) else part for part in self.place)
        return "\x1f".join((self.table.name, *own)).encode()


def _of_chat(column: Column[Any], *place: Column[Any] | str) -> SealedColumn:
    return SealedColumn(column, (column.table.c.channel, column.table.c.chat, *place))


SEALED = (
    _of_chat(inbox.c.sealed, inbox.c.message_id),
    _of_chat(sessions.c.session),
    _of_chat(journal.c.sealed, journal.c.message_id),
    _of_chat(outbox.c.sealed, outbox.c.number),
    _of_chat(outbox.c.heard, outbox.c.number, "heard"),
    _of_chat(timers.c.sealed, timers.c.timer),
    _of_chat(referrals.c.sealed, referrals.c.reference),
    SealedColumn(referral_steps.c.sealed, (referral_steps.c.reference,)),
    _of_chat(resume_codes.c.sealed, resume_codes.c.code),
    SealedColumn(desk_factors.c.sealed, (MEMBERS, desk_factors.c.member)),
    SealedColumn(keys.c.sealed, (keys.c.name,)),
)
"""All of them; a test sees to it that none is forgotten."""


async def fields(connection: AsyncConnection, sealed: SealedColumn) -> AsyncIterator[list[RowMapping]]:
    """The rows of a column that have something sealed in it, some at a time, in the order of their keys.

    Rows may be changed meanwhile, but for their keys.
    """
    key = list(sealed.table.primary_key)
    query = select(sealed.table).where(func.length(sealed.column) > 0).order_by(*key).limit(AT_A_TIME)
    rows = (await connection.execute(query)).mappings().all()
    while rows:
        yield list(rows)
        last = tuple(rows[-1][column] for column in key)
        rows = (await connection.execute(query.where(tuple_(*key) > last))).mappings().all()
