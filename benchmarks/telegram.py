"""Many people on Telegram at once, each through a whole screening; and the same bot with the library's own HTTP.

The Bot API server and the people run in this process, the bot in another one: first with the project's request class,
then with python-telegram-bot's default. Afterwards, how fast each sends with 64 calls under way, and for how much CPU.

Run: python -m benchmarks.telegram [PEOPLE]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.bootstrap import in_background, load_conversations, running
from bot.channels.telegram import api
from bot.channels.telegram.channel import telegram
from bot.channels.telegram.options import NAME, Options
from bot.channels.telegram.quiet import quiet_libraries
from bot.channels.telegram.request import AiohttpRequest
from bot.settings import load_settings
from tests.telegram.people import Person
from tests.telegram.screenings import Screening
from tests.telegram.server import TOKEN, Json, TelegramServer

PEOPLE = 200
PATIENCE = 900  # seconds, for everything
SENT = 3_000  # messages
AT_ONCE = 64
ROOT = Path(__file__).parents[1]


def library_request(connections: int = 256, proxy: str | None = None) -> HTTPXRequest:
    """The library's default class, with as many connections as ours."""
    return HTTPXRequest(connection_pool_size=connections, proxy=proxy, pool_timeout=60.0)


REQUESTS: dict[str, Callable[..., BaseRequest]] = {"aiohttp": AiohttpRequest, "httpx": library_request}


@dataclass
class TimedPerson(Person):
    """A person with a watch. `seconds`: how long the first word of each answer took to come."""

    seconds: list[float] = field(default_factory=list)
    _acted: float | None = None

    def send(self, *, age: float = 0, **content: Any) -> int:
        """Send a message, and look at the watch."""
        self._acted = time.perf_counter()
        return super().send(age=age, **content)

    def tap(self, message: Json, data: str) -> str:
        """Tap a button, and look at the watch."""
        self._acted = time.perf_counter()
        return super().tap(message, data)

    def read(self, message: Json) -> None:
        """A message arrives."""
        if self._acted is not None:
            self.seconds.append(time.perf_counter() - self._acted)
            self._acted = None
        super().read(message)


@asynccontextmanager
async def bot_process(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program in another process, in its other role."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.telegram", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def screenings(kind: str, people: int) -> tuple[float, list[float], int]:
    """Seconds until all have come to a referral, how long they waited for each answer, and how many messages came."""
    with tempfile.TemporaryDirectory() as folder:
        async with TelegramServer() as server, bot_process("bot", kind, server.base, folder):
            crowd = {number: TimedPerson(server, number) for number in range(1, people + 1)}
            server.on_message = lambda message: crowd[message["chat"]["id"]].read(message)
            while not server.called("getUpdates"):  # noqa: ASYNC110 - a process that has no way to say so
                await asyncio.sleep(0.05)
            all_of_them = [Screening(person, patience=PATIENCE) for person in crowd.values()]
            began = time.perf_counter()
            for each in all_of_them:
                each.begin("l_en-4scar7u")
            await asyncio.gather(*(each.finish() for each in all_of_them))
            taken = time.perf_counter() - began
        waits = [seconds for person in crowd.values() for seconds in person.seconds]
        return taken, waits, sum(len(person.inbox) for person in crowd.values())


async def run_bot(kind: str, base: str, folder: str) -> None:
    """The bot, until it is killed."""
    api.AiohttpRequest = REQUESTS[kind]  # type: ignore[misc, assignment]
    settings = load_settings(database=str(Path(folder) / "prescreen.db"))
    async with (
        telegram(Options(TOKEN, base)) as channel,
        running(settings, load_conversations(settings), {NAME: channel}) as services,
        in_background(*channel.jobs(services.turns.take, services.store, services.clock)),
    ):
        await asyncio.Event().wait()


async def run_sender(kind: str, base: str) -> None:
    """Send with so many calls under way; print the calls a second, and the milliseconds of CPU for each."""
    quiet_libraries()
    request = REQUESTS[kind]()
    numbers = iter(range(SENT))
    async with Bot(TOKEN, base_url=base, request=request, get_updates_request=REQUESTS[kind](connections=1)) as bot:

        async def send() -> None:
            for number in numbers:
                await bot.send_message(1, f"message {number}")

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(send() for _ in range(AT_ONCE)))
        print(SENT / (time.perf_counter() - began), 1_000 * (time.process_time() - cpu) / SENT)


async def sending(kind: str) -> tuple[float, float]:
    """Calls a second with many under way, and the milliseconds of CPU of each."""
    async with TelegramServer() as server, bot_process("send", kind, server.base) as process:
        printed, _ = await process.communicate()
    rate, cpu = map(float, printed.split())
    return rate, cpu


async def compare(people: int) -> None:
    """Measure both, and print what came out."""
    rates = {}
    for kind in REQUESTS:
        taken, waits, messages = await screenings(kind, people)
        rates[kind] = messages / taken
        p95 = quantiles(waits, n=20)[-1]
        print(
            f"{kind:8} {people} screenings in {taken:6.1f} s, {messages} messages, {rates[kind]:6.0f} a second; ",
            end="",
        )
        print(f"answer after {median(waits):.3f} s (median), {p95:.3f} s (95 %)")
    print(f"ratio    {rates['aiohttp'] / rates['httpx']:.2f}")
    for kind in REQUESTS:
        rate, cpu = await sending(kind)
        print(f"{kind:8} {rate:6.0f} messages a second with {AT_ONCE} under way, {cpu:.2f} ms of CPU each")


def main() -> None:
    """Measure, or play the bot."""
    match sys.argv[1:]:
        case ["bot", kind, base, folder]:
            asyncio.run(run_bot(kind, base, folder))
        case ["send", kind, base]:
            asyncio.run(run_sender(kind, base))
        case [] | [_]:
            asyncio.run(compare(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))


if __name__ == "__main__":
    main()
