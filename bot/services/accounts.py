"""Accounts at the desk: a link that is good once, a second factor, and sessions that end.

A link, or a browser that was told to remember, is the first factor; a code of the authenticator app is the second. Of
links and sessions the store has digests alone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.flows.handoff.codes import CODE_BYTES, digest_of
from bot.flows.handoff.rooms import DESK, ID_LENGTH, Member
from bot.flows.inputs import Joining
from bot.ports import Address, Inbound
from bot.ports.storage import Audit
from bot.services.factor import Factor, Judged, Outcome, judge, new_factor

TOKEN_BYTES = 32  # 256 bits: not to be guessed
LINK_LIFETIME = timedelta(minutes=15)
"""How long a link to sign in is good, where the person has just asked for it."""
HALF_LIFETIME = timedelta(minutes=15)
DEVICE_LIFETIME = timedelta(days=30)
TOUCH_AFTER = timedelta(minutes=1)  # a session's last sign of life is not written more often

T = TypeVar("T")


class Kind(StrEnum):
    """What a token is good for: `half`, to show the second factor; `open`, to work; `device`, to stand for a link."""

    HALF = "half"
    OPEN = "open"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Session:
    """A token that a browser has. `token`: its digest. `member`: the digest by which the member is known."""

    token: str
    member: str
    kind: Kind
    begun_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff, and the session in which they are."""

    digest: str
    member: Member
    session: Session

    @property
    def id(self) -> str:
        """What the member is known by in the record of a referral."""
        return self.digest[:ID_LENGTH]

    @property
    def address(self) -> Address:
        """The member's chat at the desk."""
        return Address(DESK, self.digest)


@dataclass(frozen=True, slots=True)
class Hours:
    """How long a session lasts: without a sign of life, and at all."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a code: the outcome; with it the new session's token, and recovery codes where they were just made.

    `device`: the token by which the browser is remembered, where that was wished for.
    """

    outcome: Outcome
    token: str = ""
    device: str = ""
    recovery: tuple[str, ...] = ()
    waits_until: datetime | None = None


class AccountStore(Protocol):
    """Where links, factors and sessions are kept."""

    async def add_link(self, code: str, member: str, expires_at: datetime) -> None:
        """Keep a link, by its digest, in place of the member's link before it."""
        ...

    async def link_member(self, code: str, now: datetime) -> str | None:
        """The member that a link is of; None where there is none that is still good. It stays good."""
        ...

    async def redeem_link(
        self, code: str, half: Session, change: Callable[[Factor | None], tuple[Factor, bool]]
    ) -> bool:
        """Take a link out, and begin the half session of its member: all or nothing, and not where the link is gone by now.

        change: as for `change_factor`, whether the member had the factor before. Where not, all that was open of them ends.
        """
        ...

    async def prove(
        self,
        begun: Session,
        change: Callable[[Factor | None], tuple[Factor, T]],
        after: Callable[[T], Sequence[Session]],
    ) -> T | None:
        """Change a member's factor as for `change_factor`, and begin the sessions `after` it, in place of a half one.

        All or nothing; None where the session `begun`, which is to show the factor, has ended by now.
        """
        ...

    async def member(self, digest: str) -> Member | None:
        """A member of staff; None where there is none."""
        ...

    async def session(self, token: str) -> Session | None:
        """The session of a token's digest."""
        ...

    async def sessions(self, member: str) -> list[Session]:
        """All of a member, the oldest first."""
        ...

    async def touch(self, token: str, now: datetime) -> None:
        """Note a sign of life."""
        ...

    async def end_session(self, token: str) -> None:
        """Drop a session."""
        ...

    async def end_sessions(self, member: str) -> None:
        """Drop all of a member, and the links that wait."""
        ...

    async def change_factor(self, member: str, change: Callable[[Factor | None], tuple[Factor, T]]) -> T:
        """Replace a member's second factor by what `change` makes of it, while nobody else does; what it says besides."""
        ...

    async def drop_factor(self, member: str) -> None:
        """Forget a member's second factor, and end all sessions and links."""
        ...


