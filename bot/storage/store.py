"""Everything durable, on SQLite or PostgreSQL: the store that the services use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import Address, Inbound, LogLine, Outbound, Scope, StoredSession, TimerRow
from bot.ports.storage import Cipher
from bot.services.retention import Ages
from bot.storage import codes, history, outbox, places, prescreenings, presence, timers
from bot.storage.accounts import SqlAccounts
from bot.storage.audit import SqlAudit
from bot.storage.database import take_time, transaction
from bot.storage.outbox import Holder
from bot.storage.purging import parked, purge
from bot.storage.turns import SqlTransaction
from bot.storage.verifying import Verified, verify
from bot.storage.worklist import SqlWorklist


class SqlStore:
    """The tables behind the `Store` port. Every method is a transaction of its own.

    `keeping`: the channels that keep what they say. `holder`: this process. Raises `Mendable` where the database cannot be used, `Tampered`
    where a field was altered.
    """

    def __init__(
        self, engine: AsyncEngine, cipher: Cipher, keeping: frozenset[str] = frozenset(), holder: Holder | None = None
    ) -> None:
        self._engine = engine
        self._cipher = cipher
        self._keeping = keeping
        self._holder = holder or Holder()

    @property
    def accounts(self) -> SqlAccounts:
        """The accounts of the desk."""
        return SqlAccounts(self._engine, self._cipher)

    @property
    def audit(self) -> SqlAudit:
        """The record of who signed in, looked at a contact or changed an account."""
        return SqlAudit(self._engine)

    @property
    def worklist(self) -> SqlWorklist:
        """Referrals as the desk reads them."""
        return SqlWorklist(self._engine, self._cipher)

    @property
    def lease(self) -> timedelta:
        """How long this process holds messages without a sign of life."""
        return self._holder.lease

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqlTransaction]:
        """A transaction, committed when the context is left without an error."""
        async with transaction(self._engine) as connection:
            yield SqlTransaction(connection, self._cipher, self._holder, self._keeping)

    async def release(self, scope: Scope, now: datetime) -> None:
        """Make all that is unsaid due: the process that held it has ended."""
        async with transaction(self._engine) as connection:
            await outbox.release(connection, scope, now)

    @asynccontextmanager
    async def claim(self, scope: Scope, now: datetime) -> AsyncIterator[dict[Address, list[Outbound]]]:
        """All that is unsaid in some chats whose first message is due; see the port."""
        async with transaction(self._engine) as connection:
            yield await outbox.claim(connection, self._cipher, scope, self._holder, now)

    async def renew(self, chats: Sequence[Address], now: datetime) -> None:
        """A sign of life: hold what is held of these chats for another lease."""
        async with transaction(self._engine) as connection:
            await outbox.renew(connection, self._holder, chats, now)

    async def postpone(self, failed: Outbound, until: datetime, attempts: int) -> None:
        """Hold back what is unsaid in the chat of `failed` until then."""
        async with transaction(self._engine) as connection:
            await outbox.postpone(connection, failed, until, attempts)

    async def give_up(self, failed: Outbound, reason: str, *, whole_chat: bool) -> None:
        """Never say it (or, for the whole chat, nothing that is now unsaid): keep it as a dead letter."""
        async with transaction(self._engine) as connection:
            await outbox.give_up(connection, failed, reason, whole_chat=whole_chat)

    async def listening(self, channel: str, now: datetime) -> datetime | None:
        """Note that the channel is listened to now; when it last was, None where it never was."""
        async with transaction(self._engine) as connection:
            return await presence.listening(connection, channel, now)

    async def talking(self, channel: str, silent_in: Sequence[str]) -> list[Address]:
        """The chats of the channel with a conversation, but for those in these states."""
        async with transaction(self._engine) as connection:
            return await presence.talking(connection, channel, silent_in)

    async def first_time(self, address: Address, mark: str, now: datetime) -> bool:
        """Whether this mark is set in a chat for the first time; it is set now."""
        async with transaction(self._engine) as connection:
            return await presence.first_time(connection, address, mark, now)

    async def due_timers(self, scope: Scope, now: datetime, limit: int) -> list[Inbound]:
        """The timers that are due, as inputs, the longest due first."""
        async with transaction(self._engine) as connection:
            return await timers.due(connection, self._cipher, scope, now, limit)

    async def post(self, letters: Sequence[TimerRow]) -> None:
        """Send letters to the chats that they are of, from nobody's."""
        async with transaction(self._engine) as connection:
            await timers.post(connection, self._cipher, letters)

    async def sessions_of(self, channel: str) -> list[StoredSession]:
        """The sessions of all chats of a channel, the oldest first."""
        async with self.transaction() as opened:
            return await opened.sessions_of(channel)

    async def session_of(self, address: Address) -> StoredSession | None:
        """The session of a chat; None where it has none."""
        async with self.transaction() as opened:
            return (await opened.sessions([address])).get(address)

    async def purge(self, ages: Ages, now: datetime, *, dry_run: bool = False) -> dict[str, int]:
        """Delete what has come to its age; how much of each kind. Dry: what it would be, and all stays."""
        async with transaction(self._engine) as connection:
            await connection.run_sync(take_time)
            counts = await purge(connection, self._cipher, ages, now)
            if dry_run:
                await connection.rollback()
            return counts

    async def parked(self, before: datetime) -> dict[Address, int]:
        """The chats of staff with a bench, and with how many candidates on it nothing was done since then."""
        async with transaction(self._engine) as connection:
            return await parked(connection, self._cipher, before)

    async def verify(self) -> Verified:
        """Check all that is kept against itself; nothing is changed."""
        async with transaction(self._engine) as connection:
            await connection.run_sync(take_time)
            return await verify(connection, self._cipher)

    async def log_lines(self) -> list[LogLine]:
        """The prescreening log, the oldest line first."""
        async with transaction(self._engine) as connection:
            return await prescreenings.log_lines(connection)

    async def place(self, address: Address, name: str) -> int | None:
        """The channel's number of what has that name in the chat; None where there is nothing."""
        async with transaction(self._engine) as connection:
            return await places.place(connection, address, name)

    async def put_place(self, address: Address, name: str, number: int) -> None:
        """Remember it."""
        async with transaction(self._engine) as connection:
            await places.put_place(connection, address, name, number)

    async def said(self, address: Address, after: int = 0) -> list[Outbound]:
        """What was said in a chat that keeps it, from the message after that number on."""
        async with transaction(self._engine) as connection:
            return await history.said(connection, self._cipher, address, after)

    async def counts(self, addresses: Sequence[Address]) -> dict[Address, int]:
        """How many messages were ever said in each of these chats."""
        async with transaction(self._engine) as connection:
            return await history.counts(connection, addresses)

    async def was_taken(self, address: Address, message_id: str) -> bool:
        """Whether an input of that id was taken in a chat."""
        async with transaction(self._engine) as connection:
            return await history.was_taken(connection, address, message_id)

    async def is_erased(self, address: Address) -> bool:
        """Whether all of a chat was deleted, and nothing was begun there since."""
        async with transaction(self._engine) as connection:
            return await history.is_erased(connection, address)

    async def add_code(self, address: Address, code: str, secret: str, expires_at: datetime) -> None:
        """Keep a secret under a code until then, in place of the chat's code before it."""
        async with transaction(self._engine) as connection:
            await codes.add(connection, self._cipher, address, code, secret, expires_at)

    async def redeem_code(self, code: str, now: datetime) -> str | None:
        """Take out what was kept under a code; None where there is none that is still good."""
        async with transaction(self._engine) as connection:
            return await codes.redeem(connection, self._cipher, code, now)
