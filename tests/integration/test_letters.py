"""Letters between chats on real databases: each comes once, and nothing of it stays."""

from __future__ import annotations

import asyncio
import re
import uuid
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, select

from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.course import Rules
from bot.flows.handoff.letters import ACTORS
from bot.flows.handoff.people import Role
from bot.flows.inputs import Joining, Opened, Reply
from bot.ports import Address, Inbound, Scope
from bot.services.handoff import HandOffs
from bot.services.staff import invite, members, revoke
from bot.services.talk import Conversations
from bot.services.timers import Timers
from bot.services.turns import Turns
from bot.storage.database import transaction
from bot.storage.opening import open_store
from bot.storage.rekeying import rotate_key
from bot.storage.store import SqlStore
from bot.storage.tables import referral_steps, timers
from tests.integration.conftest import KEY, Clock
from tests.post_office import book
from tests.talks import ELIGIBLE, conversations

ANA = Address("test", "ana")
LI = Address("test", "li")
WU = Address("test", "wu")
MO = Address("test", "mo")
NEW = bytes(range(1, 33))
EVERYWHERE = Scope(("test", *ACTORS, "mail", "webhook"))


class Chats:
    """The hand-off's chats on a store."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        talking = Conversations(conversations().subjects, new_id=lambda: uuid.uuid4().hex, at_hand=0)
        chats = HandOffs(talking, Rules(book()))
        self.turns = Turns(store, chats.talk, chats.apologise, clock, lambda _: None)
        self.firing = [Timers(store, EVERYWHERE, self.turns.take, clock) for _ in range(2)]

    async def give(self, address: Address, *entries: Joining | Opened | Reply) -> None:
        """Give inputs to a chat, and carry all letters, by two processes at once."""
        for entry in entries:
            await self.turns.take(Inbound(address, uuid.uuid4().hex, entry))
        while any(await asyncio.gather(*(each.fire_due() for each in self.firing))):
            pass

    async def screen(self, address: Address, reach: str) -> None:
        """A person answers everything and asks to be contacted."""
        await self.give(address, Opened(locale="en"), Reply("patient"), Reply("yes"))
        for _ in ELIGIBLE:
            asked = (await _session(self, address)).split('"question":"')
            if len(asked) == 1:
                break
            await self.give(address, Reply(ELIGIBLE[asked[1].split('"')[0]]))
        await self.give(address, *(Reply(text) for text in ("assess", "haikou", "yes", "Ana", reach)))


@asynccontextmanager
async def _running(store: SqlStore, clock: Clock) -> AsyncIterator[Chats]:
    """The chats on a store, running."""
    chats = Chats(store, clock)
    task = asyncio.create_task(chats.turns.run())
    yield chats
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def chats(store: SqlStore, clock: Clock) -> AsyncIterator[Chats]:
    """They, on a store of each kind."""
    async with _running(store, clock) as chats:
        yield chats


async def test_an_invitation_is_listed_joined_and_revoked(chats: Chats) -> None:
    """Its code is good once; the list has it in every state, never the code."""
    code = await invite(chats.store, chats.clock.now(), role=Role.MANAGER, name="Li")
    await chats.give(LI)
    (listed,) = await members(chats.store)
    assert (listed.member.state, listed.member.name) == ("invited", "Li")
    assert code not in str(listed)
    await chats.give(LI, Joining(digest_of(code) or "", "Somebody"))
    assert (await members(chats.store))[0].member.state == "joined"
    await revoke(chats.store, listed.id[:6], chats.clock.now())
    await chats.give(LI)
    assert (await members(chats.store))[0].member.state == "revoked"


async def test_letters_leave_no_row_and_a_referral_is_on_record_once(chats: Chats) -> None:
    """Two processes that fire the same letters apply each once."""
    await chats.screen(ANA, "chat")
    (line,) = await chats.store.log_lines()
    assert (line.prescreening.verdict, line.prescreening.site, line.outcome) == (
        "likely_eligible",
        "haikou",
        "requested",
    )
    (referral,) = await chats.store.sessions_of("referral")
    assert referral.address.chat == line.prescreening.reference
    await chats.give(ANA, Reply("delete"), Reply("delete"))
    (line,) = await chats.store.log_lines()
    assert line.outcome == "withdrawn"
    assert (await chats.store.sessions_of("referral"))[0].session is None
    async with transaction(chats.store._engine) as connection:
        left = await connection.execute(select(func.count()).where(timers.c.timer.startswith("letter.")))
        assert left.scalar() == 0
        steps = (await connection.execute(select(referral_steps.c.action, referral_steps.c.stage))).all()
    assert [tuple(step) for step in steps] == [("withdraw", "withdrawn")]


async def test_a_second_request_with_the_same_contact_is_closed_whatever_the_key(
    chats: Chats, database: str, clock: Clock
) -> None:
    """In another chat and another spelling, also after a change of the key; once the first is deleted, a request is open."""
    await chats.screen(ANA, "Ana@example.org")
    await chats.screen(LI, "ana@EXAMPLE.org")
    assert await _outcomes(chats.store) == ["closed", "requested"]
    (person,) = await chats.store.sessions_of("person")
    assert re.fullmatch("[0-9a-f]{64}", person.address.chat)
    assert not (await chats.store.verify()).faults
    await chats.store._engine.dispose()
    await rotate_key(database, KEY, NEW, clock.now())
    async with open_store(database, b64encode(NEW).decode(), clock.now()) as store, _running(store, clock) as anew:
        await anew.screen(WU, "ana@example.org")
        assert await _outcomes(store) == ["closed", "closed", "requested"]
        await anew.give(ANA, Reply("delete"), Reply("delete"))
        await anew.screen(MO, "ana@example.org")
        assert await _outcomes(store) == ["closed", "closed", "requested", "withdrawn"]
        assert [each.address for each in await store.sessions_of("person")] == [person.address]
        assert not (await store.verify()).faults


async def test_of_two_who_ask_at_once_with_one_contact_one_is_open(chats: Chats) -> None:
    """Their letters wait in the one queue of the person: the first wins, and the record knows of both."""
    await asyncio.gather(chats.screen(ANA, "ana@example.org"), chats.screen(LI, "ana@example.org"))
    assert await _outcomes(chats.store) == ["closed", "requested"]
    async with transaction(chats.store._engine) as connection:
        steps = (await connection.execute(select(referral_steps.c.action, referral_steps.c.stage))).all()
    assert sorted(map(tuple, steps)) == [("ask", "requested"), ("repeat", "closed")]


async def _outcomes(store: SqlStore) -> list[str]:
    """How the referrals stand."""
    return sorted(line.outcome for line in await store.log_lines() if line.outcome)


async def _session(chats: Chats, address: Address) -> str:
    (stored,) = [each for each in await chats.store.sessions_of(address.channel) if each.address == address]
    return stored.session or ""
