"""The accounts of the desk on real databases: what is good once is good once, also for two who come at the same moment."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.moves import Rules
from bot.flows.handoff.people import Role
from bot.flows.inputs import DeskAsked, Joining
from bot.ports import Address, Inbound, Outbound, Scope
from bot.ports.storage import AuditLine
from bot.services.accounts import Account, Accounts, Kind
from bot.services.factor import Factor, Outcome
from bot.services.handoff import HandOffs
from bot.services.staff import invite, link, members, reset_factor
from bot.services.timers import Timers
from bot.services.turns import Turns
from bot.storage.store import SqlStore
from tests.integration.conftest import Clock
from tests.post_office import book
from tests.talks import conversations

LI = Address("test", "li")
EVERYWHERE = Scope(("test", "desk", "site", "staff"))


class House:
    """The chats of staff on a store, and the accounts of the desk."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.said: list[Outbound] = []
        chats = HandOffs(conversations(), Rules(book()), desk_url="https://prescreen.example/desk/sign-in")
        self.turns = Turns(store, chats.talk, chats.apologise, clock, self.said.extend)
        self.timers = Timers(store, EVERYWHERE, self.turns.take, clock)
        self.accounts = Accounts(store.accounts, store.audit, self.turns.take)

    async def carry(self) -> None:
        """Carry all letters."""
        while await self.timers.fire_due():
            pass

    async def invited(self) -> str:
        """The code of an invitation that has arrived."""
        code = await invite(self.store, self.clock.now(), role=Role.COORDINATOR, site="haikou", name="Li")
        await self.carry()
        return code

    async def half(self, code: str) -> Account:
        """Who has shown a link."""
        token = await self.accounts.come_in(code, "en", self.clock.now())
        account = await self.accounts.half(token or "", self.clock.now())
        assert account is not None
        return account


@pytest.fixture
async def house(store: SqlStore, clock: Clock) -> AsyncIterator[House]:
    """They, running."""
    house = House(store, clock)
    task = asyncio.create_task(house.turns.run())
    yield house
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_of_two_who_show_a_link_one_is_let_in(house: House) -> None:
    """Whichever is first."""
    code, now = await house.invited(), house.clock.now()
    tokens = await asyncio.gather(*(house.accounts.come_in(code, "en", now) for _ in range(2)))
    assert [token is None for token in tokens].count(True) == 1


async def test_of_two_who_type_a_code_of_the_app_one_is_let_in(house: House) -> None:
    """It is judged and marked as used while nobody else can look."""
    account, now = await house.half(await house.invited()), house.clock.now()
    factor = await house.accounts.enrolling(account)
    code = code_of(factor, now)
    proofs = await asyncio.gather(*(house.accounts.prove(account, code, now) for _ in range(2)))
    assert [proof.outcome for proof in proofs if proof] == [Outcome.GOOD]
    kinds = [session.kind for session in await house.store.accounts.sessions(account.digest)]
    assert kinds == [Kind.OPEN]


async def test_a_member_in_a_chat_comes_to_the_desk_by_a_link_that_they_ask_for(house: House) -> None:
    """As the same member; a second link makes the first one good no more, and neither outlives its time."""
    digest = digest_of(await house.invited())
    assert digest is not None
    await house.turns.take(Inbound(LI, "1", Joining(digest, "Li", "en")))
    await house.carry()
    codes = [await _ask(house, str(number)) for number in (2, 3, 4)]
    now = house.clock.now()
    assert await house.accounts.come_in(codes[0], "en", now) is None
    assert (await house.half(codes[2])).digest == digest
    await house.carry()
    (listed,) = await members(house.store)
    assert [chat.channel for chat in listed.member.chats] == ["test", "desk"]
    late = await _ask(house, "5")
    house.clock.forward(minutes=16)
    assert await house.accounts.come_in(late, "en", house.clock.now()) is None


async def _ask(house: House, message_id: str) -> str:
    """The code of the link that a member is told in their chat."""
    await house.turns.take(Inbound(LI, message_id, DeskAsked()))
    return (house.said[-1].message.text or "").split("#")[1].split()[0]


async def test_an_invitation_used_in_a_chat_is_good_at_no_desk(house: House) -> None:
    """It was good once."""
    code = await house.invited()
    await house.turns.take(Inbound(LI, "1", Joining(digest_of(code) or "", "Li", "en")))
    await house.carry()
    assert await house.accounts.come_in(code, "en", house.clock.now()) is None


async def test_a_link_opened_before_its_invitation_has_arrived_stays_good(house: House) -> None:
    """Whoever is that quick is not let in yet, and is with the next try."""
    code = await invite(house.store, house.clock.now(), role=Role.COORDINATOR, site="haikou", name="Li")
    assert await house.accounts.come_in(code, "en", house.clock.now()) is None
    await house.carry()
    assert (await house.half(code)).digest == digest_of(code)


class ResetMeanwhile:
    """The record; as something is noted that leads to a session, an administrator resets the member's second factor."""

    def __init__(self, house: House, what: str) -> None:
        self._house, self._what = house, what

    async def add(self, member: str, what: str, reference: str | None, now: datetime) -> None:
        """Note it."""
        await self._house.store.audit.add(member, what, reference, now)
        if what == self._what:
            await reset_factor(self._house.store, member, now)

    async def lines(self, most: int) -> list[AuditLine]:
        """The latest lines."""
        return await self._house.store.audit.lines(most)


@pytest.mark.parametrize("what", ["link_used", "signed_in"])
async def test_a_reset_ends_what_begins_at_that_moment(house: House, what: str) -> None:
    """Neither a half-open sign-in, nor a session, nor a browser that is remembered outlives it."""
    digest, now = digest_of(code := await house.invited()) or "", house.clock.now()
    accounts = Accounts(house.store.accounts, ResetMeanwhile(house, what), house.turns.take)
    half = await accounts.half(await accounts.come_in(code, "en", now) or "", now)
    if half is not None:
        factor = await accounts.enrolling(half)
        await accounts.prove(half, code_of(factor, now), now, remember=True)
    assert await house.store.accounts.sessions(digest) == []


async def test_who_was_half_way_in_at_a_reset_starts_over(house: House) -> None:
    """The right code of the old app opens nothing, and nor does a link that was made before."""
    account, now = await house.half(await house.invited()), house.clock.now()
    factor = await house.accounts.enrolling(account)
    made = await link(house.store, account.id, now, timedelta(hours=1))
    await reset_factor(house.store, account.id, now)
    assert await house.accounts.prove(account, code_of(factor, now), now) is None
    assert await house.accounts.come_in(made, "en", now) is None
    assert await house.store.accounts.sessions(account.digest) == []


def code_of(factor: Factor | None, now: datetime) -> str:
    """What the app shows."""
    assert factor is not None
    totp = TOTP(base64.b32decode(factor.secret), 6, SHA1(), 30)  # noqa: S303 - what every app computes
    return totp.generate(int(now.timestamp())).decode()
