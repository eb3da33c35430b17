"""Letters between chats on real databases: each comes once, and nothing of it stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.course import Rules
from bot.flows.handoff.people import Role
from bot.flows.inputs import Joining, Opened, Reply
from bot.ports import Address, Inbound, Scope
from bot.services.handoff import HandOffs
from bot.services.staff import invite, members, revoke
from bot.services.timers import Timers
from bot.services.turns import Turns
from bot.storage.database import transaction
from bot.storage.store import SqlStore
from bot.storage.tables import referral_steps, timers
from tests.integration.conftest import Clock
from tests.post_office import book
from tests.talks import ELIGIBLE, conversations

ANA = Address("test", "ana")
LI = Address("test", "li")
EVERYWHERE = Scope(("test", "referral", "site", "staff", "mail", "webhook"))


class Chats:
    """The hand-off's chats on a store."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        chats = HandOffs(conversations(), Rules(book()))
        self.turns = Turns(store, chats.talk, chats.apologise, clock, lambda _: None)
        self.firing = [Timers(store, EVERYWHERE, self.turns.take, clock) for _ in range(2)]
        self.ids = iter(range(10_000))

    async def give(self, address: Address, *entries: Joining | Opened | Reply) -> None:
        """Give inputs to a chat, and carry all letters, by two processes at once."""
        for entry in entries:
            await self.turns.take(Inbound(address, str(next(self.ids)), entry))
        while any(await asyncio.gather(*(each.fire_due() for each in self.firing))):
            pass


@pytest.fixture
async def chats(store: SqlStore, clock: Clock) -> AsyncIterator[Chats]:
    """They, running."""
    chats = Chats(store, clock)
    task = asyncio.create_task(chats.turns.run())
    yield chats
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


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
    await chats.give(ANA, Opened(locale="en"))
    replies = ("assess", "haikou", "yes", "Ana", "chat")
    order = [question for question in ELIGIBLE if question not in STAFF_ONLY]
    await chats.give(ANA, Reply("patient"), Reply("yes"))
    for _ in range(len(order)):
        stored = (await _session(chats, ANA)).split('"question":"')
        if len(stored) == 1:
            break
        await chats.give(ANA, Reply(ELIGIBLE[stored[1].split('"')[0]]))
    await chats.give(ANA, *(Reply(text) for text in replies))
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


STAFF_ONLY = ("other_antigens", "life_expectancy", "cell_separation", "severe_illness", "compliance", "pregnancy")


async def _session(chats: Chats, address: Address) -> str:
    (stored,) = [each for each in await chats.store.sessions_of(address.channel) if each.address == address]
    return stored.session or ""
