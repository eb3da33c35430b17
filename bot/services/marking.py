"""Marking messages as sent, many in one transaction: that of the turns that come next, or one of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import structlog

from bot.errors import Mendable
from bot.failpoints import failpoint
from bot.ports import Clock, Outbound
from bot.ports.storage import Outbox
from bot.services.unbroken import unbroken

RETRY_SECONDS = 1.0

log = structlog.get_logger()


class Marking:
    """Writes the marks that have gathered. To write them by themselves costs another wait for the disk, which is the dearest part.

    `unaided`: set while no turns are under way that would take the marks along.
    """

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self.unaided = asyncio.Event()
        self.unaided.set()
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

    @contextmanager
    def gathered(self) -> Iterator[Sequence[Outbound]]:
        """The messages to be marked. The context is left once that is durable; left with an error, they wait again."""
        batch, self._gathered = self._gathered, []
        self._some.clear()
        try:
            if batch:
                failpoint("before_mark")
            yield [sent for sent, _ in batch]
        except BaseException:
            self._gathered = batch + self._gathered
            self._some.set()
            raise
        if batch:
            failpoint("after_mark")
        for _, done in batch:
            if not done.done():
                done.set_result(None)

    async def run(self) -> None:
        """Write the marks that no turns take along, until cancelled."""
        while True:
            await self._some.wait()
            await self.unaided.wait()
            if self._some.is_set():
                await self._write()

    async def _write(self) -> None:
        """Write the marks, or leave them to be written again: what was said must not be said twice."""
        try:
            await unbroken(self._commit())
        except Mendable as error:
            log.warning("messages not marked as sent, trying again", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _commit(self) -> None:
        with ExitStack() as durable:
            async with self._outbox.transaction() as transaction:
                await transaction.mark_sent(durable.enter_context(self.gathered()), self._clock.now())
