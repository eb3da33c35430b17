"""The pages of the web server in this process, on any database: who works at the desk, and who asks to be contacted."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from bot.bootstrap import Running, load_conversations, running
from bot.channels.desk import NAME as DESK
from bot.channels.http.hub import Hub
from bot.channels.web import NAME as WEB
from bot.cli.serve import _desk, _server
from bot.flows.handoff.people import Role
from bot.flows.inputs import Opened, Reply
from bot.ports import Address, Inbound
from bot.services.staff import AtOnce, invite
from bot.settings import load_settings
from tests.desk.members import Phone, csrf
from tests.integration.conftest import KEY
from tests.talks import ELIGIBLE

ORIGIN = "http://prescreen.example"
PATIENCE = 20.0  # seconds, for a slow machine


@dataclass
class Pages:
    """The web server's application, and the services behind it."""

    services: Running
    transport: httpx.ASGITransport
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def visitor(self) -> httpx.AsyncClient:
        """A browser of somebody who is not signed in."""
        headers = {"Origin": ORIGIN, "Accept": "text/html", "Accept-Language": "en"}
        client = httpx.AsyncClient(transport=self.transport, base_url=ORIGIN, headers=headers, timeout=PATIENCE)
        self.clients.append(client)
        return client

    async def member(self, role: Role, name: str, site: str | None = None) -> Member:
        """Somebody who has joined, and is signed in."""
        store, now = AtOnce(self.services.store, self.services.news), self.services.clock.now()
        return await self.come_in(await invite(store, now, role=role, site=site, name=name))

    async def come_in(self, code: str) -> Member:
        """Show a link, set the app up, and be signed in."""
        client = self.visitor()
        async with asyncio.timeout(PATIENCE):
            while (await client.post("/desk/sign-in", data={"code": code})).status_code != 303:
                await asyncio.sleep(0.02)  # the invitation is on its way
        page = (await client.get("/desk/factor")).text
        key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
        assert key is not None
        digits = Phone(key[1].replace(" ", "")).code()
        assert (await client.post("/desk/factor", data={"csrf": csrf(page), "code": digits})).status_code == 200
        return Member(client)

    async def referred(self, site: str) -> str:
        """A candidate answers everything, and asks a site to be contacted; the reference."""
        chat, take, store = Address(WEB, uuid.uuid4().hex), self.services.turns.take, self.services.store
        ways = {"choosing_site": site, "giving_name": "Ana Example", "choosing_reach": "chat"}
        await take(Inbound(chat, "0", Opened(locale="en")))
        for number in range(1, 80):
            said = [row.message for row in await store.said(chat)]
            told = next((each.event["reference"] for each in said if each.event["event"] == "referral_requested"), None)
            if told is not None:
                return str(told)
            waiting = next(each.waiting for each in reversed(said) if each.waiting is not None)
            first = waiting.choices[0].id if waiting.choices else ""
            reply = ELIGIBLE.get(waiting.question or "", ways.get(waiting.state, first))
            await take(Inbound(chat, str(number), Reply(reply)))
        raise AssertionError("never came to a referral")


@dataclass
class Member:
    """Somebody at the desk."""

    client: httpx.AsyncClient

    async def get(self, path: str) -> str:
        """A page."""
        return (await self.client.get(path)).text

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of ours."""
        return await self.client.post(path, data={"csrf": csrf(await self.get("/desk/account")), **fields})

    async def step(self, reference: str, action: str, **more: str) -> httpx.Response:
        """Send the form of a step."""
        nonce = str(uuid.uuid4())
        return await self.post(f"/desk/referral/{reference}/step", action=action, message=nonce, **more)

    async def lists(self, query: str = "") -> list[str]:
        """What the inbox lists, in order."""
        return re.findall(r'href="/desk/referral/([0-9A-Z-]+)"', await self.get(f"/desk/inbox{query}"))


@asynccontextmanager
async def served(database: str, **given: object) -> AsyncIterator[Pages]:
    """The pages on a database. `given`: settings."""
    settings = load_settings(database=database, key=KEY, **given)
    conversations = load_conversations(settings)
    hubs = (Hub(WEB), Hub(DESK))
    keeping = {WEB: hubs[0].hand_over, DESK: hubs[1].hand_over}
    async with running(settings, conversations, {}, keeping=keeping) as services:
        server = _server(settings, conversations, services, hubs, [_desk(settings, conversations, services, hubs[1])])
        pages = Pages(services, httpx.ASGITransport(server.config.app, client=("127.0.0.1", 1)))  # type: ignore[arg-type]
        try:
            yield pages
        finally:
            for client in pages.clients:
                await client.aclose()
