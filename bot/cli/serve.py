"""`prescreen serve`: the bot, on every channel that is configured."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command
def command() -> None:
    """Run the bot: every configured channel, the delivery of messages, the timers.

    \b
    Example:
      TELEGRAM_BOT_TOKEN_FILE=token prescreen serve
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    from bot.bootstrap import configure_logging
    from bot.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_level)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    from bot.bootstrap import in_background, load_conversations, running, telegram_options
    from bot.channels.telegram.channel import telegram
    from bot.channels.telegram.options import NAME
    from bot.errors import BadSetting

    options = telegram_options(settings)
    if options is None:
        raise BadSetting("No channel is configured: give TELEGRAM_BOT_TOKEN.")
    async with AsyncExitStack() as stack:
        channel = await stack.enter_async_context(telegram(options))
        services = await stack.enter_async_context(running(settings, load_conversations(settings), {NAME: channel}))
        jobs = channel.jobs(services.turns.take, services.store, services.clock)
        await stack.enter_async_context(in_background(*jobs))
        await _until_stopped()


async def _until_stopped() -> None:
    """Wait for SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    await stop.wait()
