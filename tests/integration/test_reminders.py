"""The real conversation's reminders, as the settings have them: each comes once, whatever runs and restarts."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest

from bot.bootstrap import load_conversations
from bot.flows.inputs import Opened
from bot.ports import Address, Inbound, Scope
from bot.services.delivery import Delivery
from bot.services.timers import Timers
from bot.services.turns import Turns
from bot.settings import load_settings
from bot.storage.opening import open_store
from tests.integration.conftest import KEY

ANA = Address("test", "ana")
SCOPE = Scope(("test",))


async def life(database: str, clock: Any, channel: Any, conversations: Any, *inputs: Inbound) -> None:
    """A process: takes inputs, fires what is due until nothing is, and ends."""
    async with open_store(database, KEY, clock.now()) as store:
        delivery = Delivery(store, {"test": channel}, clock)
        turns = Turns(
            store, conversations.talk, conversations.apologise, clock, delivery.hand_over, marking=delivery.marking
        )
        await delivery.start(sole=False)
        jobs = [asyncio.create_task(job) for job in (delivery.run(), turns.run())]
        for inbound in inputs:
            await turns.take(inbound)
        timers = Timers(store, SCOPE, turns.take, clock)
        while await timers.fire_due():
            pass
        await delivery.settle()
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await delivery.stop()


def told(channel: Any) -> list[str]:
    """The reminders that came, and the word that the conversation is over."""
    events = [row.message.event["event"] for row in channel.sent]
    return [event for event in events if event in ("reminded", "expired")]


@pytest.fixture
def conversations(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The bot, with waits of its own."""
    for name, value in {"REMINDERS": "10,20", "EXPIRY_DAYS": "3", "QUIET_HOURS": "none"}.items():
        monkeypatch.setenv(f"PRESCREEN_{name}", value)
    return load_conversations(load_settings())


async def test_reminders_come_once_across_restarts_and_two_processes(
    database: str, clock: Any, channel: Any, conversations: Any
) -> None:
    """Two processes fire at each hour, and end: two reminders, then the end, each at its time and once."""
    await life(database, clock, channel, conversations, Inbound(ANA, "1", Opened(locale="en")))
    heard = {}
    for hour in range(1, 100):
        clock.moment += dt.timedelta(hours=1)
        await asyncio.gather(*(life(database, clock, channel, conversations) for _ in range(1 + (hour % 10 in (0, 2)))))
        for event in told(channel)[len(heard) :]:
            heard[hour] = event
    assert heard == {10: "reminded", 20: "reminded", 72: "expired"}
