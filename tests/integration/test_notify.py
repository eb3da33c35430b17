"""Word to a site by a real mail server and a real webhook receiver, with the outbox's guarantees."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP

from bot.bootstrap import in_background, load_conversations, running, wires
from bot.flows.inputs import Opened, Reply
from bot.ports import Address, Inbound, Outbound, TalkResult
from bot.ports.channels import Blocked, NotServed, RetryLater
from bot.services.delivery import Delivery
from bot.services.turns import Turns
from bot.settings import load_settings
from bot.speech.message import Message
from bot.storage.opening import open_store
from tests.integration.conftest import Clock
from tests.talks import ELIGIBLE, opened

KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
ANA = Address("nowhere", "ana")


@dataclass
class MailServer:
    """Keeps what it is given; refuses the first `failing` e-mails for now, and `unknown` addresses for good."""

    failing: int = 0
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server's own name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        del server, session, options
        if address.startswith("unknown"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take an e-mail."""
        del server, session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        if self.failing:
            self.failing -= 1
            return "451 later"
        return "250 OK"


@dataclass
class Receiver:
    """A webhook receiver that answers with these codes, then with 204."""

    codes: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Take a post."""
        self.got.append(({key.lower(): each for key, each in request.headers.items()}, await request.read()))
        code = self.codes.pop(0) if self.codes else 204
        return web.Response(status=code, headers={"Retry-After": "7"} if code == 429 else {})


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server on loopback."""
    handler = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="mail.test", loop=loop), "127.0.0.1", 0)
    handler.port = server.sockets[0].getsockname()[1]
    yield handler
    server.close()


@asynccontextmanager
async def receiving(receiver: Receiver, port: int = 0) -> AsyncIterator[str]:
    """The receiver's URL, while it listens."""
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}/hook"
    await runner.cleanup()


async def refer(turns: Turns) -> None:
    """A person answers everything and asks the site in Shenzhen to contact them."""
    talk, number = opened(), 0
    await turns.take(Inbound(ANA, "0", Opened(locale="en")))
    ways = {"choosing_site": "shenzhen", "giving_name": "Ana Example", "choosing_reach": "+86 138 0013 8000"}
    while talk.session.state.value != "finished":
        waiting = talk.waiting
        reply = ELIGIBLE.get(waiting.question or "", ways.get(waiting.state, waiting.choices[0].id))
        talk.type(reply)
        number += 1
        await turns.take(Inbound(ANA, str(number), Reply(reply)))


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def until(holds: Any) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


async def test_a_referral_is_told_by_mail_and_webhook_until_both_have_it(
    mail_server: MailServer, tmp_path: Path
) -> None:
    """Each fails once and gets it again with the same id; nothing about the person is in either."""
    mail_server.failing, receiver = 1, Receiver([500])
    async with receiving(receiver) as url:
        sites = tmp_path / "sites.yaml"
        contacts = f'{{email: [desk@example.org], webhook: "{url}"}}'
        site = f"{{id: shenzhen, name: A, city: A, timezone: Asia/Shanghai, contacts: {contacts}}}"
        sites.write_text(f"spec_version: 1\nsites:\n  - {site}\n", encoding="utf-8")
        settings = load_settings(
            database=str(tmp_path / "prescreen.db"),
            sites=sites,
            smtp=f"smtp+plain://127.0.0.1:{mail_server.port}",
            mail_from="bot@example.org",
            webhook_secret=SECRET,
        )
        async with wires(settings) as channels, running(settings, load_conversations(settings), channels) as services:
            await refer(services.turns)
            await until(lambda: len(mail_server.mails) >= 2 and len(receiver.got) >= 2)
    first, second = mail_server.mails[:2]
    assert first["Message-ID"] == second["Message-ID"]
    assert first["To"] == "desk@example.org"
    assert {part.get_content_type() for part in second.iter_parts()} == {"text/plain", "text/html"}
    headers, body = receiver.got[1]
    assert headers["webhook-id"] == receiver.got[0][0]["webhook-id"]
    assert body == receiver.got[0][1]
    assert headers["webhook-signature"] == signature(headers, body)
    data = json.loads(body)["data"]
    assert (data["stage"], data["status"], data["site"]) == ("requested", "requested", "shenzhen")
    assert str(data["reference"]) in str(first["Subject"])
    for text in (second.as_string(), body.decode()):
        assert not any(word in text for word in ("Ana", "8613800138000", "138 0013", "110 g", "eligible"))


