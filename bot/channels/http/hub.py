"""The open streams: what is new in a chat goes to each that is open on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from bot.errors import Mendable
from bot.ports import Address, Outbound
from bot.ports.storage import History
from bot.services.unbroken import unbroken

LOOK_SECONDS = 2.0  # between looks at what another process may have said
CHATS_AT_A_TIME = 500

log = structlog.get_logger()


class Stream:
    """One place where a chat is open. `last`: the number of the last message taken from it; `newest`: of the last put in."""

    def __init__(self, last: int) -> None:
        self.last = self.newest = last
        self._rows: list[Outbound] = []
        self._news = asyncio.Event()
        self.behind = False

    def put(self, row: Outbound) -> None:
        """Give it a new message."""
        self._rows.append(row)
        self.newest = row.number
        self._news.set()

    def fall_behind(self) -> None:
        """Tell it that there are messages which it was not given."""
        self.behind = True
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for news, at most so long; whether there are any."""
        try:
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may lose a cancellation
                return await self._news.wait()
        except TimeoutError:
            return False

    async def take(self, history: History, address: Address) -> list[Outbound]:
        """The messages after `last`, in order, none left out: those given, or all of the store's where one is missing."""
        rows = [row for row in self._rows if row.number > self.last]
        self._rows = []
        self._news.clear()
        whole = all(row.number == number for number, row in enumerate(rows, self.last + 1))
        if self.behind or not whole:
            self.behind = False
            rows = await unbroken(history.said(address, self.last))
        if rows:
            self.last = rows[-1].number
            self.newest = max(self.newest, self.last)
        return rows


class Hub:
    """All open streams of a channel in this process, by chat. `channel`: its name."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._streams: dict[str, set[Stream]] = {}
        self.closing = False

    def hand_over(self, rows: Sequence[Outbound]) -> None:
        """Take what is to be said: it is stored, and goes to who is there to see it."""
        for row in rows:
            if row.address.channel == self._channel:
                for stream in self._streams.get(row.address.chat, ()):
                    stream.put(row)

    def streams(self, address: Address) -> int:
        """In how many places a chat is open."""
        return len(self._streams.get(address.chat, ()))

    @contextmanager
    def open(self, address: Address, last: int) -> Iterator[Stream]:
        """A stream of a chat, from the message after `last` on."""
        streams = self._streams.setdefault(address.chat, set())
        stream = Stream(last)
        stream.fall_behind()
        streams.add(stream)
        try:
            yield stream
        finally:
            streams.discard(stream)
            if not streams:
                self._streams.pop(address.chat, None)

    def close(self) -> None:
        """End every stream: the process stops. The browsers come back to the next one."""
        self.closing = True
        for streams in self._streams.values():
            for stream in streams:
                stream.fall_behind()

    async def watch(self, history: History) -> None:
        """Look for what other processes said in the chats that are open here, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look(history)
            except Mendable as error:
                log.warning("messages not looked for, trying again", reason=str(error))

    async def _look(self, history: History) -> None:
        chats = [Address(self._channel, chat) for chat in self._streams]
        for first in range(0, len(chats), CHATS_AT_A_TIME):
            said = await unbroken(history.counts(chats[first : first + CHATS_AT_A_TIME]))
            for address, count in said.items():
                for stream in self._streams.get(address.chat, ()):
                    if count > stream.newest:
                        stream.fall_behind()
