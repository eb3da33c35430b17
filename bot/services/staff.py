"""Members of staff: invited with a code, listed, revoked."""

from __future__ import annotations

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
from bot.ports import StoredSession, TimerRow
from bot.services.letters import letter_rows

LIFETIME = timedelta(days=7)
"""How long an invitation is good, if not said otherwise."""


class Staffing(Protocol):
    """What is needed to invite people to the staff, and to list them."""

    async def post(self, letters: Sequence[TimerRow]) -> None:
        """Send letters to the chats that they are of, from nobody's."""
        ...

    async def sessions_of(self, channel: str) -> list[StoredSession]:
        """The sessions of all chats of a channel, the oldest first."""
        ...


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
) -> str:
    """Invite somebody; the code, which is good once. Only its digest is kept."""
    code = secrets.token_urlsafe(CODE_BYTES)
    invited = Invited(role=role, site=site, name=name, expires_at=now + lifetime)
    await store.post(letter_rows([Post(member(digest_of(code) or ""), invited)], now))
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


async def revoke(store: Staffing, start: str, now: datetime) -> Listed:
    """End a membership. `start`: the beginning of the member's id. Raises `Mendable` where it is not one member's."""
    digests = [each.address.chat for each in await store.sessions_of(MEMBERS) if each.session is not None]
    found = [digest for digest in digests if start and digest.startswith(start)]
    if len(found) != 1:
        problem = "nobody has" if not found else "several have"
        raise Mendable(f"{problem} an id that begins with `{start}`: see `prescreen staff list`.")
    await store.post(letter_rows([Post(member(found[0]), Revoked())], now))
    return next(each for each in await members(store) if found[0].startswith(each.id))
