"""The chats of the hand-off on a store, and people who use them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.desk import MARK
from bot.flows.handoff.letters import ACTORS
from bot.flows.handoff.moves import Rules
from bot.flows.handoff.people import Role
from bot.flows.inputs import ButtonPressed, Input, Joining, Opened, Reply
from bot.ports import Address, Inbound, Scope
from bot.services.handoff import HandOffs
from bot.services.staff import invite
from bot.services.talk import Conversations
from bot.services.timers import Timers
from bot.services.turns import Turns
from bot.storage.store import SqlStore
from tests.integration.conftest import Clock
from tests.post_office import book
from tests.talks import ELIGIBLE, conversations

EVERYWHERE = Scope(("test", *ACTORS, "mail", "webhook"))


class Chats:
    """The hand-off's chats on a store."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        talking = Conversations(conversations().subjects, new_id=lambda: uuid.uuid4().hex, at_hand=0)
        chats = HandOffs(talking, Rules(book()))
        self.turns = Turns(store, chats.talk, chats.apologise, clock, lambda _: None)
        self.firing = [Timers(store, EVERYWHERE, self.turns.take, clock) for _ in range(2)]

    async def give(self, address: Address, *entries: Input) -> None:
        """Give inputs to a chat, and carry all letters, by two processes at once."""
        for entry in entries:
            await self.turns.take(Inbound(address, uuid.uuid4().hex, entry))
        while any(await asyncio.gather(*(each.fire_due() for each in self.firing))):
            pass

    async def screen(self, address: Address, reach: str, *, at_once: bool = False) -> None:
        """A person answers everything and asks to be contacted. `at_once`: and deletes it all before any letter has come."""
        await self.give(address, Opened(locale="en"), Reply("patient"), Reply("yes"))
        await self.ask(address, reach, at_once=at_once)

    async def ask(self, address: Address, reach: str, *, at_once: bool = False) -> None:
        """A person who has begun answers the rest, and asks to be contacted."""
        for _ in ELIGIBLE:
            asked = (await self.session(address)).split('"question":"')
            if len(asked) == 1:
                break
            await self.give(address, Reply(ELIGIBLE[asked[1].split('"')[0]]))
        last = ("delete", "delete") if at_once else ()
        await self.give(address, *(Reply(text) for text in ("assess", "haikou", "yes", "Ana", reach, *last)))

    async def session(self, address: Address) -> str:
        """What is kept of a chat; empty where it was erased."""
        async with self.store.transaction() as opened:
            return (await opened.sessions([address]))[address].session or ""

    async def join(self, address: Address, role: Role) -> None:
        """Somebody of the staff of the site joins in a chat."""
        code = await invite(self.store, self.clock.now(), role=role, site="haikou", name="Li")
        await self.give(address, Joining(digest_of(code) or "", "Li", "en"))

    async def tap(self, address: Address, *words: str, reference: str) -> None:
        """They tap buttons of a card."""
        await self.give(address, *(ButtonPressed(f"{word}.{reference}", 0, MARK) for word in words))


@asynccontextmanager
async def running_chats(store: SqlStore, clock: Clock) -> AsyncIterator[Chats]:
    """The chats on a store, running."""
    chats = Chats(store, clock)
    task = asyncio.create_task(chats.turns.run())
    yield chats
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
