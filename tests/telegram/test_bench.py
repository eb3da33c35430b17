"""Staff pre-screen by Telegram: fast, side by side, and through a restart."""

from __future__ import annotations

import json
from pathlib import Path

from bot.flows.handoff.people import Role
from bot.services.staff import members, revoke
from bot.speech.catalogue import Catalogue
from tests.telegram.bench import Shift, join
from tests.telegram.bench_transcript import PAGE, transcript
from tests.telegram.conftest import Start
from tests.telegram.people import People
from tests.telegram.server import TelegramServer
from tests.telegram.test_talking import until

FEWER_THAN = 12  # messages and taps for a whole screening


async def test_a_screening_from_a_slip_takes_few_taps_and_messages(people: People, start: Start) -> None:
    """From the code to the coordinators: one screen, changed in its place by every tap."""
    ma, li = people.meet(501), people.meet(502)
    async with start() as bot:
        await join(bot, li, Role.COORDINATOR, "Dr. Li")
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        heard = len(ma.inbox)
        shift = Shift(ma)
        screen = await shift.screen_one("SZ-012")
        assert "nothing speaks against it" in screen["text"]
        assert "nothing speaks against it" in (await shift.tap(screen, "refer.1"))["text"]
        card = await li.hears("Referral ")
        assert "SZ-012" not in card["text"]
    assert shift.acts < FEWER_THAN
    assert len(ma.inbox) - heard == 3  # one screen for each message; taps say nothing new


async def test_the_buttons_of_an_earlier_screen_go(people: People, start: Start) -> None:
    """What was typed since stands in a new one; the list shows who is open, and a tap there goes on with them."""
    ma = people.meet(501)
    async with start() as bot:
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        shift = Shift(ma)
        first = await shift.type("/new SZ-012", "SZ-012 ·")
        assert first["protected"]
        await shift.type("kps 90", "Read: Karnofsky")
        await shift.type("/new SZ-013", "SZ-013 ·")
        await bot.services.delivery.settle()
        assert ma.buttons(first) == {}
        listed = await shift.type("/list", "Open patients")
        heard = len(ma.inbox)
        ma.tap(listed, ma.buttons(listed)["open.1"])
        await ma.hears("SZ-012 ·", heard)
        resumed = await shift.type("spo2 97", "Read: Oxygen saturation")
    assert "SZ-012" in resumed["text"]
    assert "I03a I04b" in resumed["text"]


async def test_the_bench_is_as_it_was_after_a_restart(people: People, start: Start) -> None:
    """Buttons that stood before are good after it, for the candidate whose they are."""
    ma = people.meet(501)
    shift = Shift(ma)
    async with start() as bot:
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        first = await shift.type("/new SZ-012", "SZ-012 ·")
        await shift.type("/new SZ-013", "SZ-013 ·")
    async with start():
        screen = await shift.tap(first, "pick.1.hiv.no")
        assert "SZ-012" in screen["text"]
        assert "✓ E03a" in screen["text"]
        other = await shift.type("/new SZ-013", "SZ-013 ·")
        assert "E03a" not in other["text"].split("waits for an answer")[0]


async def test_a_chat_of_staff_has_commands_of_its_own(server: TelegramServer, people: People, start: Start) -> None:
    """As long as it is one."""
    ma = people.meet(501)
    async with start() as bot:
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        scope = {"type": "chat", "chat_id": 501}
        await until(lambda: scope in [json.loads(call["scope"]) for call in server.called("setMyCommands")])
        [member] = await members(bot.services.store)
        await revoke(bot.services.store, member.id, bot.services.clock.now())
        await ma.hears(Catalogue().text("en", "desk.dismissed"))
        await until(lambda: server.called("deleteMyCommands"))
        assert json.loads(server.called("deleteMyCommands")[0]["scope"]) == scope


async def test_the_transcript_is_what_is_really_said(tmp_path: Path) -> None:
    """`python -m tests.telegram.bench_transcript` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == await transcript(tmp_path)
