"""Links to sign in, second factors and sessions of the desk, as SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.flows.handoff.letters import MEMBERS
from bot.flows.handoff.rooms import Member
from bot.ports import Address, DeskLink
from bot.ports.storage import Cipher
from bot.services.accounts import DEVICE_LIFETIME, Kind, Session
from bot.services.factor import Factor
from bot.storage.database import insert_into, transaction
from bot.storage.tables import context, desk_factors, desk_links, desk_sessions, sessions

T = TypeVar("T")


class SqlAccounts:
    """The tables behind the `AccountStore` port. Every method is a transaction of its own."""

    def __init__(self, engine: AsyncEngine, cipher: Cipher) -> None:
        self._engine = engine
        self._cipher = cipher

    async def add_link(self, code: str, member: str, expires_at: datetime) -> None:
        """Keep a link, by its digest, in place of the member's link before it."""
        async with transaction(self._engine) as connection:
            await connection.execute(delete(desk_links).where(desk_links.c.member == member))
            await connection.execute(insert(desk_links).values(code=code, member=member, expires_at=expires_at))

    async def link_member(self, code: str, now: datetime) -> str | None:
        """The member that a link is of; None where there is none that is still good. Late ones are dropped."""
        async with transaction(self._engine) as connection:
            await connection.execute(delete(desk_links).where(desk_links.c.expires_at <= now))
            mine = select(desk_links.c.member).where(desk_links.c.code == code)
            return (await connection.execute(mine)).scalar_one_or_none()

    async def redeem_link(
        self, code: str, half: Session, change: Callable[[Factor | None], tuple[Factor, bool]]
    ) -> bool:
        """Take a link out, and begin the half session of its member; see the port."""
        async with transaction(self._engine) as connection:
            taken = delete(desk_links).where(desk_links.c.code == code, desk_links.c.member == half.member)
            if (await connection.execute(taken.returning(desk_links.c.code))).scalar_one_or_none() is None:
                return False
            if not await self._change(connection, half.member, await self._factor(connection, half.member), change):
                await _end(connection, half.member)
            await _begin(connection, [half])
            return True

    async def prove(
        self,
        begun: Session,
        change: Callable[[Factor | None], tuple[Factor, T]],
        after: Callable[[T], Sequence[Session]],
    ) -> T | None:
        """Change a member's factor, and begin the sessions after it, in place of a half one; see the port."""
        mine = desk_sessions.c.token == begun.token
        async with transaction(self._engine) as connection:
            factor = await self._factor(connection, begun.member)
            if (await connection.execute(select(desk_sessions.c.token).where(mine))).scalar_one_or_none() is None:
                return None
            said = await self._change(connection, begun.member, factor, change)
            sessions = after(said)
            if sessions and begun.kind is Kind.HALF:
                await connection.execute(delete(desk_sessions).where(mine))
            await _begin(connection, sessions)
        return said

    async def member(self, digest: str) -> Member | None:
        """A member of staff; None where there is none."""
        address = Address(MEMBERS, digest)
        mine = (sessions.c.channel == MEMBERS, sessions.c.chat == digest)
        async with transaction(self._engine) as connection:
            sealed = (await connection.execute(select(sessions.c.session).where(*mine))).scalar_one_or_none()
        if sealed is None:
            return None
        return Member.model_validate_json(self._cipher.decrypt(sealed, context(sessions, address)))

    async def session(self, token: str) -> Session | None:
        """The session of a token's digest."""
        query = select(desk_sessions).where(desk_sessions.c.token == token)
        async with transaction(self._engine) as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Session(row.token, row.member, Kind(row.kind), row.begun_at, row.seen_at)

    async def sessions(self, member: str) -> list[Session]:
        """All of a member, the oldest first."""
        query = select(desk_sessions).where(desk_sessions.c.member == member).order_by(desk_sessions.c.begun_at)
        async with transaction(self._engine) as connection:
            rows = await connection.execute(query)
            return [Session(row.token, row.member, Kind(row.kind), row.begun_at, row.seen_at) for row in rows]

    async def touch(self, token: str, now: datetime) -> None:
        """Note a sign of life."""
        async with transaction(self._engine) as connection:
            mine = desk_sessions.c.token == token
            await connection.execute(update(desk_sessions).where(mine).values(seen_at=now))

    async def end_session(self, token: str) -> None:
        """Drop a session."""
        async with transaction(self._engine) as connection:
            await connection.execute(delete(desk_sessions).where(desk_sessions.c.token == token))

    async def end_sessions(self, member: str) -> None:
        """Drop all of a member, and the links that wait."""
        async with transaction(self._engine) as connection:
            await _end(connection, member)

    async def change_factor(self, member: str, change: Callable[[Factor | None], tuple[Factor, T]]) -> T:
        """Replace a member's second factor by what `change` makes of it, while nobody else does; what it says besides.

        Two who set one up at once: the later one stays.
        """
        async with transaction(self._engine) as connection:
            return await self._change(connection, member, await self._factor(connection, member), change)

    async def _change(
        self,
        connection: AsyncConnection,
        member: str,
        before: Factor | None,
        change: Callable[[Factor | None], tuple[Factor, T]],
    ) -> T:
        after, said = change(before)
        sealed = self._cipher.encrypt(after.model_dump_json().encode(), _place(member))
        statement = insert_into(connection, desk_factors).values(member=member, sealed=sealed)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=[desk_factors.c.member], set_={"sealed": sealed})
        )
        return said

    async def drop_factor(self, member: str) -> None:
        """Forget a member's second factor, and end all sessions and links, also what begins at this moment.

        Who comes in holds their link or their factor locked until their session is there: sessions are ended after both.
        """
        async with transaction(self._engine) as connection:
            await connection.execute(delete(desk_links).where(desk_links.c.member == member))
            await connection.execute(delete(desk_factors).where(desk_factors.c.member == member))
            await connection.execute(delete(desk_sessions).where(desk_sessions.c.member == member))

    async def _factor(self, connection: AsyncConnection, member: str) -> Factor | None:
        """The factor, locked until the transaction ends: SQLite has locked all of it at the beginning."""
        query = select(desk_factors.c.sealed).where(desk_factors.c.member == member).with_for_update()
        sealed = (await connection.execute(query)).scalar_one_or_none()
        if sealed is None:
            return None
        return Factor.model_validate_json(self._cipher.decrypt(sealed, _place(member)))


