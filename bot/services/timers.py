"""Timers: what is due becomes an input of the same pipeline, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import Mendable
from bot.ports import Clock, Inbound, Scope
from bot.ports.storage import Store
from bot.services.unbroken import unbroken

CHECK_SECONDS = 5.0
AT_A_TIME = 200

log = structlog.get_logger()


class Timers:
    """Fires the timers of the scope. That each fires once is the store's doing, in the turn's transaction.

    `news`: set where something may be due right now, such as a letter.
    """

    def __init__(
        self,
        store: Store,
        scope: Scope,
        take: Callable[[Inbound], Awaitable[None]],
        clock: Clock,
        news: asyncio.Event | None = None,
    ) -> None:
        self._store = store
        self._scope = scope
        self._take = take
        self._clock = clock
        self._news = news or asyncio.Event()

    async def fire_due(self) -> int:
        """Hand over the timers that are due, a limited number at a time; how many they were."""
        due = await unbroken(self._store.due_timers(self._scope, self._clock.now(), AT_A_TIME))
        await asyncio.gather(*(self._take(inbound) for inbound in due))
        return len(due)

    async def run(self) -> None:
        """Fire what becomes due, until cancelled."""
        while True:
            try:
                more = await self.fire_due() == AT_A_TIME
            except Mendable as error:
                log.warning("timers not fired, trying again", reason=str(error))
                more = False
            if not more:
                await self._until_news()

    async def _until_news(self) -> None:
        """Wait until something is known to be due, or for a while."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()
