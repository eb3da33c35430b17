"""The outbox as SQL: what is unsaid, who may say it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address, Cipher, Outbound, Scope, Tampered
from bot.speech.message import MESSAGE
from bot.storage.tables import UNSAID, address_of, context, outbox, sessions

LEASE = timedelta(minutes=5)  # how long a process may hold messages before another takes them over
CHATS_AT_A_TIME = 200

CHAT = tuple_(outbox.c.channel, outbox.c.chat)


async def waiting(connection: AsyncConnection, scope: Scope) -> list[Address]:
    """The chats with messages not yet said."""
    query = select(outbox.c.channel, outbox.c.chat).where(UNSAID, _within(scope)).distinct()
    return [address_of(row) for row in await connection.execute(query)]


async def claim(
    connection: AsyncConnection, cipher: Cipher, scope: Scope, now: datetime
) -> dict[Address, list[Outbound]]:
    """Take over all that is unsaid in some chats with a message due.

    The chats are locked by their sessions, which every turn locks too; one that another process holds is left to it.
    """
    due = select(outbox.c.channel, outbox.c.chat).where(UNSAID, outbox.c.next_try <= now, _within(scope))
    chats = [address_of(row) for row in await connection.execute(due.distinct().limit(CHATS_AT_A_TIME))]
    if not chats:
        return {}
    lock = select(sessions.c.channel, sessions.c.chat).where(
        tuple_(sessions.c.channel, sessions.c.chat).in_(_keys(chats))
    )
    locked = [address_of(row) for row in await connection.execute(lock.with_for_update(skip_locked=True))]
    still_due = (await connection.execute(due.where(CHAT.in_(_keys(locked))).distinct())).all()
    mine = CHAT.in_([tuple(row) for row in still_due])
    claimed = [_open(cipher, row) for row in await _unsaid(connection, mine)]
    await connection.execute(update(outbox).where(UNSAID, mine).values(next_try=now + LEASE))
    await _bury(connection, [row for row in claimed if isinstance(row, _Altered)])
    return _by_chat(row for row in claimed if isinstance(row, Outbound))


async def _unsaid(connection: AsyncConnection, which: ColumnElement[bool]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows not yet said of some chats, in order."""
    query = select(outbox.c.channel, outbox.c.chat, outbox.c.number, outbox.c.sealed, outbox.c.attempts)
    return (await connection.execute(query.where(UNSAID, which).order_by(*outbox.primary_key))).all()


@dataclass(frozen=True, slots=True)
class _Altered:
    """A row whose text cannot be opened."""

    address: Address
    number: int


def _open(cipher: Cipher, row: Row[*tuple[Any, ...]]) -> Outbound | _Altered:
    address = address_of(row)
    try:
        text = cipher.decrypt(row.sealed, context(outbox, address, row.number))
    except Tampered:
        return _Altered(address, row.number)
    return Outbound(row.number, address, MESSAGE.validate_json(text), row.attempts)


async def _bury(connection: AsyncConnection, altered: Sequence[_Altered]) -> None:
    """Make rows that cannot be opened dead letters, so that they do not stop the others."""
    if altered:
        which = tuple_(*outbox.primary_key).in_(
            [(row.address.channel, row.address.chat, row.number) for row in altered]
        )
        await connection.execute(update(outbox).where(which).values(dead=Tampered.__name__))


def _by_chat(rows: Iterable[Outbound]) -> dict[Address, list[Outbound]]:
    chats: dict[Address, list[Outbound]] = {}
    for row in rows:
        chats.setdefault(row.address, []).append(row)
    return chats


async def release(connection: AsyncConnection, scope: Scope, now: datetime) -> None:
    """Make all that is unsaid due."""
    await connection.execute(update(outbox).where(UNSAID, _within(scope)).values(next_try=now))


_MARK_SENT = (
    update(outbox)
    .where(
        outbox.c.channel == bindparam("of_channel"),
        outbox.c.chat == bindparam("of_chat"),
        outbox.c.number == bindparam("of_number"),
    )
    .values(sent_at=bindparam("at"), sealed=b"")  # the journal has its event; nobody needs its text again
)


async def mark_sent(connection: AsyncConnection, sent: Sequence[Outbound], now: datetime) -> None:
    """Note that a channel has taken the messages."""
    rows = [
        {"of_channel": row.address.channel, "of_chat": row.address.chat, "of_number": row.number, "at": now}
        for row in sent
    ]
    await connection.execute(_MARK_SENT, rows)


async def postpone(connection: AsyncConnection, failed: Outbound, until: datetime, attempts: int) -> None:
    """Hold back what is unsaid in the chat; note how often its first message has failed."""
    mine = CHAT.in_(_keys([failed.address]))
    await connection.execute(update(outbox).where(UNSAID, mine).values(next_try=until))
    await connection.execute(update(outbox).where(mine, outbox.c.number == failed.number).values(attempts=attempts))


async def give_up(connection: AsyncConnection, failed: Outbound, reason: str, *, whole_chat: bool) -> None:
    """Keep the message (or all that is unsaid in its chat) as a dead letter."""
    dead = update(outbox).where(UNSAID, CHAT.in_(_keys([failed.address]))).values(dead=reason)
    await connection.execute(dead if whole_chat else dead.where(outbox.c.number == failed.number))


def _within(scope: Scope) -> ColumnElement[bool]:
    """The rows of the scope."""
    within = outbox.c.channel.in_(scope.channels)
    return within if scope.chat is None else within & (outbox.c.chat == scope.chat)


def _keys(chats: Iterable[Address]) -> list[tuple[str, str]]:
    return [(address.channel, address.chat) for address in chats]
