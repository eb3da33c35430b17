"""Retention: what has come to its age is deleted, nothing of an open referral, and not the prescreening log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.services.retention import Ages
from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from bot.storage.tables import inbox, journal, outbox, prescreenings, referral_steps, referrals, sessions
from tests.integration.conftest import KEY
from tests.integration.filled import ANA, KEPT, fill, say

AGES = Ages(*(timedelta(days=days) for days in (90, 180, 365, 400, 30)))
NOTHING = {
    "conversations": 0,
    "referrals": 0,
    "journal entries": 0,
    "messages": 0,
    "inputs set aside": 0,
    "input ids": 0,
    "codes": 0,
}


@pytest.fixture
async def filled(database: str, clock: Any) -> AsyncIterator[SqlStore]:
    """A store with an open referral of one person, a conversation of another, and a line of the prescreening log."""
    async with open_store(database, KEY, clock.now(), frozenset({"kept"})) as store:
        await fill(store, clock)
        async with store._engine.begin() as connection:
            await connection.execute(update(sessions).values(state="finished"))
            line = {"id": "p1", "at": clock.now(), "trial": "demo", "verdict": "likely_eligible", "failing": ""}
            await connection.execute(insert(prescreenings).values(line))
        yield store


async def number(store: SqlStore, table: Any, *which: Any) -> int:
    """How many such rows there are."""
    async with store._engine.begin() as connection:
        return int((await connection.execute(select(func.count()).select_from(table).where(*which))).scalar_one())


async def test_nothing_goes_before_its_time(filled: SqlStore, clock: Any) -> None:
    """But a code that stood for a secret a quarter of an hour."""
    clock.forward(days=89)
    assert await filled.purge(AGES, clock.now()) == NOTHING | {"codes": 1}


async def test_a_conversation_goes_and_an_open_referral_stays(filled: SqlStore, clock: Any) -> None:
    """However old it is, with its conversation, its journal and its ids; the rest goes step by step."""
    ana = (await filled.log_lines(), await number(filled, journal, journal.c.chat == ANA.chat))
    clock.forward(days=91)
    counts = await filled.purge(AGES, clock.now())
    assert counts["conversations"] == 1
    assert await filled.said(KEPT) == []
    assert await number(filled, sessions, sessions.c.session.is_not(None)) == 1
    clock.forward(days=1_000)
    counts = await filled.purge(AGES, clock.now())
    assert (counts["conversations"], counts["referrals"], counts["input ids"]) == (0, 0, 2)
    assert await number(filled, journal, journal.c.chat == ANA.chat) == ana[1]
    assert await number(filled, referrals, referrals.c.sealed.is_not(None)) == 1
    assert await filled.log_lines() == ana[0]
    assert not (await filled.verify()).faults


async def test_what_a_closed_referral_holds_of_a_person_goes_and_its_steps_stay(filled: SqlStore, clock: Any) -> None:
    """Counted from its last step; that it was, how it ended, and who did what, is kept."""
    clock.forward(days=100)
    await say(filled, clock, ANA, "reject", "never mind")
    clock.forward(days=179)
    assert (await filled.purge(AGES, clock.now()))["referrals"] == 0
    clock.forward(days=2)
    assert (await filled.purge(AGES, clock.now()))["referrals"] == 1
    assert await number(filled, referrals, referrals.c.sealed.is_not(None)) == 0
    assert await number(filled, referral_steps, referral_steps.c.sealed.is_not(None)) == 0
    assert await number(filled, referral_steps) == 2
    assert await number(filled, referrals, referrals.c.state == "not_suitable") == 1
    assert not (await filled.verify()).faults


async def test_the_journal_dead_letters_and_what_was_set_aside_go_in_a_year(filled: SqlStore, clock: Any) -> None:
    """Of chats without an open referral; ids go last, and what comes after them is numbered on."""
    await say(filled, clock, ANA, "reject", "never mind")
    async with filled._engine.begin() as connection:
        await connection.execute(update(outbox).where(outbox.c.number == 1).values(dead="Blocked"))
        await connection.execute(update(sessions).values(state="a state of staff"))
    clock.forward(days=366)
    counts = await filled.purge(AGES, clock.now())
    assert (counts["conversations"], counts["inputs set aside"], counts["input ids"]) == (0, 1, 0)
    assert counts["journal entries"] == await number(filled, inbox) - 1
    assert await number(filled, outbox, outbox.c.dead.is_not(None)) == 0
    clock.forward(days=40)
    assert (await filled.purge(AGES, clock.now()))["input ids"] > 0
    await say(filled, clock, ANA, "hello")
    assert not (await filled.verify()).faults


async def test_a_dry_run_says_what_would_go_and_leaves_it(filled: SqlStore, clock: Any) -> None:
    """The same counts as in earnest, twice."""
    clock.forward(days=2_000)
    would = [await filled.purge(AGES, clock.now(), dry_run=True) for _ in range(2)]
    assert would[0] == would[1] != NOTHING
    assert await filled.purge(AGES, clock.now()) == would[0]
    assert await filled.purge(AGES, clock.now()) == NOTHING


async def test_a_conversation_for_which_something_is_to_happen_stays(filled: SqlStore, clock: Any) -> None:
    """Somebody may come back on the day that a criterion may pass."""
    await say(filled, clock, KEPT, "remind me")
    clock.forward(days=91)
    assert (await filled.purge(AGES, clock.now()))["conversations"] == 0
