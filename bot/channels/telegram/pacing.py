"""How fast messages may go out, and come in."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

STRAIN_SECONDS = 60.0  # how long the limits are kept after Telegram has said that it is too much
MOST_CHATS = 10_000  # remembered at a time; the longest silent is forgotten first
WINDOW_SECONDS = 60.0

Now = Callable[[], float]
T = TypeVar("T")


class Allowance:
    """One thing each `1 / rate` seconds, a few (`burst`) at once after a pause."""

    def __init__(self, rate: float, burst: float) -> None:
        self._interval = 1 / rate
        self._ahead = (burst - 1) / rate
        self._next = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next place; how many seconds it is away."""
        self._next = max(self._next, now - self._ahead) + self._interval
        return max(0.0, self._next - self._interval - now)


class Pace:
    """Keeps what is sent within the limits, in all and for each chat, while Telegram is strained.

    Telegram publishes no exact limits: it answers 429 where they are passed. So nothing waits until it does; then,
    for a minute, the limits of the settings are kept. Waiting is fair: who comes first goes first.
    """

    def __init__(self, rate: float, chat_rate: float, now: Now = time.monotonic) -> None:
        self._chat_rate = chat_rate
        self._overall = Allowance(rate, rate)
        self._chats: OrderedDict[int, Allowance] = OrderedDict()
        self._now = now
        self._strained_until = float("-inf")

    def strain(self) -> None:
        """Telegram has said that it is too much."""
        self._strained_until = self._now() + STRAIN_SECONDS

    def seconds(self, chat: int) -> float:
        """How long the next message to a chat has to wait from now; it is counted as sent then."""
        now = self._now()
        if now >= self._strained_until:
            return 0.0
        own = _recent(self._chats, chat, lambda: Allowance(self._chat_rate, 1.0))
        return max(own.reserve(now), self._overall.reserve(now))

    async def wait(self, chat: int) -> None:
        """Wait until a message may be sent to a chat."""
        seconds = self.seconds(chat)
        if seconds:
            await asyncio.sleep(seconds)


class Excess(Enum):
    """Whether a chat sends too much."""

    NONE = "none"
    FIRST = "first"  # this is the first that is too much: the person is told
    MORE = "more"


class Flood:
    """Counts what each chat sends in a minute, which begins with its first message."""

    def __init__(self, most: int, now: Now = time.monotonic) -> None:
        self._most = most
        self._now = now
        self._chats: OrderedDict[int, _Minute] = OrderedDict()

    def count(self, chat: int) -> Excess:
        """Count one more of a chat; whether it is too much."""
        minute = _recent(self._chats, chat, lambda: _Minute(self._now()))
        if self._now() >= minute.began + WINDOW_SECONDS:
            minute.began, minute.count = self._now(), 0
        minute.count += 1
        if minute.count <= self._most:
            return Excess.NONE
        return Excess.FIRST if minute.count == self._most + 1 else Excess.MORE


@dataclass(slots=True)
class _Minute:
    began: float
    count: int = 0


def _recent(chats: OrderedDict[int, T], chat: int, make: Callable[[], T]) -> T:
    """What is kept of a chat, which becomes the last to be forgotten."""
    kept = chats.pop(chat, None)
    chats[chat] = kept = make() if kept is None else kept
    if len(chats) > MOST_CHATS:
        chats.popitem(last=False)
    return kept
