"""What can go wrong between the bot and Telegram, before and after a call has its effect."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.telegram.conftest import Start
from tests.telegram.people import People, Person
from tests.telegram.screenings import Screening
from tests.telegram.server import Fault, TelegramServer
from tests.telegram.test_talking import at_age, until

FAULTS = [429, 500, 502, "reset"]


async def opened(ana: Person) -> None:
    """A conversation whose first message has come."""
    ana.type("/start l_en-4scar7u")
    await ana.hears("Who is answering")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", FAULTS)
async def test_a_message_that_fails_is_sent_again_in_its_place(
    server: TelegramServer, people: People, start: Start, what: int, when: str
) -> None:
    """It is never lost; only where the fault hid that it was sent does it come twice."""
    ana = people.meet(1)
    server.faults.append(Fault("sendMessage", what, when))  # type: ignore[arg-type]
    async with start():
        await opened(ana)
    kinds = ["I am an automatic helper" in each["text"] for each in ana.inbox]
    assert kinds == ([True, True, False] if when == "after" else [True, False])


@pytest.mark.parametrize("what", [*FAULTS, 409])
async def test_updates_are_fetched_again_after_a_fault(
    server: TelegramServer, people: People, start: Start, what: int
) -> None:
    """An answer that is lost on its way loses no update."""
    ana = people.meet(1)
    server.faults += [Fault("getUpdates", what), Fault("getUpdates", what, "after")]  # type: ignore[arg-type]
    async with start():
        await opened(ana)
    assert len(ana.inbox) == 2


async def test_the_wait_that_telegram_asks_for_is_kept(server: TelegramServer, people: People, start: Start) -> None:
    """Nothing is sent to the chat before; other chats do not wait."""
    ana, ben = people.meet(1), people.meet(2)
    server.faults.append(Fault("sendMessage", 429, retry_after=2, chat=1))
    async with start():
        ana.type("/start l_en-4scar7u")
        ben.type("/start l_en-4scar7u")
        await ben.hears("Who is answering")
        assert ana.inbox == []
        await ana.hears("Who is answering")
    first, second = [at for at, method, given in server.calls if method == "sendMessage" and given["chat_id"] == "1"][
        :2
    ]
    assert second - first >= 2


@pytest.mark.parametrize(
    ("code", "description"),
    [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: chat not found")],
)
async def test_a_chat_that_is_gone_is_written_to_no_more(
    server: TelegramServer, people: People, start: Start, code: int, description: str
) -> None:
    """Until the person comes back: then the conversation goes on."""
    ana = people.meet(1)
    async with start() as bot:
        await at_age(ana)
        seen = len(ana.inbox)
        server.faults.append(Fault("sendMessage", code, description=description))
        ana.type("34")
        await until(lambda: not server.faults[0].times)
        await bot.services.delivery.settle()
        assert len(ana.inbox) == seen
        ana.type("/start")
        await ana.hears("What is your sex")


@pytest.mark.parametrize("method", ["editMessageText", "editMessageReplyMarkup", "answerCallbackQuery"])
@pytest.mark.parametrize("what", [400, 429, 500, "reset"])
async def test_what_only_tidies_up_may_fail(
    server: TelegramServer, people: People, start: Start, method: str, what: int
) -> None:
    """The conversation goes on."""
    ana = people.meet(1)
    server.faults.append(Fault(method, what, times=100, description="Bad Request: message is not modified"))
    async with start():
        await at_age(ana)
        ana.type("34")
        await ana.hears("What is your sex")


async def test_limits_are_kept_once_telegram_has_named_them(
    people: People, server: TelegramServer, start: Start
) -> None:
    """People at the same time against a server with limits: all arrive, and few calls are refused."""
    server.per_chat, server.overall = (3, 1.0), (20, 1.0)
    screenings = [Screening(people.meet(number)) for number in range(1, 5)]
    async with start(rate=15.0, chat_rate=2.5):
        for screening in screenings:
            screening.begin("l_en-4scar7u")
        await asyncio.gather(*(each.finish() for each in screenings))
    sent = len(server.called("sendMessage"))
    taken = sum(len(each.person.inbox) for each in screenings)
    assert sent - taken < taken / 10


async def test_a_noisy_chat_makes_nobody_wait(server: TelegramServer, people: People, start: Start) -> None:
    """Its own messages wait for their turn; another's come at once."""
    server.per_chat = (1, 1.0)
    ana, ben = people.meet(1), people.meet(2)
    async with start():
        await opened(ana)
        for _ in range(20):
            ana.type("purple")
        ben.type("/start l_en-4scar7u")
        await ben.hears("Who is answering")
        heard = len(ana.inbox)
    assert heard < 10


async def test_a_server_that_is_down_at_the_start_is_waited_for(
    server: TelegramServer, people: People, start: Start
) -> None:
    """And then all goes on."""
    server.faults.append(Fault("getMe", 502, times=1))
    ana = people.meet(1)
    async with start():
        await opened(ana)


async def test_a_hanging_call_is_given_up(
    server: TelegramServer, people: People, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is sent again after the time for an answer is over."""
    monkeypatch.setattr("bot.channels.telegram.request.READ_SECONDS", 0.3)
    server.faults.append(Fault("sendMessage", "hang"))
    ana = people.meet(1)
    began = time.monotonic()
    async with start():
        await opened(ana)
    assert time.monotonic() - began >= 0.3
