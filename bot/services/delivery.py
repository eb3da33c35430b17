"""Delivery: what is to be said is sent in order in each chat, in many chats at once, until its channel takes it."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.errors import Mendable
from bot.failpoints import failpoint
from bot.ports import Address, Clock, Outbound, Scope
from bot.ports.channels import Blocked, Channel, NotServed, RetryLater
from bot.ports.storage import Outbox
from bot.services.marking import Marking
from bot.services.unbroken import ended, unbroken

AT_ONCE = 64  # messages under way at a time
ATTEMPTS = 10  # failures after which a message is a dead letter: about a quarter of an hour
UNREACHED = 5  # of them that a channel counts for that cannot be reached, however long: then every minute or so
ALONE = 16  # failures of one message alone, while its server takes others, that make it a dead letter: about five hours
FIRST_WAIT_SECONDS = 2.0  # doubled at each failure
LONGEST_WAIT_SECONDS = 3_600.0
LOOKS_IN_A_LEASE = 3  # at the table, when nothing is held back; as often, what is held is held for another lease
SHORTEST_SWEEP_SECONDS = 0.2

log = structlog.get_logger()


@dataclass(slots=True)
class _Line:
    """The messages of one chat that wait for their turn; `last` is the highest number ever put in."""

    rows: deque[Outbound] = field(default_factory=deque)
    last: int = 0


class Delivery:
    """Sends the outbox. Rows are handed over in memory after their commit; a chat that fails is held back as a whole.

    What is held back is dropped from memory and read from the table again when due, by `run`. So is what an ended
    process leaves, once its lease is over, and what a living one has left behind its own. With `chat`, nothing but that
    chat is delivered.
    """

    def __init__(self, outbox: Outbox, channels: Mapping[str, Channel], clock: Clock, chat: str | None = None) -> None:
        self._outbox = outbox
        self._channels = channels
        self._clock = clock
        self._scope = Scope(tuple(channels), chat)
        self.marking = Marking(outbox, clock)
        self._lines: dict[Address, _Line] = {}
        self._held: dict[Address, datetime] = {}
        self._taken: Counter[str] = Counter()  # messages that each channel took
        self._failed_at: dict[Address, int] = {}  # how many those were when the chat's message failed last
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._more = False  # the table may have more that is due now
        self._stopped = False

    def hand_over(self, rows: Sequence[Outbound]) -> None:
        """Send these, after what waits in their chats. Those of a chat held back are left to the table."""
        for row in rows:
            if row.address not in self._scope:
                continue
            if row.left:
                self._more = True
                self._wake.set()
            elif not self._holds_back(row.address):
                self._line_up(row)

    async def start(self, *, sole: bool) -> None:
        """Send what is due of what was left before; what is new in these chats waits behind it in the table.

        `sole`: no other process delivers here, so that what an ended one held is due at once.
        """
        if sole:
            await self._outbox.release(self._scope, self._clock.now())
        await self.sweep()

    async def run(self) -> None:
        """Mark what was sent, keep hold of what is to be sent, and read from the table what is due, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.marking.run())
            tasks.create_task(self._renew_forever())
            tasks.create_task(self._sweep_forever())

    async def stop(self) -> None:
        """Send nothing any more; what is unsaid waits in the table for the next start."""
        self._stopped = True
        await ended(self._tasks)

    async def settle(self) -> None:
        """Wait until all that was handed over is sent and marked, or held back."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def sweep(self) -> None:
        """Take over from the table what is due there."""
        await unbroken(self._take_over())

    async def _take_over(self) -> None:
        now = self._clock.now()
        async with self._outbox.claim(self._scope, now) as claimed:
            self._held = {address: until for address, until in self._held.items() if self._is_ahead(until, now)}
            self._more = bool(claimed)
            for rows in claimed.values():
                for row in rows:
                    self._line_up(row)

    async def _sweep_forever(self) -> None:
        while True:
            await self._until_due()
            try:
                await self.sweep()
            except Mendable as error:
                log.warning("outbox not read, trying again", reason=str(error))

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(self._look_seconds)
            try:
                await unbroken(self._outbox.renew(list(self._lines), self._clock.now()))
            except Mendable as error:
                log.warning("messages not kept hold of, trying again", reason=str(error))

    @property
    def _look_seconds(self) -> float:
        return self._outbox.lease.total_seconds() / LOOKS_IN_A_LEASE

    def _holds_back(self, address: Address) -> bool:
        return address in self._held and self._is_ahead(self._held[address], self._clock.now())

    @staticmethod
    def _is_ahead(until: datetime | None, now: datetime) -> bool:
        """Whether a wait goes on: not where it is longer than any, because the clock was put back meanwhile."""
        return until is not None and now < until <= now + timedelta(seconds=LONGEST_WAIT_SECONDS)

    async def _until_due(self) -> None:
        """Wait until something may be due in the table; what is held back or left meanwhile may be the next."""
        time = asyncio.get_running_loop().time
        earliest = time() + SHORTEST_SWEEP_SECONDS
        while (seconds := max(self._seconds_to_due(), earliest - time())) > 0 and await self._woken(seconds):
            pass

    async def _woken(self, seconds: float) -> bool:
        """Wait for this long; whether something was held back meanwhile."""
        try:
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may lose a cancellation
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True

    def _seconds_to_due(self) -> float:
        if self._more:
            return 0.0
        if not self._held:
            return self._look_seconds
        return min((min(self._held.values()) - self._clock.now()).total_seconds(), self._look_seconds)

    def _line_up(self, row: Outbound) -> None:
        if self._stopped:
            return
        line = self._lines.get(row.address)
        if line is None:
            line = self._lines[row.address] = _Line()
            task = asyncio.create_task(self._say(row.address, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if row.number > line.last:
            line.rows.append(row)
            line.last = row.number

    async def _say(self, address: Address, line: _Line) -> None:
        """Send a chat's line to its end, or to the first message that cannot be sent now."""
        try:
            while line.rows and await self._sent(line.rows[0]):
                line.rows.popleft()
        except Mendable as error:
            self._held[address] = self._clock.now() + self._outbox.lease  # until then the table counts it as held
            log.warning("outbox not written", reason=str(error))
        finally:
            del self._lines[address]

    async def _sent(self, row: Outbound) -> bool:
        """Send one message; whether the next may follow."""
        try:
            async with self._slots:
                failpoint("before_send")
                await self._channels[row.address.channel].send(row)
                failpoint("after_send")
        except Blocked:
            await unbroken(self._outbox.give_up(row, Blocked.__name__, whole_chat=True))
            return False
        except RetryLater as later:
            await self._hold(row, later.seconds, row.attempts)
            return False
        except NotServed as error:
            return await self._failed(row, type(error).__name__, ALONE if self._serves_others(row) else UNREACHED)
        except OSError as error:
            return await self._failed(row, type(error).__name__, UNREACHED)
        except Exception as error:  # noqa: BLE001 - a channel may fail in any way; its error's text may hold data
            return await self._failed(row, type(error).__name__)
        self._taken[row.address.channel] += 1
        self._failed_at.pop(row.address, None)
        await self.marking.mark(row)
        return True

    def _serves_others(self, row: Outbound) -> bool:
        """Whether the channel has taken messages of other chats since this chat's failed last."""
        taken = self._taken[row.address.channel]
        before = self._failed_at.get(row.address, taken)
        self._failed_at[row.address] = taken
        return taken > before

    async def _failed(self, row: Outbound, error: str, most: int = ATTEMPTS) -> bool:
        """Hold the chat back, or give the message up and go on with the next.

        `most`: as how many failures it counts; so many are the end of it, unless the channel could not be reached at all.
        """
        attempts = max(row.attempts, min(row.attempts + 1, most))
        log.warning("message not sent", channel=row.address.channel, error=error, attempts=attempts)
        if attempts >= most > UNREACHED:
            log.error("message given up, see `prescreen data dead-letters`", channel=row.address.channel, error=error)
            self._failed_at.pop(row.address, None)
            await unbroken(self._outbox.give_up(row, error, whole_chat=False))
            return True
        wait = FIRST_WAIT_SECONDS * 2 ** min(row.attempts, most)
        await self._hold(row, min(wait, LONGEST_WAIT_SECONDS), attempts)
        return False

    async def _hold(self, row: Outbound, seconds: float, attempts: int) -> None:
        wait = min(max(seconds, SHORTEST_SWEEP_SECONDS), LONGEST_WAIT_SECONDS)
        until = self._clock.now() + timedelta(seconds=wait)
        self._held[row.address] = until
        self._wake.set()
        await unbroken(self._outbox.postpone(row, until, attempts))
