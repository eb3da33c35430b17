"""How the bot shows itself, and what it never shows: its logs."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.channels.telegram.profile import CANDIDATES
from bot.speech.catalogue import Catalogue, languages
from tests.telegram.conftest import Serving, Start
from tests.telegram.people import People
from tests.telegram.screenings import Screening
from tests.telegram.server import TOKEN, Fault, TelegramServer
from tests.telegram.test_talking import until

PARTS = ("Commands", "Name", "Description", "ShortDescription")


def changes(server: TelegramServer) -> list[str]:
    """The calls that changed the profile."""
    return [method for _, method, _ in server.calls if method.startswith("setMy")]


async def test_the_profile_is_set_in_every_language_once(server: TelegramServer, start: Start) -> None:
    """A second start finds it as it should be and changes nothing."""
    for _ in range(2):
        async with start():
            await until(lambda: len(server.called("getMyShortDescription")) % len(languages()) == 0)
            await until(lambda: len(server.called("getMyShortDescription")) >= len(languages()))
    assert sorted(changes(server)) == sorted(f"setMy{part}" for part in PARTS for _ in languages())
    assert {code for _, code in server.profile} == {"", "es", "zh"}
    menu = server.profile["Commands", "es"]
    assert [each["command"] for each in menu] == [each.value for each in CANDIDATES]
    assert json.loads(server.called("setMyCommands")[0]["scope"]) == {"type": "all_private_chats"}


async def test_what_differs_is_set_again(server: TelegramServer, start: Start) -> None:
    """And only that."""
    async with start():
        await until(lambda: len(server.called("getMyShortDescription")) >= len(languages()))
        await until(lambda: len(changes(server)) == len(PARTS) * len(languages()))
    server.profile["Name", "es"] = "Another name"
    before = len(changes(server))
    async with start():
        await until(lambda: len(changes(server)) > before)
    assert changes(server)[before:] == ["setMyName"]
    assert server.profile["Name", "es"] == Catalogue().text("es", "telegram.name")


async def test_a_profile_that_cannot_be_set_stops_nothing(server: TelegramServer, people: People, start: Start) -> None:
    """Telegram lets names change a few times a day alone."""
    server.faults += [Fault(f"setMy{part}", 429, times=99, retry_after=9_000) for part in PARTS]
    ana = people.meet(1)
    async with start():
        ana.type("/start l_en-4scar7u")
        await ana.hears("Who is answering")


async def test_no_log_has_the_token_or_what_people_write(
    server: TelegramServer, people: People, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not at DEBUG, not of any library, and not where calls fail."""
    stream = io.StringIO()
    root = logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    server.faults += [Fault("sendMessage", 500), Fault("getUpdates", "reset"), Fault("sendMessage", "reset", "after")]
    server.push("message", {"message_id": "unreadable", "text": "secret words"})
    try:
        screening = Screening(people.meet(1), answers={})
        async with start():
            screening.begin("l_en-4scar7u")
            await screening.person.hears("Who is answering")
            screening.person.type("my secret words: 9.2 g/dL")
            await screening.person.hears("answer", after=len(screening.person.inbox) - 1)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    shown = capfd.readouterr()
    logged = stream.getvalue() + shown.out + shown.err
    assert TOKEN not in logged
    assert TOKEN.partition(":")[2] not in logged
    assert "secret words" not in logged
    assert "Who is answering" not in logged


async def test_a_process_at_log_level_debug_keeps_silent_too(people: People, serving: Serving) -> None:
    """The program itself, with a token in a file."""
    token = serving.folder / "token"
    token.write_text(f"{TOKEN}\n")
    del serving.settings["TELEGRAM_BOT_TOKEN"]
    serving.settings |= {"TELEGRAM_BOT_TOKEN_FILE": str(token), "PRESCREEN_LOG_LEVEL": "debug", "PYTHONWARNINGS": ""}
    people.server.faults += [Fault("sendMessage", 500), Fault("getUpdates", 500, "after")]
    ana = people.meet(1)
    await serving.start()
    ana.type("/start l_en-4scar7u")
    await ana.hears("Who is answering")
    assert await serving.stop() == 0
    assert b"message not sent" in serving.output
    assert TOKEN.encode() not in serving.output
    assert b"4scar7u" not in serving.output
