"""The timers as SQL: set, due, fired once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, cast, delete, select, tuple_, update
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.inputs import TimerFired, timer_of
from bot.ports import LETTER, Address, Inbound, Scope, TimerRow, Turn
from bot.ports.storage import Cipher, Tampered
from bot.storage.database import insert_into
from bot.storage.pseudonyms import with_digests
from bot.storage.ready import Given, Ready, given
from bot.storage.tables import address_of, context, timers

MOMENT_TEXT = "%Y-%m-%d %H:%M:%S.%f"


async def due(connection: AsyncConnection, cipher: Cipher, scope: Scope, now: datetime, limit: int) -> list[Inbound]:
    """The timers that are due, as inputs, the longest due first."""
    columns = (timers.c.channel, timers.c.chat, timers.c.timer, timers.c.due, timers.c.sealed)
    query = select(*columns).where(timers.c.channel.in_(scope.channels), timers.c.due <= now)
    if scope.chat is not None:
        query = query.where(timers.c.chat == scope.chat)
    inputs = []
    for row in await connection.execute(query.order_by(timers.c.due, timers.c.timer).limit(limit)):
        address = address_of(row)
        fired = TimerFired(row.timer, row.due, _payload(cipher, row))
        inputs.append(Inbound(address, f"timer:{row.timer}:{row.due.isoformat()}", fired))
    return inputs


def _payload(cipher: Cipher, row: Row[*tuple[Any, ...]]) -> str:
    """What was stored with a timer; nothing where it cannot be opened: the timer fires all the same."""
    try:
        return cipher.decrypt(row.sealed, context(timers, address_of(row), row.timer)).decode()
    except Tampered:
        return ""


async def stop_fired(connection: AsyncConnection, batch: Sequence[Inbound]) -> list[Inbound]:
    """Stop the timers that the batch's inputs tell of; the batch without those that were no longer due."""
    fired = {
        (inbound.address.channel, inbound.address.chat, *timer): inbound
        for inbound in batch
        if (timer := timer_of(inbound.input)) is not None
    }
    if not fired:
        return list(batch)
    rows = given([(channel, chat, timer, _as_text(due)) for channel, chat, timer, due in fired])
    running = await _RUNNING.rows(connection, fired=rows)
    still_due = {(channel, chat, timer, _as_text(due)) for channel, chat, timer, due in running}
    await _FORGET.write(connection, [{"fired": rows}])
    await _STOP.write(connection, [{"fired": rows}])
    late = [inbound for (*place, due), inbound in fired.items() if (*place, _as_text(due)) not in still_due]
    return [inbound for inbound in batch if inbound not in late]


def _as_text(due: datetime | str) -> str:
    """A moment as SQLite keeps it, and as it is compared with on PostgreSQL too."""
    return due if isinstance(due, str) else due.astimezone(UTC).strftime(MOMENT_TEXT)


def _fired(dialect: Dialect) -> ColumnElement[bool]:
    """The timers that are given with their chats and moments, as long as they are due at these."""
    fired = Given(dialect, "fired")
    due = fired[3] if dialect.name == "sqlite" else cast(fired[3] + "+00", timers.c.due.type)
    which = select(fired[0], fired[1], fired[2], due)
    return tuple_(*_DUE).in_(which)


_DUE = (timers.c.channel, timers.c.chat, timers.c.timer, timers.c.due)
_RUNNING = Ready(lambda dialect: select(*_DUE).where(_fired(dialect)).order_by(*timers.primary_key).with_for_update())
"""In one order for all processes, so that none waits for what another has that waits for it."""

_FORGET = Ready(lambda dialect: delete(timers).where(_fired(dialect), timers.c.timer.startswith(LETTER)))
_STOP = Ready(lambda dialect: update(timers).where(_fired(dialect)).values(due=None))


async def set_timers(connection: AsyncConnection, cipher: Cipher, turns: Sequence[Turn]) -> None:
    """Set, set anew or take back the timers of these turns; the last word on each counts."""
    await put(connection, cipher, [(row.of or turn.after.address, row) for turn in turns for row in turn.timers])


async def post(connection: AsyncConnection, cipher: Cipher, letters: Sequence[TimerRow]) -> None:
    """Send letters to the chats that they are of."""
    await put(connection, cipher, [(row.of, row) for row in letters if row.of is not None])


async def put(connection: AsyncConnection, cipher: Cipher, given: Sequence[tuple[Address, TimerRow]]) -> None:
    """Set, set anew or take back timers of these chats."""
    last = {(address, row.timer): row for address, row in await with_digests(connection, cipher, given)}
    payloads = [(row.payload.encode(), context(timers, *place)) for place, row in last.items()]
    rows = [
        {"channel": address.channel, "chat": address.chat, "timer": timer, "due": row.due, "sealed": sealed}
        for ((address, timer), row), sealed in zip(last.items(), cipher.encrypt_all(payloads), strict=True)
    ]
    await _PUT.write(connection, rows)


def _put(dialect: Dialect) -> Executable:
    insert = insert_into(dialect, timers)
    return insert.on_conflict_do_update(
        index_elements=list(timers.primary_key),
        set_={"due": insert.excluded.due, "sealed": insert.excluded.sealed},
    )


_PUT = Ready(_put, timers.columns.keys())
