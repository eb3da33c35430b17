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
from tests.telegram.test_photos import Eyes, send, settled
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


async def test_a_photographed_slip_is_read_for_its_patient(
    server: TelegramServer, people: People, start: Start
) -> None:
    """An album with the patient's code under it: the numbered picture and the rows come back, guarded; one tap takes them."""
    server.files |= {"one": b"page 1", "two": b"page 2"}
    ma, eyes = people.meet(501), Eyes()
    async with start(reader=eyes) as bot:
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        shift = Shift(ma)
        await shift.type("/new SZ-012", "SZ-012 ·")
        await shift.type("/new SZ-013", "SZ-013 ·")
        send(ma, "one", album="a", caption="SZ-012")
        send(ma, "two", album="a")
        await ma.hears("SZ-012: reading the picture")
        eyes.may.set()
        screen = await ma.hears("by the numbers drawn in it")
        assert screen["text"].startswith("SZ-012 ·")
        assert screen["protected"]
        assert server.uploads == [eyes.picture]
        assert eyes.read_so_far == [(b"page 1", b"page 2")]
        screen = await shift.tap(screen, "take.1.")
        assert "Read: Hemoglobin" in screen["text"]
        assert "I05" in screen["text"].split("waits for an answer")[0]


async def test_an_album_of_somebody_who_is_not_open_is_read_for_nobody(people: People, start: Start) -> None:
    """The code stands under its first picture alone, and the others are refused with that."""
    ma, eyes = people.meet(501), Eyes()
    async with start(reader=eyes) as bot:
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        shift = Shift(ma)
        await shift.type("/new SZ-012", "SZ-012 ·")
        send(ma, "one", album="a", caption="SZ-099")
        send(ma, "two", album="a")
        await ma.hears("No open patient has that code")
        await shift.type("kps 90", "Read: Karnofsky")
        await settled(bot)
    assert not any("reading the picture" in each["text"] for each in ma.inbox)


async def test_a_bot_that_ends_while_it_reads_a_patients_slip_reads_it_again(
    server: TelegramServer, people: People, start: Start
) -> None:
    """The picture waits for its patient through the restart, and is read back once."""
    server.files["one"] = b"page 1"
    ma, never, eyes = people.meet(501), Eyes(), Eyes()
    eyes.may.set()
    async with start(reader=never) as bot:
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        await Shift(ma).type("/new SZ-012", "SZ-012 ·")
        send(ma, "one")
        await ma.hears("SZ-012: reading the picture")
        await until(lambda: server.called("getFile"))
    async with start(reader=eyes) as bot:
        await ma.hears("by the numbers drawn in it")
        await settled(bot)
    assert sum("by the numbers drawn in it" in each["text"] for each in ma.inbox) == 1


async def test_the_transcript_is_what_is_really_said(tmp_path: Path) -> None:
    """`python -m tests.telegram.bench_transcript` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == await transcript(tmp_path)
