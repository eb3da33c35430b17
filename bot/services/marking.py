"""Marking messages as sent, many in one transaction."""

from __future__ import annotations

import asyncio

import structlog

from bot.errors import Mendable
from bot.failpoints import failpoint
from bot.ports import Clock, Outbound, Outbox
from bot.services.unbroken import unbroken

RETRY_SECONDS = 1.0

log = structlog.get_logger()


class Marking:
    """Writes the marks that have gathered while the last ones were written."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock
        self._gathered: list[tuple[Outbound, asyncio.Future[None]]] = []
        self._some = asyncio.Event()

    async def mark(self, sent: Outbound) -> None:
        """Mark a message as sent; returns once that is durable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gathered.append((sent, done))
        self._some.set()
        await done

    async def run(self) -> None:
        """Write marks, until cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            batch, self._gathered = self._gathered, []
            failpoint("before_mark")
            await self._write([sent for sent, _ in batch])
            failpoint("after_mark")
            for _, done in batch:
                if not done.done():
                    done.set_result(None)

    async def _write(self, sent: list[Outbound]) -> None:
        """Write the marks, again until it succeeds: what was said must not be said twice."""
        while True:
            try:
                return await unbroken(self._outbox.mark_sent(sent, self._clock.now()))
            except Mendable as error:
                log.warning("messages not marked as sent, trying again", reason=str(error))
                await asyncio.sleep(RETRY_SECONDS)
