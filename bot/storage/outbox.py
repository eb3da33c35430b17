"""The outbox as SQL: what is unsaid, who may say it, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address, DeadLetter, Outbound, Scope
from bot.ports.storage import Cipher, Tampered
from bot.speech.message import MESSAGE
from bot.storage.ready import Ready, given_chats, in_chats
from bot.storage.tables import UNSAID, address_of, context, of_chats, outbox, sessions

LEASE = timedelta(seconds=30)  # how long a process holds messages without a sign of life, unless the settings differ
FURTHEST = timedelta(hours=2)  # no message is held back or held for so long
CHATS_AT_A_TIME = 200
RENEWED_AT_A_TIME = 1_000  # chats in a statement; databases limit its parameters


@dataclass(frozen=True, slots=True)
class Holder:
    """A process as the outbox knows it, and how long it holds messages without a sign of life."""

    lease: timedelta = LEASE
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    def hold(self, now: datetime) -> dict[str, Any]:
        """The columns of a row that it holds."""
        return {"holder": self.name, "next_try": now + self.lease}


def leave(now: datetime) -> dict[str, Any]:
    """The columns of a row that nobody holds: the next sweep from then on takes it, once those before it are said."""
    return {"holder": None, "next_try": now}


_ELSEWHERE = Ready(
    lambda dialect: (
        select(outbox.c.channel, outbox.c.chat)
        .where(UNSAID, in_chats(outbox, dialect), outbox.c.holder.is_distinct_from(bindparam("holder", type_=String)))
        .distinct()
    )
)


async def elsewhere(connection: AsyncConnection, chats: Iterable[Address], holder: Holder) -> set[Address]:
    """The chats, locked by the caller, where something is unsaid that this process does not hold."""
    rows = await _ELSEWHERE.rows(connection, chats=given_chats(chats), holder=holder.name)
    return {address_of(row) for row in rows}


async def claim(
    connection: AsyncConnection, cipher: Cipher, scope: Scope, holder: Holder, now: datetime
) -> dict[Address, list[Outbound]]:
    """Take over all that is unsaid in some chats whose first message is due.

    The chats are locked by their sessions, which every turn locks too; one that another process holds is left to it.
    """
    due = _due(scope, now)
    chats = [address_of(row) for row in await connection.execute(due.limit(CHATS_AT_A_TIME))]
    if not chats:
        return {}
    locked = await _lock(connection, chats, skip_locked=True)
    still_due = (await connection.execute(due.where(of_chats(outbox, locked)))).all()
    mine = of_chats(outbox, map(address_of, still_due))
    claimed = [_open(cipher, row) for row in await _unsaid(connection, mine)]
    await connection.execute(update(outbox).where(UNSAID, mine).values(holder.hold(now)))
    await _bury(connection, [row for row in claimed if isinstance(row, _Altered)])
    return _by_chat(row for row in claimed if isinstance(row, Outbound))


def _due(scope: Scope, now: datetime) -> Select[tuple[str, str]]:
    """The chats whose first message not yet said is due, or so far off that the clock must have been put back since."""
    waiting = select(outbox.c.channel, outbox.c.chat, func.min(outbox.c.number).label("number")).where(UNSAID)
    first = waiting.where(_within(scope)).group_by(outbox.c.channel, outbox.c.chat).subquery()
    is_first = and_(*(outbox.c[name] == first.c[name] for name in ("channel", "chat", "number")))
    due = (outbox.c.next_try <= now) | (outbox.c.next_try > now + FURTHEST)
    return select(outbox.c.channel, outbox.c.chat).join(first, is_first).where(due)


async def _lock(connection: AsyncConnection, chats: Sequence[Address], *, skip_locked: bool = False) -> list[Address]:
    """Lock chats by their sessions, which every turn locks too; those that are locked now."""
    query = select(sessions.c.channel, sessions.c.chat).where(of_chats(sessions, chats))
    rows = await connection.execute(query.order_by(sessions.c.id).with_for_update(skip_locked=skip_locked))
    return [address_of(row) for row in rows]


async def renew(connection: AsyncConnection, holder: Holder, chats: Sequence[Address], now: datetime) -> None:
    """Hold what is held of these chats for another lease. Rows that are being marked or held back are left out.

    To wait for them could be to wait for a transaction that waits for this one.
    """
    place = tuple_(*outbox.primary_key)
    mine = select(*outbox.primary_key).where(UNSAID, outbox.c.holder == holder.name)
    for start in range(0, len(chats), RENEWED_AT_A_TIME):
        some = mine.where(of_chats(outbox, chats[start : start + RENEWED_AT_A_TIME]))
        free = some.with_for_update(skip_locked=True)
        await connection.execute(update(outbox).where(place.in_(free)).values(holder.hold(now)))


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
    await connection.execute(update(outbox).where(UNSAID, _within(scope)).values(leave(now)))


_MARK_SENT = Ready(
    lambda _: (
        update(outbox)
        .where(
            outbox.c.channel == bindparam("of_channel"),
            outbox.c.chat == bindparam("of_chat"),
            outbox.c.number == bindparam("of_number"),
        )
        .values(sent_at=bindparam("at"), sealed=b"")
    )  # the journal has its event; nobody needs its text again
)


async def mark_sent(connection: AsyncConnection, sent: Sequence[Outbound], now: datetime) -> None:
    """Note that a channel has taken the messages."""
    rows = [
        {"of_channel": row.address.channel, "of_chat": row.address.chat, "of_number": row.number, "at": now}
        for row in sent
    ]
    await _MARK_SENT.write(connection, rows)


async def postpone(connection: AsyncConnection, failed: Outbound, until: datetime, attempts: int) -> None:
    """Hold back what is unsaid in the chat; note how often its first message has failed.

    The chat is locked, so that a turn under way sees either all of this or nothing.
    """
    await _lock(connection, [failed.address])
    mine = of_chats(outbox, [failed.address])
    await connection.execute(update(outbox).where(UNSAID, mine).values(leave(until)))
    await connection.execute(update(outbox).where(mine, outbox.c.number == failed.number).values(attempts=attempts))


async def give_up(connection: AsyncConnection, failed: Outbound, reason: str, *, whole_chat: bool) -> None:
    """Keep the message (or all that is unsaid in its chat) as a dead letter."""
    dead = update(outbox).where(UNSAID, of_chats(outbox, [failed.address])).values(dead=reason)
    one = dead.where(outbox.c.number == failed.number).values(attempts=failed.attempts + 1)
    await connection.execute(dead if whole_chat else one)


async def dead_letters(connection: AsyncConnection) -> list[DeadLetter]:
    """The messages that could not be said, by chat and number."""
    query = select(outbox.c.channel, outbox.c.chat, outbox.c.number, outbox.c.dead, outbox.c.attempts)
    rows = await connection.execute(query.where(outbox.c.dead.is_not(None)).order_by(*outbox.primary_key))
    return [DeadLetter(address_of(row), row.number, row.dead, row.attempts) for row in rows]


def _within(scope: Scope) -> ColumnElement[bool]:
    """The rows of the scope."""
    within = outbox.c.channel.in_(scope.channels)
    return within if scope.chat is None else within & (outbox.c.chat == scope.chat)