class Accounts:
    """Lets members of staff in at the desk, knows them there, and shows them out. `take`: the turn pipeline."""

    def __init__(
        self, store: AccountStore, audit: Audit, take: Callable[[Inbound], Awaitable[None]], hours: Hours | None = None
    ) -> None:
        self._store = store
        self._audit = audit
        self._take = take
        self._hours = hours or Hours()

    async def come_in(self, code: str, locale: str, now: datetime) -> str | None:
        """Show a link's code; the token with which the second factor is shown, None where the code is not good.

        Who comes for the first time becomes a member of the desk by it, as `/join` makes one in Telegram. Where no app is
        set up yet, whoever came by an earlier link is out, and the key that they were shown is good no more.
        """
        digest = digest_of(code)
        member = await self._store.link_member(digest, now) if digest else None
        known = await self._store.member(member) if member else None
        if digest is None or member is None or known is None or known.revoked:
            return None
        if known.desk is None:
            if member == digest and known.chat is not None:  # the invitation was used elsewhere
                return None
            joining = Joining(digest=member, name=known.name or member[:6], locale=locale)
            await self._take(Inbound(Address(DESK, member), digest, joining))
        token, half = _begun(member, Kind.HALF, now)
        if not await self._store.redeem_link(digest, half, _confirmed_or_new):
            return None
        await self._audit.add(member[:ID_LENGTH], "link_used", None, now)
        return token

    async def half(self, token: str, now: datetime) -> Account | None:
        """Whose second factor is to be shown: the member of a link just used, or of a browser that is remembered."""
        return await self._account(token, (Kind.HALF, Kind.DEVICE), now)

    async def signed(self, token: str, now: datetime) -> Account | None:
        """Who works with this token; a sign of life. None where the session, or the membership, has ended."""
        account = await self._account(token, (Kind.OPEN,), now)
        if account is not None and now - account.session.seen_at > TOUCH_AFTER:
            await self._store.touch(account.session.token, now)
        return account

    async def _account(self, token: str, kinds: Sequence[Kind], now: datetime) -> Account | None:
        session = await self._store.session(_digest(token))
        if session is None or session.kind not in kinds:
            return None
        member = await self._store.member(session.member)
        if member is None or member.revoked:
            await self._store.end_sessions(session.member)
            return None
        if self._is_over(session, now):
            await self._store.end_session(session.token)
            return None
        return Account(session.member, member, session)

    def _is_over(self, session: Session, now: datetime) -> bool:
        if session.kind is Kind.OPEN:
            return now - session.seen_at > self._hours.idle or now - session.begun_at > self._hours.longest
        return now - session.begun_at > (HALF_LIFETIME if session.kind is Kind.HALF else DEVICE_LIFETIME)

    async def enrolling(self, account: Account) -> Factor | None:
        """The factor that the member is to set up; None where they have one. Only a link leads to it."""
        factor = await self._store.change_factor(account.digest, _known_or_new)
        return None if factor.confirmed else factor

    async def prove(self, account: Account, typed: str, now: datetime, *, remember: bool = False) -> Proof | None:
        """Show the second factor; where it is good, a session begins in place of the half one.

        `remember`: this browser needs no link for a while. None where the account's session has ended by now.
        """
        token, opened = _begun(account.digest, Kind.OPEN, now)
        device, remembered = _begun(account.digest, Kind.DEVICE, now)
        sessions = (opened, remembered) if remember else (opened,)
        judged = await self._store.prove(
            account.session,
            lambda factor: _judged(factor, typed, now),
            lambda judged: sessions if judged.outcome in _LET_IN else (),
        )
        if judged is None:
            return None
        await self._audit.add(account.id, _AUDITED[judged.outcome], None, now)
        if judged.outcome not in _LET_IN:
            return Proof(judged.outcome, waits_until=judged.factor.waits_until)
        return Proof(judged.outcome, token, device if remember else "", judged.recovery)

    async def sessions(self, account: Account, now: datetime) -> list[Session]:
        """The member's sessions and remembered browsers that are not over, the oldest first."""
        return [each for each in await self._store.sessions(account.digest) if not self._is_over(each, now)]

    async def sign_out(self, token: str) -> None:
        """End the session of this token."""
        await self._store.end_session(_digest(token))

    async def sign_out_everywhere(self, account: Account, now: datetime) -> None:
        """End all sessions of the member, and forget the browsers that are remembered."""
        await self._store.end_sessions(account.digest)
        await self._audit.add(account.id, "signed_out_everywhere", None, now)

    async def account(self, token: str, now: datetime) -> Account | None:
        """Whose open session it is, without a sign of life."""
        return await self._account(token, (Kind.OPEN,), now)


async def new_link(store: AccountStore, member: str, now: datetime, lifetime: timedelta = LINK_LIFETIME) -> str:
    """A code with which a member signs in, good once. Only its digest is kept; that before it is good no more."""
    code = secrets.token_urlsafe(CODE_BYTES)
    await store.add_link(digest_of(code) or "", member, now + lifetime)
    return code


_LET_IN = (Outcome.GOOD, Outcome.RECOVERED)
_AUDITED = {
    Outcome.GOOD: "signed_in",
    Outcome.RECOVERED: "signed_in_by_recovery_code",
    Outcome.WRONG: "second_factor_wrong",
    Outcome.WAIT: "second_factor_too_often",
}


def _known_or_new(factor: Factor | None) -> tuple[Factor, Factor]:
    known = factor or new_factor()
    return known, known


def _confirmed_or_new(factor: Factor | None) -> tuple[Factor, bool]:
    """The factor that the member has shown once, or a new one; whether it is the former."""
    if factor is not None and factor.confirmed:
        return factor, True
    return new_factor(), False


def _judged(factor: Factor | None, typed: str, now: datetime) -> tuple[Factor, Judged]:
    judged = judge(factor or new_factor(), typed, now)
    return judged.factor, judged


def _begun(member: str, kind: Kind, now: datetime) -> tuple[str, Session]:
    """A token for a browser, and the session that it stands for."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, Session(_digest(token), member, kind, now, now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
