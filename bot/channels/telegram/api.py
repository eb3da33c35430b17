"""The connection to the Bot API: opened once, and what its errors mean to the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.quiet import quiet_libraries
from bot.channels.telegram.request import AiohttpRequest
from bot.errors import BadSetting, Mendable
from bot.ports.channels import Blocked, NotServed, RetryLater

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
GONE = ("chat not found", "user is deactivated", "group chat was upgraded")
UNCHANGED = "message is not modified"
REFUSED = "TELEGRAM_BOT_TOKEN is not accepted by the Bot API server: give the one that @BotFather shows."

log = structlog.get_logger()


@asynccontextmanager
async def connected(token: str, api: str, proxy: str | None) -> AsyncIterator[Bot]:
    """The bot, with its connections open. Nothing is called yet: `introduce` does that, once there is time to wait.

    `api`: the URL that the token is appended to.
    """
    quiet_libraries()
    calls, updates = AiohttpRequest(proxy=proxy), AiohttpRequest(connections=1, proxy=proxy)
    files = f"{api.removesuffix('/bot')}/file/bot"
    await calls.initialize()
    await updates.initialize()
    try:
        yield Bot(token, base_url=api, base_file_url=files, request=calls, get_updates_request=updates)
    finally:
        await calls.shutdown()
        await updates.shutdown()


async def introduce(bot: Bot) -> None:
    """Learn who the bot is. Waits while the server cannot be reached; raises `BadSetting` where it refuses the token."""
    await insist(bot.initialize, "the Bot API server cannot be reached")


async def username(token: str, api: str, proxy: str | None) -> str:
    """The bot's name in links. Raises `Mendable` where the server cannot be reached, or refuses the token."""
    async with connected(token, api, proxy) as bot:
        try:
            await bot.initialize()
        except InvalidToken:
            raise BadSetting(REFUSED) from None
        except TelegramError as error:
            kind = type(error).__name__
            raise Mendable(f"The Bot API server cannot be asked ({kind}): try again, or name the bot.") from None
        return bot.username


async def insist(call: Callable[[], Awaitable[Any]], trouble: str) -> None:
    """Call until it succeeds. Raises `BadSetting` where the token is not accepted."""
    wait = FIRST_WAIT_SECONDS
    while True:
        try:
            await call()
        except InvalidToken:
            raise BadSetting(REFUSED) from None
        except TelegramError as error:
            log.warning(trouble, error=type(error).__name__)
            await asyncio.sleep(max(wait, seconds_to_wait(error)))
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)
        else:
            return


def seconds_to_wait(error: TelegramError) -> float:
    """How long the server asks to wait; 0 where it does not say."""
    if not isinstance(error, RetryAfter):
        return 0.0
    asked = error.retry_after
    return float(asked) if isinstance(asked, int | float) else asked.total_seconds()


@contextmanager
def as_delivery_knows() -> Iterator[None]:
    """Turns the Bot API's errors into those of the port: wait, or never again. The others are left as they are."""
    try:
        yield
    except RetryAfter as error:
        raise RetryLater(seconds_to_wait(error)) from None
    except (Forbidden, ChatMigrated):
        raise Blocked from None
    except BadRequest as error:
        if any(sign in error.message.lower() for sign in GONE):
            raise Blocked from None
        raise
    except NetworkError:
        raise NotServed from None  # it cannot be reached, is in trouble itself, or fails at this one call


class Background:
    """Calls that nobody waits for, and that may fail: a tidied button, a tap answered."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, call: Coroutine[Any, Any, object]) -> None:
        """Make a call when there is time."""
        task = asyncio.create_task(self._made(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, seconds: float | None = None) -> None:
        """Wait until all are made; those that are not by then are left out."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _made(self, call: Coroutine[Any, Any, object]) -> None:
        try:
            await call
        except BadRequest as error:
            if UNCHANGED not in error.message.lower():
                log.info("call refused", error=type(error).__name__)
        except TelegramError as error:
            log.info("call failed", error=type(error).__name__)
