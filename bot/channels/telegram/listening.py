"""Whether the bot was away for so long that Telegram has thrown messages away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.channels.telegram.options import NAME
from bot.errors import Mendable
from bot.flows.inputs import Lapse, Lapsed
from bot.flows.states import State
from bot.ports import Clock, Inbound
from bot.ports.storage import Presence

KEPT_BY_TELEGRAM = timedelta(hours=24)
BEAT_SECONDS = 300.0
AT_A_TIME = 20  # people told at once, then a pause of a second: Telegram sends about 30 messages a second
NOT_WAITING = (State.FINISHED, State.DECLINED, State.STOPPED)
"""The states in which nobody waits for the bot."""

log = structlog.get_logger()


class Listening:
    """Notes every few minutes that the bot listens; after a long gap, tells everybody who is in a conversation."""

    def __init__(self, take: Callable[[Inbound], Awaitable[None]], presence: Presence, clock: Clock) -> None:
        self._take = take
        self._presence = presence
        self._clock = clock
        self._last_beat = float("-inf")

    async def beat(self) -> None:
        """The bot listens now. Raises `Mendable` where the store cannot be used."""
        if time.monotonic() - self._last_beat < BEAT_SECONDS:
            return
        now = self._clock.now()
        before = await self._presence.listening(NAME, now)
        self._last_beat = time.monotonic()
        if before is not None and now - before > KEPT_BY_TELEGRAM:
            await self._tell_all(f"lost-{before:%Y%m%dT%H%M%SZ}")

    async def run(self) -> None:
        """Note it every few minutes, until cancelled, where updates come by themselves."""
        while True:
            try:
                await self.beat()
            except Mendable as error:
                log.warning("presence not noted, trying again", reason=str(error))
            await asyncio.sleep(BEAT_SECONDS)

    async def _tell_all(self, mark: str) -> None:
        addresses = await self._presence.talking(NAME, NOT_WAITING)
        for first in range(0, len(addresses), AT_A_TIME):
            some = addresses[first : first + AT_A_TIME]
            await asyncio.gather(*(self._take(Inbound(address, mark, Lapsed(Lapse.LOST))) for address in some))
            await asyncio.sleep(1)
