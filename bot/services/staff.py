"""Members of staff: invited with a code, listed, given a new link to the desk, revoked. Each change is on record."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import Mendable
from bot.flows.handoff.codes import CODE_BYTES, digest_of
from bot.flows.handoff.letters import MEMBERS, SITES, Invited, Post, Revoked, member
from bot.flows.handoff.people import Role
from bot.flows.handoff.rooms import ID_LENGTH, Member, SiteRoom
from bot.flows.handoff.sites import SiteBook
from bot.ports import Address, StoredSession, TimerRow
from bot.ports.storage import Audit
from bot.services.accounts import AccountStore, new_link
from bot.services.letters import letter_rows

LIFETIME = timedelta(days=7)
"""How long an invitation is good, if not said otherwise."""

LINK_LIFETIME = timedelta(hours=24)
"""How long a new link to the desk is good that somebody else hands on."""

COMMAND_LINE = "command line"
"""Who changed an account from the machine itself, in the record."""


class Staffing(Protocol):
    """What is needed to invite people to the staff, and to list them."""

    @property
    def accounts(self) -> AccountStore:
        """The accounts of the desk."""
        ...

    @property
    def audit(self) -> Audit:
        """The record of changes."""
        ...

    async def post(self, letters: Sequence[TimerRow]) -> None:
        """Send letters to the chats that they are of, from nobody's."""
        ...

    async def sessions_of(self, channel: str) -> list[StoredSession]:
        """The sessions of all chats of a channel, the oldest first."""
        ...

    async def session_of(self, address: Address) -> StoredSession | None:
        """The session of a chat; None where it has none."""
        ...


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Staffing where the bot runs: letters are read at once. `news`: what wakes the timers, which carry them."""

    store: Staffing
    news: asyncio.Event

    @property
    def accounts(self) -> AccountStore:
        """The accounts of the desk."""
        return self.store.accounts

    @property
    def audit(self) -> Audit:
        """The record of changes."""
        return self.store.audit

    async def post(self, letters: Sequence[TimerRow]) -> None:
        """Send letters to the chats that they are of, from nobody's."""
        await self.store.post(letters)
        self.news.set()

    async def sessions_of(self, channel: str) -> list[StoredSession]:
        """The sessions of all chats of a channel, the oldest first."""
        return await self.store.sessions_of(channel)

    async def session_of(self, address: Address) -> StoredSession | None:
        """The session of a chat; None where it has none."""
        return await self.store.session_of(address)


@dataclass(frozen=True, slots=True)
class Listed:
    """A member of staff as lists show them. `id`: what they are known by in the record of a referral."""

    id: str
    member: Member


async def invite(  # noqa: PLR0913 - what an invitation says
    store: Staffing,
    now: datetime,
    *,
    role: Role,
    site: str | None = None,
    name: str | None = None,
    lifetime: timedelta = LIFETIME,
    by: str = COMMAND_LINE,
) -> str:
    """Invite somebody; the code, which is good once, at the desk or in a chat. Only its digest is kept."""
    code = secrets.token_urlsafe(CODE_BYTES)
    digest = digest_of(code) or ""
    invited = Invited(role=role, site=site, name=name, expires_at=now + lifetime)
    await store.audit.add(by, "invited", digest[:ID_LENGTH], now)
    await store.post(letter_rows([Post(member(digest), invited)], now))
    await store.accounts.add_link(digest, digest, now + lifetime)
    return code


async def members(store: Staffing) -> list[Listed]:
    """All who were ever invited, the oldest invitation first."""
    sessions = await store.sessions_of(MEMBERS)
    return [
        Listed(each.address.chat[:ID_LENGTH], Member.model_validate_json(each.session))
        for each in sessions
        if each.session is not None
    ]


async def unattended(store: Staffing, book: SiteBook, sites: Sequence[str], channels: Sequence[str]) -> list[str]:
    """The sites, of these, of whose referrals nobody is told: no chat joined, and none that is named has its channel."""
    rooms = {each.address.chat: each.session for each in await store.sessions_of(SITES)}
    joined = {name for name, room in rooms.items() if room and SiteRoom.model_validate_json(room).members}
    told = {site for site in sites if any(channel in channels for channel, _ in book.chats(site))}
    return [site for site in sites if site not in joined | told]


async def revoke(store: Staffing, start: str, now: datetime, by: str = COMMAND_LINE) -> Listed:
    """End a membership, and with it all that is open. `start`: as for `found`. Raises `Mendable`."""
    revoked, digest = await found(store, start)
    await store.audit.add(by, "revoked", revoked.id, now)
    await store.accounts.end_sessions(digest)
    await store.post(letter_rows([Post(member(digest), Revoked())], now))
    return revoked


async def link(store: Staffing, start: str, now: datetime, lifetime: timedelta, by: str = COMMAND_LINE) -> str:
    """The code of a new link by which a member signs in at the desk. `start`: as for `found`. Raises `Mendable`."""
    listed, digest = await found(store, start)
    if listed.member.revoked:
        raise Mendable(f"{listed.id} is no member any more: invite them anew.")
    await store.audit.add(by, "link_made", listed.id, now)
    return await new_link(store.accounts, digest, now, lifetime)


async def reset_factor(store: Staffing, start: str, now: datetime, by: str = COMMAND_LINE) -> Listed:
    """Forget a member's second factor, and end their sessions: with a new link they set up another. Raises `Mendable`."""
    listed, digest = await found(store, start)
    await store.audit.add(by, "factor_reset", listed.id, now)
    await store.accounts.drop_factor(digest)
    return listed


async def found(store: Staffing, start: str) -> tuple[Listed, str]:
    """The one member whose id begins so, with the digest they are kept under. Raises `Mendable` where it is not one."""
    kept = {each.address.chat: each.session for each in await store.sessions_of(MEMBERS) if each.session is not None}
    matching = [digest for digest in kept if start and digest.startswith(start)]
    if len(matching) != 1:
        problem = "nobody has" if not matching else "several have"
        raise Mendable(f"{problem} an id that begins with `{start}`: see `prescreen staff list`.")
    (digest,) = matching
    return Listed(digest[:ID_LENGTH], Member.model_validate_json(kept[digest])), digest
