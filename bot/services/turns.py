"""Turns: inputs taken in batches, one transaction each, and acknowledged only once they are durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.errors import Crossed, Mendable
from bot.failpoints import failpoint
from bot.ports import Address, Apologise, Clock, Inbound, Outbound, StoredSession, Talk, TalkResult, Turn
from bot.ports.storage import Store, Tampered, Transaction
from bot.services.marking import Marking
from bot.services.unbroken import unbroken
from bot.speech.message import Message

BATCH_SIZE = 128
QUEUE_SIZE = 1_024  # inputs that may wait; a channel that hands over more waits itself
CROSSINGS = 4  # how often turns that another process crossed are run anew
TRIES = 3  # how often an input is tried by itself before it is set aside

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Pending:
    """An input, and who waits for it to be durable."""

    inbound: Inbound
    done: asyncio.Future[None]


class Turns:
    """The pipeline from inputs to durable effects. One task (`run`) does all, so the order in each chat is kept.

    `hand_over` gets what is to be said, after the commit; `news` is set where a timer is due at once, such as a letter.
    `marking`: of what was said, whose marks are written along.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a turn needs, and where it leads
        self,
        store: Store,
        talk: Talk,
        apologise: Apologise,
        clock: Clock,
        hand_over: Callable[[Sequence[Outbound]], None],
        news: asyncio.Event | None = None,
        marking: Marking | None = None,
    ) -> None:
        self._store = store
        self._talk = talk
        self._apologise = apologise
        self._clock = clock
        self._hand_over = hand_over
        self._news = news or asyncio.Event()
        self._marking = marking or Marking(store, clock)
        self._queue: asyncio.Queue[_Pending] = asyncio.Queue(QUEUE_SIZE)

    async def take(self, inbound: Inbound) -> None:
        """Take an input; returns once its effects are committed, so that the channel may acknowledge it.

        Raises `Mendable` where the store cannot be used: nothing was kept, and the input may be given again.
        """
        pending = _Pending(inbound, asyncio.get_running_loop().create_future())
        await self._queue.put(pending)
        await pending.done

    async def run(self) -> None:
        """Handle what is taken, until cancelled."""
        while True:
            if self._queue.empty():
                self._marking.unaided.set()
            batch = [await self._queue.get()]
            self._marking.unaided.clear()
            while len(batch) < BATCH_SIZE and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                await unbroken(self._handle(batch))
            finally:
                self._marking.unaided.set()
                for pending in batch:
                    pending.done.cancel()
                    self._queue.task_done()

    @property
    def queued(self) -> int:
        """How many inputs wait in the queue; as many as it holds at most."""
        return self._queue.qsize()

    async def drain(self) -> None:
        """Wait until all that was taken has been handled."""
        await self._queue.join()

    async def _handle(self, batch: Sequence[_Pending]) -> None:
        """Handle a batch; one that fails is run again, one by one, so that the failing input alone is held up."""
        try:
            await self._commit([pending.inbound for pending in batch])
        except Mendable as error:
            _fail(batch, error)
        except Exception:  # noqa: BLE001 - whatever fails in one input must not stop the others
            for pending in batch:
                await self._handle_alone(pending)
        else:
            _acknowledge(batch)

    async def _handle_alone(self, pending: _Pending) -> None:
        try:
            await self._try_or_set_aside(pending.inbound)
        except Exception as error:  # noqa: BLE001 - the one who waits gets it
            _fail([pending], error)
        else:
            _acknowledge([pending])

    async def _try_or_set_aside(self, inbound: Inbound) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._commit([inbound], alone=True)
            except Mendable:
                raise
            except Exception as error:  # noqa: BLE001 - set aside with its type
                if attempt == TRIES:
                    await self._set_aside(inbound, type(error).__name__)
        return None

    async def _commit(self, batch: Sequence[Inbound], *, alone: bool = False) -> None:
        """Run the turns of a batch, anew where another process crossed them: nothing of them was kept."""
        for _ in range(CROSSINGS):
            with suppress(Crossed):
                return await self._commit_once(batch, alone=alone)
        return await self._commit_once(batch, alone=alone)

    async def _commit_once(self, batch: Sequence[Inbound], *, alone: bool) -> None:
        """Run the turns of a batch in one transaction, and hand over what is to be said."""
        now = self._clock.now()
        with ExitStack() as durable:
            async with self._store.transaction() as transaction:
                turns = await self._run(transaction, batch, now)
                said = await transaction.save(turns, now) if turns else []
                if not alone:
                    await transaction.mark_sent(durable.enter_context(self._marking.gathered()), now)
                failpoint("before_commit")
            failpoint("after_commit")
        self._hand_over(said)
        if any(row.due is not None and row.due <= now for turn in turns for row in turn.timers):
            self._news.set()

    async def _run(self, transaction: Transaction, batch: Sequence[Inbound], now: datetime) -> list[Turn]:
        fresh = await transaction.receive(batch, now)
        if not fresh:
            return []
        stored = await transaction.sessions(list({inbound.address for inbound in fresh}))
        return self._play(fresh, stored, now)

    def _play(self, fresh: Sequence[Inbound], stored: dict[Address, StoredSession], now: datetime) -> list[Turn]:
        """The turns of these inputs, in order, each on the session that the one before it left."""
        current = dict(stored)
        turns = []
        for inbound in fresh:
            address = inbound.address
            before = current.get(address) or StoredSession(address)
            result = self._talk(before.session, address, inbound.input, now)
            version = stored[address].version + 1 if address in stored else 1
            said = before.said + len(result.messages)
            after = StoredSession(address, result.session, result.state, result.trial, version, said)
            current[address] = after
            turns.append(_turn(inbound, after, result))
        return turns

    async def _set_aside(self, inbound: Inbound, error: str) -> None:
        """Keep an input that cannot be handled, tell the person, and let the rest go on."""
        log.error("input set aside", channel=inbound.address.channel, error=error)
        now = self._clock.now()
        async with self._store.transaction() as transaction:
            await transaction.receive([inbound], now)
            apology = await self._apology(transaction, inbound.address)
            said = await transaction.set_aside(inbound, error, apology, now)
        self._hand_over([said])

    async def _apology(self, transaction: Transaction, address: Address) -> Message:
        try:
            stored = await transaction.sessions([address])
        except Tampered:
            stored = {}
        return self._apologise(stored[address].session if address in stored else None, address)


def _turn(inbound: Inbound, after: StoredSession, result: TalkResult) -> Turn:
    return Turn(
        inbound,
        after,
        result.messages,
        result.timers,
        result.referral,
        result.steps,
        result.prescreening,
        result.link,
        result.withdraws,
        result.clears,
    )


def _acknowledge(batch: Sequence[_Pending]) -> None:
    for pending in batch:
        if not pending.done.done():
            pending.done.set_result(None)


def _fail(batch: Sequence[_Pending], error: Exception) -> None:
    for pending in batch:
        if not pending.done.done():
            pending.done.set_exception(error)
