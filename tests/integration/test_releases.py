"""Databases of earlier releases: each is brought up to this one, with all that was in it.

A file of `releases/` is a dump of a database as the program of that version left it when it was killed before a message: a
person who answered some questions, and has not been told the last of it. In that of 0006 two others, Ben and later Cai, have
asked to be contacted by the same address, and a coordinator has claimed Cai's request.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.flows.handoff.letters import ACTORS
from bot.flows.inputs import Command, CommandGiven, Reply
from bot.ports import Address, Inbound, Scope
from bot.services.delivery import Delivery
from bot.services.turns import Turns
from bot.storage import migrate
from bot.storage.database import transaction
from bot.storage.opening import check_database, open_store
from bot.storage.store import SqlStore
from bot.storage.tables import referrals
from tests.integration.chats import running_chats
from tests.integration.conftest import KEY, START
from tests.talks import conversations

RELEASES = sorted(Path(__file__).with_name("releases").glob("*.sql"))
ANA = Address("terminal", "ana")


def test_there_are_the_databases_that_are_meant() -> None:
    """The folder is where this file looks."""
    assert [path.stem for path in RELEASES] == ["0001", "0006"]


@pytest.fixture(params=RELEASES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database as that release left it."""
    file = tmp_path / "prescreen.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(request.param.read_text(encoding="utf-8"))
    return file


async def test_a_database_of_an_earlier_release_goes_on(file: Path, clock: Any, channel: Any) -> None:
    """It is copied first; then what was unsaid is said, and the conversation goes on where it was."""
    async with open_store(str(file), KEY, START) as store:
        delivery = Delivery(store, {"terminal": channel}, clock)
        bot = conversations()
        turns = Turns(store, bot.talk, bot.apologise, clock, delivery.hand_over, marking=delivery.marking)
        jobs = [asyncio.create_task(job) for job in (delivery.run(), turns.run())]
        await delivery.start(sole=True)
        await delivery.settle()
        unsaid = list(channel.sent)
        await turns.take(Inbound(ANA, "new", CommandGiven(Command.BACK)))
        await delivery.settle()
        for job in jobs:
            job.cancel()
    assert [row.message.waiting.question for row in unsaid if row.message.waiting] == ["age"]
    assert channel.sent[-1].message.waiting.question == "respondent"
    assert list(file.parent.glob(f"{file.name}.*.backup"))
    await check_database(str(file), KEY)


async def test_the_copy_made_first_is_what_was_there(file: Path) -> None:
    """Of the release that it was of, and whole."""
    async with open_store(str(file), KEY, START):
        pass
    [copy] = file.parent.glob(f"{file.name}.*.backup")
    with closing(sqlite3.connect(copy)) as before, closing(sqlite3.connect(file)) as after:
        (revision,) = before.execute("SELECT version_num FROM alembic_version").fetchone()
        assert revision < migrate.NEWEST
        inputs = "SELECT channel, chat, message_id FROM inbox ORDER BY id"
        assert before.execute(inputs).fetchall() == after.execute(inputs).fetchall() != []


@pytest.mark.parametrize("file", [path for path in RELEASES if path.stem == "0006"], indirect=True)
async def test_a_referral_that_is_open_since_before_is_the_one_that_the_next_request_follows(
    file: Path, clock: Any
) -> None:
    """One that a coordinator has begun goes on by itself; when the first is deleted, the next becomes the open one."""
    clock.forward(hours=4)
    async with open_store(str(file), KEY, clock.now()) as store, running_chats(store, clock) as chats:
        await chats.screen(Address("test", "dee"), "ben@example.org")
        assert await _stages(store) == {"ben": "requested", "cai": "received", "dee": "repeated"}
        await chats.give(Address("terminal", "ben"), Reply("delete"), Reply("delete"))
        assert await _stages(store) == {"ben": "withdrawn", "cai": "received", "dee": "requested"}
        assert not (await store.verify()).faults
    async with open_store(str(file), KEY, clock.now()) as store:
        assert not await store.due_timers(Scope(ACTORS), clock.now(), 1)


async def _stages(store: SqlStore) -> dict[str, str]:
    """How the referral of each chat stands."""
    async with transaction(store._engine) as connection:
        return dict(map(tuple, await connection.execute(select(referrals.c.chat, referrals.c.state))))
