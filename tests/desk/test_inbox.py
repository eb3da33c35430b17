"""The inbox: what waits first, in its tab, and as many statements for fifty referrals as for one."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from bot.clock import SystemClock
from bot.flows.handoff.people import Role
from bot.services.worklist import NotForYou, Viewer, Wanted, Worklist
from bot.storage.opening import open_store
from tests.desk.at_work import references, step
from tests.desk.candidates import referred
from tests.desk.members import Member, Office
from tests.web.running import Bot


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The staff of a bot of this file's own: what is counted here is nobody else's."""
    bot = Bot(tmp_path_factory.mktemp("inbox")).start()
    office = Office(bot)
    yield office
    office.close()
    assert bot.end() == 0
    assert bot.log == ""


@pytest.fixture(scope="module")
def beijing(office: Office) -> tuple[Member, list[str]]:
    """A coordinator of a site with three referrals: claimed, waiting for three hours, and new."""
    member = office.member("coordinator", "Lin", "beijing")
    made = []
    for _ in range(3):
        referred(office, "beijing")
        made += [each for each in references(member) if each not in made]
    step(member, made[0], "claim", str(uuid.uuid4()))
    with sqlite3.connect(office.bot.folder / "data" / "prescreen.db") as database:
        database.execute(
            "UPDATE referrals SET requested_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-3 hours') WHERE reference = ?",
            (made[1],),
        )
    return member, made


def test_what_waits_longest_stands_first(beijing: tuple[Member, list[str]]) -> None:
    """Then what came last, and what somebody has already."""
    member, (claimed, late, new) = beijing
    assert references(member) == [late, new, claimed]
    assert references(member, "?tab=new") == [late, new]
    assert references(member, "?tab=late") == [late]
    assert references(member, "?tab=mine") == [claimed]
    assert references(member, "?tab=ended") == []
    assert references(member, "?stage=received") == [claimed]
    assert references(member, "?verdict=not_eligible") == []
    assert "3 hours ago" in member.get("/desk/inbox?tab=late")


def test_the_tabs_count(beijing: tuple[Member, list[str]]) -> None:
    """Whatever tab is open."""
    counts = dict(re.findall(r"tab=(\w+)[^>]*>[^<]*<b>(\d+)</b>", beijing[0].get("/desk/inbox?tab=ended")))
    assert counts == {"open": "3", "new": "2", "late": "1", "mine": "1", "ended": "0"}


@pytest.mark.parametrize("query", ["?tab=secret", "?page=-1", "?page=x", "?stage=cured", "?verdict=cured"])
def test_an_address_that_asks_for_nothing_there_is_is_refused(beijing: tuple[Member, list[str]], query: str) -> None:
    """It is no server error, and shows nothing."""
    assert beijing[0].client.get(f"/desk/inbox{query}").status_code == 400


def test_a_manager_narrows_down_to_a_site(office: Office, beijing: tuple[Member, list[str]]) -> None:
    """All sites are seen, or one."""
    manager = office.member("manager", "Overview")
    assert set(references(manager)) >= set(beijing[1])
    assert sorted(references(manager, "?site=beijing")) == sorted(beijing[1])


async def test_a_page_is_a_fixed_number_of_statements(office: Office, beijing: tuple[Member, list[str]]) -> None:  # noqa: ARG001 - what is read
    """Three, however many referrals there are; and no role but those who work with referrals gets as far."""
    data = office.bot.folder / "data"
    key = (data / "prescreen.db.key").read_text().strip()
    statements: list[str] = []
    async with open_store(str(data / "prescreen.db"), key, SystemClock().now()) as store:
        event.listen(store._engine.sync_engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
        worklist = Worklist(store.worklist, store.audit)
        listing = await worklist.listing(Viewer("m", Role.COORDINATOR, "beijing"), Wanted(), SystemClock().now())
        assert len(listing.lines) == 3
        assert len([each for each in statements if each.startswith("SELECT")]) == 3
        for role in (Role.STAFF, Role.ADMINISTRATOR):
            with pytest.raises(NotForYou):
                await worklist.listing(Viewer("m", role, None), Wanted(), SystemClock().now())
