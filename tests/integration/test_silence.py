"""Silence on real databases: what the site works with stays, and the way to the person stays or comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.flows.handoff.people import Role
from bot.flows.inputs import Opened, Reply
from bot.ports import Address
from bot.services.retention import Ages
from bot.services.staff import members, revoke
from bot.storage.database import transaction
from bot.storage.store import SqlStore
from bot.storage.tables import referral_steps, referrals
from tests.integration.chats import Chats, running_chats
from tests.integration.conftest import Clock
from tests.talks import ELIGIBLE

ANA = Address("test", "ana")
LI = Address("test", "li")
WU = Address("test", "wu")
EVENTS = ["expired", "team_reopened", "team_wrote", "passed_on"]
AGES = Ages(
    timedelta(days=90),
    timedelta(days=180),
    journal=timedelta(days=365),
    ids=timedelta(days=400),
    bench=timedelta(days=30),
)


@pytest.fixture
async def chats(store: SqlStore, clock: Clock) -> AsyncIterator[Chats]:
    """They, on a store of each kind."""
    async with running_chats(store, clock) as chats:
        yield chats


async def told(chats: Chats, address: Address) -> list[dict[str, Any]]:
    """What was told in a chat, as its journal has it."""
    async with chats.store.transaction() as opened:
        journal = (await opened.export(address))["journal"]
    return [event for entry in journal for event in entry["events"]]


async def on_record(chats: Chats) -> list[tuple[str, bool]]:
    """How each referral stands, and whether it still holds what was asked for."""
    async with transaction(chats.store._engine) as connection:
        rows = await connection.execute(select(referrals.c.state, referrals.c.sealed))
        return [(row.state, row.sealed is not None) for row in rows]


async def notes(chats: Chats) -> int:
    """How many steps have a note or a reason."""
    async with transaction(chats.store._engine) as connection:
        return len(list(await connection.execute(select(referral_steps).where(referral_steps.c.sealed.is_not(None)))))


async def asked(chats: Chats, *steps: str) -> str:
    """The reference of a request with which somebody went these steps, and left a note; its person began anew a day later."""
    await chats.join(LI, Role.COORDINATOR)
    await chats.screen(ANA, "ana@example.org")
    (line,) = await chats.store.log_lines()
    reference = line.prescreening.reference or ""
    await chats.tap(LI, "claim", "note", reference=reference)
    await chats.give(LI, Reply("called twice"))
    await chats.tap(LI, *steps, reference=reference)
    chats.clock.forward(days=1)
    await chats.give(ANA, Reply("restart"), Reply("restart"))
    return reference


async def wait(chats: Chats, *days: int) -> None:
    """Let time pass, and whatever is due come, and what is old go."""
    for each in days:
        chats.clock.forward(days=each)
        await chats.give(LI)
        await chats.store.purge(AGES, chats.clock.now())
        await chats.give(LI)


@pytest.mark.parametrize("stage", ["visit_booked", "enrolled"])
async def test_silence_takes_no_request_back(chats: Chats, stage: str) -> None:
    """While it is open the conversation stays, too; of one that has ended, what the site has does."""
    await asked(chats, *(("book",) if stage == "visit_booked" else ("book", "enrol")))
    kept, heard = await notes(chats), len(await told(chats, LI))
    await wait(chats, 1, 2, 5, 28, 60)
    assert await on_record(chats) == [(stage, True)]
    assert (await notes(chats), len(await told(chats, LI))) == (kept, heard)
    assert bool(await chats.session(ANA)) == (stage == "visit_booked")
    assert not (await chats.store.verify()).faults


@pytest.mark.parametrize("days", [(1, 2, 28), (1, 2, 28, 90)])
async def test_a_request_that_is_open_again_reaches_its_person(chats: Chats, days: tuple[int, ...]) -> None:
    """Its conversation was given up: the person hears which request it is before the coordinator writes, and both are heard."""
    reference = await asked(chats, "book", "enrol")
    await wait(chats, *days)
    assert await chats.session(ANA) == ""
    await chats.tap(LI, "undo", reference=reference)
    await chats.tap(LI, "write", reference=reference)
    await chats.give(LI, Reply("Can you come on Monday?"))
    await chats.give(ANA, Reply("Yes, I can"))
    assert [event["event"] for event in await told(chats, ANA)] == EVENTS
    assert (await told(chats, LI))[-1] == {"event": "desk.candidate_wrote", "reference": reference}
    await wait(chats, 1, 2, 28, 100)
    assert await on_record(chats) == [("visit_booked", True)]
    await chats.give(ANA, Reply("delete"))
    assert (await told(chats, ANA))[-1]["reference"] == reference
    await chats.give(ANA, Reply("delete"))
    assert await on_record(chats) == [("withdrawn", False)]


async def test_who_has_left_the_staff_hears_nothing_of_whom_they_handed_over(chats: Chats) -> None:
    """Also where the end of that request is undone: their chat is that of no person with a request."""
    await chats.join(LI, Role.STAFF)
    await chats.join(WU, Role.COORDINATOR)
    slips = [f"{question}: {answer}" for question, answer in ELIGIBLE.items() if question != "respondent"]
    await chats.give(LI, Reply("/new HK-012"), *map(Reply, slips), Reply("/refer"))
    (handed,) = await chats.store.sessions_of("referral")
    await chats.tap(WU, "claim", "book", "enrol", reference=handed.address.chat)
    (member,) = [each for each in await members(chats.store) if each.member.role is Role.STAFF]
    await revoke(chats.store, member.id, chats.clock.now())
    await chats.give(LI)
    heard = len(await told(chats, LI))
    await chats.tap(WU, "undo", reference=handed.address.chat)
    assert [state for state, _ in await on_record(chats)] == ["visit_booked"]
    assert len(await told(chats, LI)) == heard
    assert handed.address.chat not in await chats.session(LI)


async def test_who_deletes_is_left_alone(chats: Chats) -> None:
    """Nothing is set to happen any more: days later the chat is as silent as the person is."""
    await chats.give(ANA, Opened(locale="en"), Reply("patient"), Reply("delete"), Reply("delete"))
    await wait(chats, 1, 2, 28)
    assert await chats.session(ANA) == ""
    assert [event["event"] for event in await told(chats, ANA)] == ["deleted"]
