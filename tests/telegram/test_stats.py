"""`/stats`: the figures of the prescreening log in a chat of staff, as pictures and in words."""

from __future__ import annotations

import io
import json
import sys

import pytest
from PIL import Image
from sqlalchemy import insert

from bot.channels.telegram.options import NAME
from bot.flows.handoff.figures import Wanted
from bot.flows.handoff.people import Role
from bot.flows.inputs import FIGURES
from bot.ports import Address, Scope, TimerRow
from bot.services.staff import invite, members, revoke
from bot.speech.catalogue import Catalogue
from bot.storage.tables import prescreenings
from tests.telegram.conftest import Bot, Start
from tests.telegram.people import People, Person
from tests.telegram.server import TelegramServer
from tests.telegram.test_handoff import join, referred
from tests.telegram.test_talking import until

LINES = (("likely_eligible", "", "haikou"), ("not_eligible", "E03a", "haikou"), ("not_yet", "E05", "beijing"))


async def joined(bot: Bot, person: Person, role: Role, site: str | None = None) -> None:
    """A person becomes a member of staff in that role."""
    code = await invite(bot.services.store, bot.services.clock.now(), role=role, site=site, name="M")
    person.type(f"/join {code}")
    await person.hears(Catalogue().text(person.language, f"desk.joined.{role}"))


async def logged(bot: Bot) -> None:
    """Some screenings are in the log."""
    now = bot.services.clock.now()
    rows = [
        {"id": f"p{number}", "at": now, "trial": "4scar7u", "verdict": verdict, "failing": failing, "site": site}
        for number, (verdict, failing, site) in enumerate(LINES)
    ]
    async with bot.services.store._engine.begin() as connection:
        await connection.execute(insert(prescreenings), rows)


async def asked(person: Person, command: str, hears: str) -> str:
    """What is answered to a command, with these words in it."""
    heard = len(person.inbox)
    person.type(command)
    return str((await person.hears(hears, heard))["text"])


async def test_a_coordinator_gets_the_figures_of_their_own_site(
    server: TelegramServer, people: People, start: Start
) -> None:
    """Two pictures, each with its counts in words; whoever is of another site, whatever is typed, is not among them."""
    ana, li = people.meet(100), people.meet(501)
    async with start() as bot:
        await logged(bot)
        await join(bot, li, "Dr. Li")
        await referred(ana)
        flow = await asked(li, "/stats haikou", "so far")
        week = await asked(li, "/stats", "Week of")
        await until(lambda: len(server.uploads) == 4)
        assert flow.splitlines()[0] == "Shenzhen, Guangdong, China: pre-screening so far"
        assert "Pre-screened (n = 1)" in flow
        assert flow.endswith("Referred to a site (n = 1)\n– new, nobody has it yet: 1")
        assert week.endswith("1 pre-screened, 1 may be eligible, 1 referred")
        for picture in server.uploads:
            assert Image.open(io.BytesIO(picture)).format == "PNG"


async def test_a_manager_gets_all_sites_or_the_one_that_is_named(people: People, start: Start) -> None:
    """One that there is not is told, with those that there are."""
    boss = people.meet(501)
    async with start() as bot:
        await logged(bot)
        await joined(bot, boss, Role.MANAGER)
        whole = await asked(boss, "/stats", "All sites")
        assert "Pre-screened (n = 3)" in whole
        assert "– E03a: 1" in whole
        one = await asked(boss, "/stats Haikou", "so far")
        assert "Pre-screened (n = 2)" in one
        assert "Haikou" in one.splitlines()[0]
        nobody = await asked(boss, "/stats shenzhen", "nobody has been pre-screened yet")
        assert "Shenzhen" in nobody
        assert "haikou, beijing" in await asked(boss, "/stats atlantis", "There is no such site")


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMINISTRATOR])
async def test_who_works_with_no_referrals_gets_no_figures(
    server: TelegramServer, people: People, start: Start, role: Role
) -> None:
    """Nor does anybody who is no member of staff; both are told so."""
    ma, ana = people.meet(501), people.meet(100)
    async with start() as bot:
        await logged(bot)
        await joined(bot, ma, role, "haikou" if role is Role.STAFF else None)
        await asked(ma, "/stats", "Only coordinators and managers")
        await asked(ana, "/stats", "only for members of the study team")
        assert server.uploads == []


async def test_figures_that_a_crash_left_waiting_come_after_it(people: People, start: Start) -> None:
    """The wish is on record until the turn that says them, once."""
    li = people.meet(501)
    async with start() as bot:
        await logged(bot)
        await joined(bot, li, Role.COORDINATOR, "haikou")
        wish = Wanted(site="haikou", locale="en").model_dump_json()
        await bot.services.store.post([TimerRow(FIGURES, bot.services.clock.now(), wish, Address(NAME, str(li.id)))])
    async with start() as bot:
        await li.hears("Pre-screened (n = 2)")
        await li.hears("Week of")
        assert await bot.services.store.due_timers(Scope((NAME,)), bot.services.clock.now(), 1) == []
    assert sum("so far" in each["text"] for each in li.inbox) == 1


async def test_whoever_has_left_meanwhile_gets_no_figures(server: TelegramServer, people: People, start: Start) -> None:
    """The wish goes with the membership."""
    li = people.meet(501)
    async with start() as bot:
        await logged(bot)
        await joined(bot, li, Role.COORDINATOR, "haikou")
        [member] = await members(bot.services.store)
        await revoke(bot.services.store, member.id, bot.services.clock.now())
        bot.services.news.set()
        await li.hears(Catalogue().text("en", "desk.dismissed"))
        await asked(li, "/stats", "only for members of the study team")
        assert server.uploads == []


async def test_without_the_drawing_library_the_counts_come_alone(
    server: TelegramServer, people: People, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is a matter of pictures, not of what they say."""
    monkeypatch.setitem(sys.modules, "PIL", None)
    boss = people.meet(501)
    async with start() as bot:
        await logged(bot)
        await joined(bot, boss, Role.MANAGER)
        assert "Pre-screened (n = 3)" in await asked(boss, "/stats", "All sites")
        await boss.hears("Week of")
        assert server.called("sendPhoto") == []


@pytest.mark.parametrize(("role", "offered"), [(Role.COORDINATOR, True), (Role.STAFF, False)])
async def test_the_menu_offers_figures_to_those_who_may_have_them(
    server: TelegramServer, people: People, start: Start, role: Role, offered: bool
) -> None:
    """In the chats of the others the command does not stand."""
    li = people.meet(501)
    async with start() as bot:
        await joined(bot, li, role, "haikou")

        def menu() -> list[str]:
            calls = server.called("setMyCommands")
            own = [call for call in calls if json.loads(call["scope"])["type"] == "chat"]
            return [each["command"] for call in own for each in json.loads(call["commands"])]

        await until(menu)
        assert ("stats" in menu()) is offered
