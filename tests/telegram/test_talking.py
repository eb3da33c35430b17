"""Talking by Telegram: buttons, typed answers, edits, contacts, pictures, files, groups."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.channels.telegram.documents import LARGEST
from bot.channels.telegram.options import NAME
from bot.ports import Address
from tests.telegram.conftest import Bot, Start
from tests.telegram.people import PATIENCE, People, Person
from tests.telegram.server import Json, TelegramServer

HOUR = 3_600.0


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        await asyncio.sleep(0.005)


async def at_age(ana: Person) -> Json:
    """A conversation up to the question for the age; the message that asks it."""
    ana.type("/start l_en-4scar7u")
    who = await ana.hears("Who is answering")
    ana.tap(who, ana.buttons(who)["patient"])
    consent = await ana.hears("May I ask you")
    ana.tap(consent, ana.buttons(consent)["yes"])
    return await ana.hears("How old are you")


async def test_the_choice_is_shown_in_place_of_the_buttons(
    server: TelegramServer, people: People, start: Start
) -> None:
    """And the tap is answered, without a word."""
    ana = people.meet(1)
    async with start():
        ana.type("/start l_en-4scar7u")
        who = await ana.hears("Who is answering")
        query = ana.tap(who, ana.buttons(who)["patient"])
        kept = server.messages[1, who["message_id"]]
        await until(lambda: kept["text"].endswith("\n\n✓ I am the patient"))
        assert "reply_markup" not in kept
        await until(lambda: server.queries[query])
        assert "text" not in server.queries[query][0]


async def test_a_typed_answer_takes_the_buttons_away(server: TelegramServer, people: People, start: Start) -> None:
    """What is typed is seen in the chat itself."""
    ana = people.meet(1)
    async with start():
        ana.type("/start l_en-4scar7u")
        who = await ana.hears("Who is answering")
        ana.type("I am the patient")
        await ana.hears("May I ask you")
        await until(lambda: "reply_markup" not in server.messages[1, who["message_id"]])


async def test_two_taps_on_one_button_are_one_answer(server: TelegramServer, people: People, start: Start) -> None:
    """Both are answered; the second changes nothing and shows nothing."""
    ana = people.meet(1)
    async with start():
        ana.type("/start l_en-4scar7u")
        who = await ana.hears("Who is answering")
        data = ana.buttons(who)
        queries = [ana.tap(who, data["patient"]), ana.tap(who, data["caregiver"])]
        await until(lambda: all(server.queries[each] for each in queries))
        await ana.hears("May I ask you")
        await until(lambda: server.messages[1, who["message_id"]]["text"].endswith("✓ I am the patient"))
        ana.type("/review")
        review = await ana.hears("Who is answering: ")
        assert "I am the patient" in review["text"]


async def test_an_old_button_is_answered_and_never_applied(
    server: TelegramServer, people: People, start: Start
) -> None:
    """Also one of a conversation that has been deleted, at the same step."""
    ana = people.meet(1)
    async with start():
        ana.type("/start l_en-4scar7u")
        who = await ana.hears("Who is answering")
        old = ana.buttons(who)["patient"]
        ana.type("/delete")
        ask = await ana.hears("delete", after=len(ana.inbox))
        ana.tap(ask, ana.buttons(ask)["delete"])
        await until(lambda: any("delete" not in ana.buttons(each) for each in ana.inbox[-1:]))
        seen = len(ana.inbox)
        ana.type("/start l_en-4scar7u")
        again = await ana.hears("Who is answering", after=seen)
        query = ana.tap(who, old)
        await ana.hears("Who is answering", after=ana.inbox.index(again) + 1)
        await until(lambda: server.queries[query])
        assert not any("May I ask you" in each["text"] for each in ana.inbox)


async def test_a_foreign_button_is_answered_with_a_word(server: TelegramServer, people: People, start: Start) -> None:
    """It never reaches a conversation."""
    ana = people.meet(1, "es")
    async with start():
        query = ana.tap({"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}, "vote:3")
        await until(lambda: server.queries[query])
        assert server.queries[query][0]["text"].startswith("Este botón ya no sirve")
    assert ana.inbox == []


async def test_an_answer_is_changed_where_it_is_read_back(people: People, start: Start) -> None:
    """By the button beside it, also when the talk has gone on."""
    ana = people.meet(1)
    async with start():
        await at_age(ana)
        ana.type("34")
        read_back = await ana.hears("Age: 34 years")
        await ana.hears("What is your sex")
        seen = len(ana.inbox)
        ana.tap(read_back, ana.buttons(read_back)["change.age"])
        asked = await ana.hears("How old are you", after=seen)
        assert "34 years" in asked["text"]


async def test_an_edited_message_corrects_its_answer(people: People, start: Start) -> None:
    """What was read before, and what is read now, are both told."""
    ana = people.meet(1)
    async with start():
        await at_age(ana)
        sent = ana.type("34")
        await ana.hears("What is your sex")
        ana.edit(sent, "35")
        told = await ana.hears("35 years")
        assert "34 years" in told["text"]


async def test_a_figure_that_is_not_read_is_asked_for_with_a_hint(people: People, start: Start) -> None:
    """The keyboard opens; the buttons of the question stay good."""
    ana = people.meet(1)
    async with start():
        await at_age(ana)
        for choice in ("34", "male", "no", "no", "no", "yes", "90", "no", "no", "yes"):
            seen = len(ana.inbox)
            ana.type(choice)
            await until(lambda seen=seen: any("Question" in each["text"] for each in ana.inbox[seen:]))
        asked = await ana.hears("LVEF")
        ana.type("purple")
        again = await ana.hears("For example", after=ana.inbox.index(asked))
        assert again["markup"]["input_field_placeholder"] == "The number and its unit"
        ana.tap(asked, ana.buttons(asked)["unknown"])
        await ana.hears("oxygen saturation")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}, "a photo"),
        ({"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}}, "a voice message"),
    ],
)
async def test_what_is_no_text_is_answered_with_what_to_do(
    people: People, start: Start, content: Json, words: str
) -> None:
    """And the question is put again."""
    ana = people.meet(1)
    async with start():
        await at_age(ana)
        seen = len(ana.inbox)
        ana.send(**content)
        told = await ana.hears(words, after=seen)
        assert "type" in told["text"]
        await ana.hears("How old are you", after=ana.inbox.index(told))


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"Hb 110 g/L\nCreatinine 70 umol/L", True),
        (b"Hb 110 g/L\n" + b" " * LARGEST, False),
        ("血红蛋白".encode("gb18030"), False),
    ],
)
async def test_a_small_text_file_is_read_as_if_typed(
    server: TelegramServer, people: People, start: Start, content: bytes, read: bool
) -> None:
    """A slip in it becomes a table; one that is too large or unreadable is refused like any other file."""
    ana = people.meet(1)
    server.files["slip"] = content
    document = {"file_id": "slip", "file_unique_id": "u", "file_name": "slip.txt", "file_size": len(content)}
    async with start():
        await at_age(ana)
        seen = len(ana.inbox)
        ana.send(document=document)
        answer = await ana.hears("Hemoglobin" if read else "a file", after=seen)
        assert answer["protected"] == read
    assert {"chat_id": "1", "action": "typing"} in server.called("sendChatAction")


async def test_a_group_hears_once_to_write_in_private(server: TelegramServer, start: Start) -> None:
    """However often it is written to, and after a restart too; about health nothing is said there."""
    told: list[Json] = []
    server.on_message = told.append
    message = {
        "message_id": 1,
        "date": int(time.time()),
        "chat": {"id": -77, "type": "supergroup", "title": "Friends"},
        "from": {"id": 1, "is_bot": False, "first_name": "Ana", "language_code": "es"},
        "text": "/start my hemoglobin is 92",
    }
    for _ in range(2):
        async with start():
            server.push("message", message)
            server.push("message", message)
            await until(lambda: not server.updates)
    assert [each["text"].partition(":")[0] for each in told] == ["Escríbame en privado, por favor"]
    assert "https://t.me/prescreen_test_bot" in told[0]["text"]


async def test_a_flood_is_told_once_and_then_not_read(people: People, start: Start) -> None:
    """Others do not notice."""
    ana, ben = people.meet(1), people.meet(2)
    async with start(flood=5):
        await at_age(ana)
        for _ in range(30):
            ana.type("purple")
        ben.type("/start l_en-4scar7u")
        await ben.hears("Who is answering")
        await ana.hears("too much at once")
        await until(lambda: not ana.server.updates)
    assert sum("too much at once" in each["text"] for each in ana.inbox) == 1
    assert len(ana.inbox) < 12


async def test_a_message_that_waited_for_long_is_answered_with_an_excuse(people: People, start: Start) -> None:
    """Once, after what it said was taken."""
    ana = people.meet(1)
    async with start():
        await at_age(ana)
        ana.type("34", age=13 * HOUR)
        ana.type("male", age=13 * HOUR)
        told = await ana.hears("I am sorry that you had to wait")
        await ana.hears("gene therapy", after=ana.inbox.index(told))
        assert sum("sorry" in each["text"] for each in ana.inbox) == 1


async def test_after_more_than_a_day_away_everybody_in_a_conversation_is_told(people: People, start: Start) -> None:
    """Who never wrote or has stopped is left in peace."""
    ana, ben = people.meet(1), people.meet(2)
    async with start() as bot:
        await at_age(ana)
        await at_age(ben)
        ben.type("/stop")
        await until(lambda: "resume" in ben.buttons(ben.inbox[-1]))
        await _was_away(bot, hours=25)
    seen = len(ana.inbox), len(ben.inbox)
    async with start():
        told = await ana.hears("more than a day", after=seen[0])
        await ana.hears("How old are you", after=ana.inbox.index(told))
    assert len(ben.inbox) == seen[1]


async def _was_away(bot: Bot, hours: float) -> None:
    await bot.services.store.listening(NAME, bot.services.clock.now() - timedelta(hours=hours))


async def test_the_verdict_and_the_answers_cannot_be_passed_on(people: People, start: Start) -> None:
    """Questions can."""
    ana = people.meet(1)
    async with start():
        asked = await at_age(ana)
        assert not asked["protected"]
        ana.type("/review")
        assert (await ana.hears("These are your answers"))["protected"]


async def test_a_person_is_one_conversation_a_chat(people: People, start: Start) -> None:
    """What one says is nothing to another."""
    ana, ben = people.meet(1), people.meet(2)
    async with start() as bot:
        await at_age(ana)
        ben.type("34")
        await ben.hears("language")
        async with bot.services.store.transaction() as transaction:
            found = await transaction.sessions([Address(NAME, "1"), Address(NAME, "2")])
    assert {address.chat: kept.state for address, kept in found.items()} == {"1": "asking", "2": "choosing_language"}
