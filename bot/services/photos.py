"""Pictures that wait with their channel: fetched, read beside everything else, and what came of them taken once.

A picture waits as a timer of its chat, which carries what its channel fetches it by. Only the turn that takes what came
of it stops the timer, so that a picture outlives a crash; nothing of it is ever stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.errors import Mendable
from bot.flows.inputs import PHOTO, PhotoRead, PhotoUnreadable, TimerFired
from bot.ports import Address, Inbound, PhotoReader, PhotoRefused
from bot.ports.channels import NotFetched, PhotoSource
from bot.services.unbroken import ended

SETTLE_SECONDS = 1.0  # in which more pictures of an album may come
AT_ONCE = 2  # slips whose pictures are in memory: one is read, the next is fetched meanwhile
TRIES = 4  # how often fetching is tried before the person is told

Take = Callable[[Inbound], Awaitable[None]]

log = structlog.get_logger()


@dataclass(slots=True)
class _Job:
    """The pictures of a chat that are being read."""

    due: datetime
    task: asyncio.Task[None]


class Photos:
    """Stands between the timers and the turns (`take`): a timer of pictures is handed on as what came of reading them.

    `sources`: the channels that keep pictures, by name. Timers are fired again while they run, so one that is being worked
    on is known by its time; a later one of the chat carries more pictures and takes its place.
    """

    def __init__(self, reader: PhotoReader, sources: Mapping[str, PhotoSource], take: Take) -> None:
        self._reader = reader
        self._sources = sources
        self._take = take
        self._jobs: dict[Address, _Job] = {}
        self._failures: dict[tuple[Address, datetime], int] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def take(self, inbound: Inbound) -> None:
        """Take an input. Of pictures this returns at once: what came of them follows when they are read."""
        entry = inbound.input
        if isinstance(entry, TimerFired) and entry.timer == PHOTO and inbound.address.channel in self._sources:
            self._start(inbound, entry)
        else:
            await self._take(inbound)

    async def close(self) -> None:
        """Give up what is being read; it waits for the next start."""
        await ended([job.task for job in self._jobs.values()])
        await self._reader.close()

    def _start(self, inbound: Inbound, fired: TimerFired) -> None:
        running = self._jobs.get(inbound.address)
        if running is not None and running.due == fired.due:
            return
        if running is not None:
            running.task.cancel()
        task = asyncio.create_task(self._work(inbound, fired))
        job = self._jobs[inbound.address] = _Job(fired.due, task)
        task.add_done_callback(lambda _: self._ended(inbound.address, job))

    def _ended(self, address: Address, job: _Job) -> None:
        if self._jobs.get(address) is job:
            del self._jobs[address]

    async def _work(self, inbound: Inbound, fired: TimerFired) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        async with self._slots:
            came = await self._outcome(inbound.address, fired)
        if came is None:
            return  # the timer is fired again
        try:
            await self._take(replace(inbound, input=came))
        except Mendable as error:
            log.warning("a picture that was read is not taken, trying again", reason=str(error))
        else:
            self._failures.pop((inbound.address, fired.due), None)

    async def _outcome(self, address: Address, fired: TimerFired) -> PhotoRead | PhotoUnreadable | None:
        """What came of the pictures; None where they could not be fetched yet."""
        try:
            pages = await self._fetch(address.channel, fired.payload.split("\n"))
            read = await self._reader.read(pages)
        except PhotoRefused as refused:
            return PhotoUnreadable(refused.reason, fired.due)
        except NotFetched:
            failures = self._failures[address, fired.due] = self._failures.get((address, fired.due), 0) + 1
            return PhotoUnreadable("not_fetched", fired.due) if failures >= TRIES else None
        except Exception as error:  # noqa: BLE001 - whatever a picture brings about, the person is told
            log.warning("a picture failed", channel=address.channel, error=type(error).__name__)
            return PhotoUnreadable("broken", fired.due)
        return PhotoRead(read.slip, fired.due, read.picture)

    async def _fetch(self, channel: str, files: Sequence[str]) -> list[bytes]:
        return list(await asyncio.gather(*(self._sources[channel].fetch(file) for file in files)))