async def add_links(connection: AsyncConnection, links: Sequence[DeskLink]) -> None:
    """Keep links that members asked for in their chats, each in place of the member's link before it."""
    for link in links:
        theirs = (sessions.c.channel == MEMBERS, sessions.c.chat.startswith(link.member, autoescape=True))
        digest = (await connection.execute(select(sessions.c.chat).where(*theirs))).scalar_one_or_none()
        if digest is not None:
            await connection.execute(delete(desk_links).where(desk_links.c.member == digest))
            row = {"code": link.code, "member": digest, "expires_at": link.expires_at}
            await connection.execute(insert(desk_links).values(row))


async def _begin(connection: AsyncConnection, begun: Sequence[Session]) -> None:
    """Keep new sessions; what is older than any may be is dropped."""
    for session in begun:
        row = {**asdict(session), "kind": session.kind.value}
        stale = desk_sessions.c.begun_at < session.begun_at - DEVICE_LIFETIME
        await connection.execute(delete(desk_sessions).where(stale))
        await connection.execute(insert(desk_sessions).values(row))


async def _end(connection: AsyncConnection, member: str) -> None:
    for table in (desk_links, desk_sessions):
        await connection.execute(delete(table).where(table.c.member == member))


def _place(member: str) -> bytes:
    return context(desk_factors, Address(MEMBERS, member))
