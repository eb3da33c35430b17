"""Many people in the web chat at once, over real HTTP: nothing is lost; how fast, and at what cost of memory.

Each person opens a stream, answers question after question, and sends the next answer when the bot's words to the last
one have come by the stream. Afterwards what came is compared with what the bot has on record.

Run: python -m benchmarks.web [PEOPLE]
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import aiohttp

PEOPLE = 500
ANSWERS = ("patient", "yes", "34", "male", "no", "no", "no", "yes", "90", "no", "no", "yes", "60%", "98%", "110 g/L")
AT_THE_DOOR = 50  # people who come in at the same moment
PATIENCE = 300  # seconds, for everything
STUDY = "/t/4scar7u"
ROOT = Path(__file__).parents[1]


@dataclass
class Person:
    """One of them, with an address of their own. `seconds`: how long each answer of the bot took to come."""

    number: int
    http: aiohttp.ClientSession
    seconds: list[float] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    _stream: aiohttp.ClientResponse | None = None

    async def come_in(self) -> None:
        """Start a conversation, and open its stream."""
        async with self.http.post(f"{STUDY}/start", data={"lang": "en"}, allow_redirects=False) as started:
            assert started.status == 303, started.status
        self._stream = await self.http.get(f"{STUDY}/chat/stream")
        await self._read_to_the_question()

    async def answer_all(self) -> None:
        """Answer every question, each when it has come."""
        for text in ANSWERS:
            began = time.perf_counter()
            body = {"id": str(uuid.uuid4()), "kind": "text", "text": text}
            async with self.http.post(f"{STUDY}/chat/say", json=body) as taken:
                assert taken.status == 202, taken.status
            await self._read_to_the_question()
            self.seconds.append(time.perf_counter() - began)

    async def _read_to_the_question(self) -> None:
        """Read the stream until something is waited for."""
        assert self._stream is not None
        async for line in self._stream.content:
            if line.startswith(b"data: {"):
                item = json.loads(line.removeprefix(b"data: "))
                self.seen.append(item["number"])
                if item["panel"]:
                    return
        raise ConnectionError("the stream has ended")

    async def leave(self) -> int:
        """Close the stream; how many messages were lost or came twice."""
        assert self._stream is not None
        self._stream.close()
        async with self.http.get(f"{STUDY}/chat/messages") as all_of_them:
            stored = [item["number"] for item in (await all_of_them.json())["items"]]
        return len(set(stored) ^ set(self.seen)) + len(self.seen) - len(set(self.seen))


@asynccontextmanager
async def people(address: str, count: int) -> AsyncIterator[list[Person]]:
    """So many people, each with a browser of their own."""
    connector = aiohttp.TCPConnector(limit=0)
    sessions = [
        aiohttp.ClientSession(
            address,
            connector=connector,
            connector_owner=False,
            headers={"Origin": address, "X-Forwarded-For": f"10.0.{number // 250}.{number % 250}"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
        )
        for number in range(count)
    ]
    try:
        yield [Person(number, http) for number, http in enumerate(sessions)]
    finally:
        for http in sessions:
            await http.close()
        await connector.close()


def start(folder: str) -> tuple[subprocess.Popen[str], str]:
    """A server in a folder of its own; the process, and its address."""
    own = {"PYTHONPATH": str(ROOT), "PRESCREEN_WEB": "127.0.0.1:0", "PRESCREEN_TRUSTED_PROXIES": "127.0.0.1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"], cwd=folder, env=os.environ | own, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    found = re.search(r"http://[\d.:]+", server.stdout.readline())
    assert found
    return server, found[0]


def memory_of(process: subprocess.Popen[str]) -> int:
    """The memory of a process, in KiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]


async def measure(server: subprocess.Popen[str], address: str, count: int) -> None:
    """Let them all come, answer and leave; print what was measured."""
    async with people(address, 1) as [first]:  # what is loaded at first use is no cost of a stream
        await first.come_in()
        await first.answer_all()
        await first.leave()
    before = memory_of(server)
    async with people(address, count) as crowd, asyncio.timeout(PATIENCE):
        for place in range(0, count, AT_THE_DOOR):
            await asyncio.gather(*(person.come_in() for person in crowd[place : place + AT_THE_DOOR]))
        a_stream = (memory_of(server) - before) / count
        began = time.perf_counter()
        await asyncio.gather(*(person.answer_all() for person in crowd))
        seconds = time.perf_counter() - began
        lost = sum(await asyncio.gather(*(person.leave() for person in crowd)))
    waits = sorted(wait for person in crowd for wait in person.seconds)
    print(f"{count} people at once, {len(waits)} answers, each with what the bot says to it")
    print(f"lost or said twice: {lost}")
    print(f"answers a second: {len(waits) / seconds:.0f}")
    print(
        f"from an answer sent to the next question seen: median {median(waits):.2f} s, p95 {quantiles(waits, n=20)[-1]:.2f} s"
    )
    print(f"memory of an open stream: {a_stream:.0f} KiB (the process: {memory_of(server) / 1024:.0f} MiB)")


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory() as folder:
        server, address = start(folder)
        try:
            asyncio.run(measure(server, address, count))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
