"""The Telegram channel as the rest of the program sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.api import Background, connected, insist, introduce
from bot.channels.telegram.documents import picture
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.keyboards import Keyboards
from bot.channels.telegram.listening import Listening
from bot.channels.telegram.options import Options
from bot.channels.telegram.pacing import Flood, Pace
from bot.channels.telegram.placing import Placing
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.profile import present
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.webhook import Webhook, new_secret
from bot.ports import Clock, Inbound, Outbound
from bot.ports.storage import ChatMemory
from bot.speech.catalogue import Catalogue

CLOSING_SECONDS = 5.0


class Telegram:
    """The channel: `send` says what delivery hands over, `jobs` receive updates, `routes` are the web server's part."""

    def __init__(self, bot: Bot, options: Options, background: Background) -> None:
        self._bot = bot
        self._options = options
        self._texts = Catalogue()
        self._keyboards = Keyboards()
        self._background = background
        self._memory: asyncio.Future[ChatMemory] = asyncio.get_running_loop().create_future()
        pace = Pace(options.rate, options.chat_rate)
        placing = Placing(bot, self._memory)
        self._sender = Sender(bot, self._texts, pace, self._keyboards, self._background, placing)
        self._webhook = Webhook(bot, options.webhook, options.secret or new_secret()) if options.webhook else None

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes of a web server that the channel needs: one for a webhook, none for polling."""
        return (self._webhook.route,) if self._webhook else ()

    async def send(self, outbound: Outbound) -> None:
        """Say one message."""
        await self._sender.send(outbound)

    async def fetch(self, file: str) -> bytes:
        """The content of a picture that somebody sent. Raises `NotFetched`."""
        return await picture(self._bot, file)

    def jobs(
        self, take: Callable[[Inbound], Awaitable[None]], memory: ChatMemory, clock: Clock
    ) -> tuple[Coroutine[Any, Any, None], ...]:
        """What runs beside the rest to receive updates. `take` returns once an input is durable."""
        self._memory.set_result(memory)
        flood = Flood(self._options.flood)
        intake = Intake(self._bot, take, memory, clock, self._texts, flood, self._keyboards, self._background)
        listening = Listening(take, memory, clock)
        if self._webhook is not None:
            self._webhook.open(intake.receive)
            return self._serve(self._webhook), listening.run()
        return (self._poll(Poller(self._bot, intake.receive, listening.beat)),)

    async def _poll(self, poller: Poller) -> None:
        await introduce(self._bot)
        self._background.start(present(self._bot, self._texts))
        await poller.run()

    async def _serve(self, webhook: Webhook) -> None:
        await introduce(self._bot)
        self._background.start(present(self._bot, self._texts))
        try:  # stopped before the answer came, the webhook may be set all the same
            await insist(webhook.announce, "the webhook cannot be set")
            await asyncio.Event().wait()
        finally:
            if not self._options.shared:
                self._background.start(webhook.withdraw())


@asynccontextmanager
async def telegram(options: Options) -> AsyncIterator[Telegram]:
    """The channel, with its connections open. At the end, what nobody waited for is still done, if it takes no time."""
    async with connected(options.token, options.api, options.proxy) as bot:
        background = Background()
        try:
            yield Telegram(bot, options, background)
        finally:
            await background.settle(CLOSING_SECONDS)
