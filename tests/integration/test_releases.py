"""Databases of earlier releases: each is brought up to this one, with all that was in it.

A file of `releases/` is a dump of a database as that release's program left it when it was killed before a message: a
person who answered some questions, and has not been told the last of it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.flows.inputs import Command, CommandGiven
from bot.ports import Address, Inbound
from bot.services.delivery import Delivery
from bot.services.turns import Turns
from bot.storage import migrate
from bot.storage.opening import check_database, open_store
from tests.integration.conftest import KEY, START
from tests.talks import conversations

RELEASES = sorted(Path(__file__).with_name("releases").glob("*.sql"))
ANA = Address("terminal", "ana")


def test_there_is_a_database_of_the_first_release() -> None:
    """The folder is where this file looks."""
    assert "0001" in [path.stem for path in RELEASES]


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
