"""The bot against a Bot API server of our own: in this process, or in one that can be killed."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.bootstrap import Running, in_background, load_conversations, running
from bot.channels.telegram.channel import Telegram, telegram
from bot.channels.telegram.options import NAME, Options
from bot.ports import PhotoReader
from bot.settings import load_settings
from tests.telegram.people import People
from tests.telegram.server import TOKEN, TelegramServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """The server; every call that it was sent must have been as documented."""
    async with TelegramServer() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def people(server: TelegramServer) -> People:
    """The people."""
    return People(server)


@dataclass(frozen=True)
class Bot:
    """A bot that runs in this process."""

    channel: Telegram
    services: Running


@asynccontextmanager
async def in_process(
    server: TelegramServer,
    database: Path,
    *,
    webhook: bool = False,
    reader: PhotoReader | None = None,
    **given: Any,
) -> AsyncIterator[Bot]:
    """The bot on that database, polling, or by webhook where `webhook` is true; ended in order. `reader`: of pictures."""
    settings = load_settings(database=str(database))
    options = replace(Options(TOKEN, server.base), **given)
    async with AsyncExitStack() as stack:
        port = free_port()
        if webhook:
            options = replace(options, webhook=f"http://127.0.0.1:{port}/telegram")
        channel = await stack.enter_async_context(telegram(options))
        if webhook:
            await stack.enter_async_context(_web(Starlette(routes=list(channel.routes)), port))
        conversations = load_conversations(settings, photos=reader is not None)
        services = await stack.enter_async_context(running(settings, conversations, {NAME: channel}, reader=reader))
        jobs = channel.jobs(services.turns.take, services.store, services.clock)
        await stack.enter_async_context(in_background(*jobs))
        yield Bot(channel, services)


Start = Callable[..., AbstractAsyncContextManager[Bot]]


@pytest.fixture
def start(server: TelegramServer, tmp_path: Path) -> Start:
    """Starts the bot on a database of its own; see `in_process`."""

    def starting(*, webhook: bool = False, **given: Any) -> AbstractAsyncContextManager[Bot]:
        return in_process(server, tmp_path / "prescreen.db", webhook=webhook, **given)

    return starting


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _web(app: Starlette, port: int) -> AsyncIterator[None]:
    web = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    task = asyncio.create_task(web._serve())
    while not web.started:
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        web.should_exit = True
        await task


@dataclass
class Serving:
    """`prescreen serve`, in a process that can be killed."""

    folder: Path
    settings: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    output: bytes = field(default=b"")

    async def start(self, failpoint: str = "") -> None:
        """Start the process; it kills itself at the failpoint."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **self.settings, "PRESCREEN_FAILPOINT": failpoint},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str) -> str:
        """Run another command with the same settings; what it prints."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **self.settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, errors = await process.communicate()
        self.output += errors
        return printed.decode()

    async def wait(self) -> int:
        """Wait for its end; the exit status."""
        assert self.process is not None
        _, errors = await self.process.communicate()
        self.output += errors
        assert self.process.returncode is not None
        return self.process.returncode

    async def stop(self) -> int:
        """Ask it to end."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        return await self.wait()

    async def kill(self) -> int:
        """End it without a word; the exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        return await self.wait()

    async def kill_if_alive(self) -> None:
        """End it, whether it was started or not."""
        if self.process is not None and self.process.returncode is None:
            await self.kill()


@pytest.fixture
async def serving(server: TelegramServer, tmp_path: Path) -> AsyncIterator[Serving]:
    """The program in a process of its own, not yet started."""
    web = f"127.0.0.1:{free_port()}"
    settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "PRESCREEN_TELEGRAM_API": server.base, "PRESCREEN_WEB": web}
    serving = Serving(tmp_path, settings)
    yield serving
    await serving.kill_if_alive()