def signature(headers: dict[str, str], body: bytes) -> str:
    """The signature as Standard Webhooks describes it."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(KEY, content, hashlib.sha256).digest()).decode()}"


def outbound(channel: str, chat: str) -> Outbound:
    """A message to a site."""
    event = {"event": "mail", "subject": "S", "reference": "R", "at": "2026-11-25T09:00:00+00:00"}
    return Outbound(1, Address(channel, chat), Message("text", event))


async def test_a_receiver_that_asks_to_wait_or_is_gone_is_left_alone(tmp_path: Path) -> None:
    """429 with a time is kept to; 410 ends it."""
    receiver = Receiver([429, 410])
    settings = load_settings(database=str(tmp_path / "p.db"), webhook_secret=SECRET)
    async with receiving(receiver) as url, wires(settings) as channels:
        with pytest.raises(RetryLater) as waiting:
            await channels["webhook"].send(outbound("webhook", url))
        assert waiting.value.seconds == 7
        with pytest.raises(Blocked):
            await channels["webhook"].send(outbound("webhook", url))


async def test_an_address_that_does_not_exist_is_given_up(mail_server: MailServer, tmp_path: Path) -> None:
    """The server refuses it for good."""
    server = f"smtp+plain://127.0.0.1:{mail_server.port}"
    settings = load_settings(database=str(tmp_path / "p.db"), smtp=server, mail_from="bot@example.org")
    async with wires(settings) as channels:
        with pytest.raises(Blocked):
            await channels["mail"].send(outbound("mail", "unknown@example.org"))


@pytest.mark.parametrize(("name", "shared"), [("mail", True), ("webhook", False)])
async def test_what_cannot_be_reached_is_one_server_for_all_or_each_its_own(
    tmp_path: Path, name: str, shared: bool
) -> None:
    """All e-mails have one server, so that where it takes others the fault may be the e-mail's; each webhook has its own."""
    port = free_port()
    chat = "desk@example.org" if name == "mail" else f"http://127.0.0.1:{port}/hook"
    server = f"smtp+plain://127.0.0.1:{port}"
    given = {"smtp": server, "mail_from": "bot@example.org", "webhook_secret": SECRET}
    async with wires(load_settings(database=str(tmp_path / "p.db"), **given)) as channels:
        with pytest.raises(OSError) as raised:  # noqa: PT011 - whatever kind of it
            await channels[name].send(outbound(name, chat))
    assert isinstance(raised.value, NotServed) is shared


def word(*_: object) -> TalkResult:
    """A turn that says one thing to a site."""
    event = {"event": "mail", "subject": "S", "reference": "R", "at": "2026-11-25T09:00:00+00:00"}
    return TalkResult("{}", "open", "", (Message("text", event),))


@pytest.mark.parametrize("name", ["mail", "webhook"])
async def test_a_server_that_is_down_for_a_day_gets_everything_once_it_is_back(
    name: str, tmp_path: Path, clock: Clock
) -> None:
    """Nothing is given up while nobody listens; what comes in the end is one message, with the id that it had."""
    port, mails, receiver = free_port(), MailServer(), Receiver()
    chat = "desk@example.org" if name == "mail" else f"http://127.0.0.1:{port}/hook"
    settings = load_settings(
        database=str(tmp_path / "p.db"),
        smtp=f"smtp+plain://127.0.0.1:{port}",
        mail_from="bot@example.org",
        webhook_secret=SECRET,
    )
    async with wires(settings) as channels, open_store(settings.database, None, clock.now()) as store:
        delivery = Delivery(store, channels, clock)
        turns = Turns(store, word, lambda *_: Message(None, {}), clock, delivery.hand_over, marking=delivery.marking)
        await delivery.start(sole=True)
        async with in_background(delivery.run(), turns.run()):
            await turns.take(Inbound(Address(name, chat), "1", Opened()))
            for _ in range(24):
                await delivery.settle()
                clock.forward(hours=1)
                await delivery.sweep()
            async with listening(name, mails, receiver, port):
                await delivery.settle()
                clock.forward(hours=1)
                await delivery.sweep()
                await until(lambda: mails.mails or receiver.got)
                await delivery.settle()
        await delivery.stop()
    assert len(mails.mails) + len(receiver.got) == 1


@asynccontextmanager
async def listening(name: str, mails: MailServer, receiver: Receiver, port: int) -> AsyncIterator[None]:
    """The mail server, or the receiver, on that port."""
    if name == "webhook":
        async with receiving(receiver, port):
            yield
        return
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mails, hostname="mail.test", loop=loop), "127.0.0.1", port)
    yield
    server.close()
