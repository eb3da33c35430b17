"""How updates are received: what is acknowledged, and when."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest
from telegram import Update

from bot.channels.telegram.hearing import hear
from bot.errors import BadSetting, Mendable
from bot.services.turns import Turns
from tests.telegram.conftest import Start
from tests.telegram.people import People
from tests.telegram.server import SECRET, TOKEN, Fault, TelegramServer
from tests.telegram.test_talking import until


async def test_an_update_is_acknowledged_after_its_commit(
    server: TelegramServer, people: People, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the store cannot be used, Telegram keeps it; then it is applied once."""
    ana = people.meet(1)
    commit = Turns._commit
    failures = iter([True] * 3)

    async def failing(self: Turns, batch: list[object]) -> None:
        if next(failures, False):
            raise Mendable("the disk is full")
        await commit(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Turns, "_commit", failing)
    async with start():
        ana.type("/start l_en-4scar7u")
        await until(lambda: len(server.called("getUpdates")) >= 3)
        assert all("offset" not in given for given in server.called("getUpdates"))
        assert len(server.updates) == 1
        await ana.hears("Who is answering")
        await until(lambda: not server.updates)
    assert len(ana.inbox) == 2


async def test_the_first_call_gives_no_offset(server: TelegramServer, people: People, start: Start) -> None:
    """So that nothing is skipped where Telegram numbers updates anew; what comes again is known by its id."""
    ana = people.meet(1)
    async with start():
        ana.type("/start l_en-4scar7u")
        await ana.hears("Who is answering")
    calls = len(server.called("getUpdates"))
    async with start():
        await until(lambda: len(server.called("getUpdates")) > calls)
    assert len(ana.inbox) == 2
    assert "offset" not in server.called("getUpdates")[calls]


async def test_only_what_is_needed_is_asked_for_and_nothing_dropped(server: TelegramServer, start: Start) -> None:
    """Whatever else people do is never sent to the bot."""
    async with start():
        await until(lambda: server.called("getUpdates"))
    given = server.called("getUpdates")[0]
    assert given["allowed_updates"] == '["message", "edited_message", "callback_query", "my_chat_member"]'
    assert not any("drop_pending_updates" in given for _, _, given in server.calls)


async def test_an_update_that_cannot_be_read_does_not_stop_the_others(
    server: TelegramServer, people: People, start: Start
) -> None:
    """It is passed over."""
    ana = people.meet(1)
    server.push("message", {"message_id": "no message"})
    ana.type("/start l_en-4scar7u")
    async with start():
        await ana.hears("Who is answering")
        await until(lambda: not server.updates)


async def test_an_update_that_fails_in_itself_is_given_up_alone(
    server: TelegramServer, people: People, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came with it is taken, and it does not come again."""

    def failing(update: Update) -> object:
        if update.message is not None and update.message.text == "poison":
            raise ZeroDivisionError
        return hear(update)

    monkeypatch.setattr("bot.channels.telegram.intake.hear", failing)
    ana, ben = people.meet(1), people.meet(2)
    ana.type("/start l_en-4scar7u")
    ana.type("poison")
    ben.type("/start l_en-4scar7u")
    async with start():
        await ana.hears("Who is answering")
        await ben.hears("Who is answering")
        await until(lambda: not server.updates)
    assert len(ana.inbox) == len(ben.inbox) == 2


async def test_a_webhook_that_stands_in_the_way_of_polling_is_removed(
    server: TelegramServer, people: People, start: Start
) -> None:
    """And what was waiting for it is not lost."""
    server.webhook = {"url": "http://127.0.0.1:9/gone"}
    ana = people.meet(1)
    ana.type("/start l_en-4scar7u")
    async with start():
        await ana.hears("Who is answering")


async def test_another_process_that_polls_costs_no_update(server: TelegramServer, people: People, start: Start) -> None:
    """Each call of the one ends the other's; once the other is gone, all goes on."""
    ana = people.meet(1)
    async with start():
        await until(lambda: len(server.called("getUpdates")) >= 2)
        async with aiohttp.ClientSession() as rival:
            for _ in range(3):
                async with rival.post(f"{server.base}{TOKEN}/getUpdates", data={"timeout": "1"}) as answer:
                    assert answer.status in (200, 409)
        ana.type("/start l_en-4scar7u")
        await ana.hears("Who is answering")


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_a_token_that_is_refused_ends_the_bot_with_a_clear_word(
    server: TelegramServer, start: Start, method: str
) -> None:
    """At the start, or later; the token itself is in no error."""
    server.faults.append(Fault(method, 401, description="Unauthorized"))
    with pytest.raises(BadSetting, match="TELEGRAM_BOT_TOKEN is not accepted") as caught:
        async with start():
            await asyncio.sleep(60)
    assert TOKEN not in str(caught.value)


# --- webhooks


async def test_a_webhook_is_set_with_a_secret_and_removed_at_the_end(server: TelegramServer, start: Start) -> None:
    """Nothing that waits is dropped by either."""
    async with start(webhook=True):
        await until(lambda: server.webhook)
        assert server.webhook is not None
        assert len(server.webhook["secret_token"]) >= 43
        first = server.webhook["secret_token"]
    assert server.webhook is None
    async with start(webhook=True):
        await until(lambda: server.webhook)
        assert server.webhook["secret_token"] != first
    assert not any("drop_pending_updates" in given for _, _, given in server.calls)


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        (None, b"{}", 401),
        ("wrong", b"{}", 401),
        ("", b"{}", 401),
        ("right", b"not json", 400),
        ("right", b"[" * 100_000, 400),
        ("right", b" " * 1_100_000, 413),
        ("right", b"[]", 200),
        ("right", b'{"update_id": 1, "message": {}}', 200),
    ],
)
async def test_who_may_post_updates(
    server: TelegramServer, start: Start, secret: str | None, body: bytes, status: int
) -> None:
    """Only who knows the secret; what cannot be read is not asked for again."""
    async with start(webhook=True, secret="s" * 43):
        await until(lambda: server.webhook)
        assert server.webhook is not None
        given = {"right": "s" * 43}.get(secret or "", secret)
        headers = {} if given is None else {SECRET: given}
        async with (
            aiohttp.ClientSession() as client,
            client.post(server.webhook["url"], data=io.BytesIO(body), headers=headers) as answer,
        ):
            assert answer.status == status


async def test_an_update_posted_twice_is_applied_once(server: TelegramServer, people: People, start: Start) -> None:
    """Telegram posts again where it did not see the answer."""
    ana = people.meet(1)
    async with start(webhook=True, secret="s" * 43):
        await until(lambda: server.webhook)
        assert server.webhook is not None
        message = {
            "message_id": 5,
            "date": 1,
            "chat": {"id": 1, "type": "private"},
            "from": {"id": 1, "is_bot": False, "first_name": "A"},
            "text": "hello",
        }
        async with aiohttp.ClientSession(headers={SECRET: "s" * 43}) as client:
            for _ in range(3):
                posted = {"update_id": 9, "message": {**message, "date": 2_000_000_000}}
                async with client.post(server.webhook["url"], json=posted) as answer:
                    assert answer.status == 200
        await ana.hears("language")
    assert len(ana.inbox) == 1
