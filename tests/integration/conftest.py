"""A store on real databases, and a small conversation to run on it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.flows.inputs import Input, Opened, Reply, TimerFired
from bot.ports import Address, Inbound, Outbound, Referral, TalkResult, TimerRow
from bot.services.delivery import Delivery
from bot.services.turns import Turns
from bot.speech.message import Message
from bot.storage.opening import open_store
from bot.storage.store import SqlStore

KEY = base64.b64encode(bytes(range(32))).decode()
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


# --- databases


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[SqlStore]:
    """An open store on it."""
    async with open_store(database, KEY, clock.now()) as store:
        yield store


# --- time, a conversation, a channel


@dataclass
class Clock:
    """Time that stands still until a test moves it."""

    moment: datetime = START

    def now(self) -> datetime:
        """The moment set."""
        return self.moment

    def forward(self, **units: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**units)


@pytest.fixture
def clock() -> Clock:
    """A clock that the test moves."""
    return Clock()


def keep_replies(session: str | None, address: Address, happened: Input, now: datetime) -> TalkResult:
    """A conversation that keeps every reply and says how many there are. A few words make it do what tests need."""
    replies: list[str] = json.loads(session) if session else []
    timers: tuple[TimerRow, ...] = ()
    referral = None
    match happened:
        case Reply(text="fail"):
            raise ValueError(f"{address.chat} said something secret")
        case Reply(text="forget me"):
            return TalkResult(None, "gone", "", (_said("forgotten"),), withdraws=True)
        case Reply(text="remind me"):
            timers = (TimerRow("reminder", now + timedelta(hours=1), "of the test"),)
        case Reply(text="never mind"):
            timers = (TimerRow("reminder", None),)
        case Reply(text="refer me"):
            referral = Referral(f"REF-{address.chat}", "demo", "here", "likely_eligible", {"replies": list(replies)})
        case Reply(text=text):
            replies.append(text)
        case TimerFired(payload=payload):
            replies.append(f"reminded {payload}")
        case Opened():
            pass
    said = (_said(f"{len(replies)}: {replies[-1] if replies else ''}"), _said("next?"))
    return TalkResult(json.dumps(replies), "asking", "demo", said, timers, referral)


def apologise(session: str | None, _: Address) -> Message:
    """What is said for an input that was set aside."""
    return _said(f"sorry, {len(json.loads(session)) if session else 0} kept")


def _said(text: str) -> Message:
    return Message(text, {"event": "said", "text": text})


@dataclass
class Recorder:
    """A channel that keeps what it is told to say, and fails as the test tells it to."""

    sent: list[Outbound] = field(default_factory=list)
    failing: Callable[[Outbound], Awaitable[None]] | None = None

    async def send(self, outbound: Outbound) -> None:
        """Keep the message, or fail."""
        await asyncio.sleep(0)
        if self.failing is not None:
            await self.failing(outbound)
        self.sent.append(outbound)

    def texts(self, chat: str) -> list[str | None]:
        """What was said in a chat, in order."""
        return [row.message.text for row in self.sent if row.address.chat == chat]


@dataclass
class Pipeline:
    """The services on a store, running."""

    turns: Turns
    delivery: Delivery
    ids: Iterator[int] = field(default_factory=count)

    async def say(self, chat: str, text: str, message_id: str | None = None) -> None:
        """A reply of a chat, taken; with an id of its own unless one is given."""
        number = message_id or f"m{next(self.ids)}"
        await self.turns.take(Inbound(Address("test", chat), number, Reply(text)))


@pytest.fixture
def channel() -> Recorder:
    """A channel that records."""
    return Recorder()


Start = Callable[..., AbstractAsyncContextManager[Pipeline]]


@pytest.fixture
def start(store: SqlStore, clock: Clock, channel: Recorder) -> Start:
    """Starts the services anew, as a process does, and stops them in the middle of what they do."""
    ids = count()

    @asynccontextmanager
    async def running(*, sole: bool = False) -> AsyncIterator[Pipeline]:
        delivery = Delivery(store, {"test": channel}, clock)
        turns = Turns(store, keep_replies, apologise, clock, delivery.hand_over, marking=delivery.marking)
        await delivery.start(sole=sole)
        tasks = [asyncio.create_task(delivery.run()), asyncio.create_task(turns.run())]
        try:
            yield Pipeline(turns, delivery, ids)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await delivery.stop()

    return running


@pytest.fixture
async def pipeline(start: Start) -> AsyncIterator[Pipeline]:
    """The services, running."""
    async with start() as pipeline:
        yield pipeline
