"""Lives of the bot: started on a socket, talked to, and ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.flows.inputs import INPUT
from bot.ports import Inbound

ROOT = Path(__file__).parents[2]
LONGEST_LINE = 1 << 20


@dataclass
class Worker:
    """A bot that is alive, and the two lines to it.

    They are two so that a write that fails, because it has just died, takes nothing of its last words away.
    """

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: int = 0  # lines
    hung_up: bool = False

    def give(self, inbound: Inbound) -> None:
        """Hand it an input; none once it has been hung up on, as what it says then may answer what was given twice."""
        given = {"chat": inbound.address.chat, "id": inbound.message_id}
        line = json.dumps(given | {"input": INPUT.dump_python(inbound.input, mode="json")})
        if not self.hung_up and not self.writer.is_closing():
            self.writer.write(line.encode() + b"\n")

    async def lines(self) -> AsyncIterator[dict[str, Any]]:
        """What it says, until it has ended: also what it said with its last breath."""
        with suppress(ConnectionError):
            async for line in self.reader:
                if line.endswith(b"\n"):  # otherwise it ended within the line
                    self.heard += 1
                    yield json.loads(line)

    def hang_up(self) -> None:
        """Let it end by itself."""
        if not self.hung_up and not self.writer.is_closing():
            self.writer.write_eof()
        self.hung_up = True

    def tell(self) -> None:
        """Have it write on standard error where each of its tasks is."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGUSR1)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """Where workers come from, one at a time; see `tests.crash.nursery`. `log`: the file of what they write on standard error."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self.log = folder / "log"
        self._process = process
        self._path = folder / "lab.sock"
        self._calls: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._lines: list[asyncio.StreamWriter] = []
        self.status: asyncio.Task[str]

    async def read(self) -> str:
        """A line of the nursery."""
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode().strip()

    async def listen(self) -> asyncio.Server:
        """Await the calls of workers."""

        def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._lines.append(writer)
            self._calls.put_nowait((reader, writer))

        return await asyncio.start_unix_server(call, self._path, limit=LONGEST_LINE)

    async def start(self, environment: dict[str, str], *, kill_after: float | None = None) -> Worker | None:
        """A worker that has called; None where it was killed (after so many seconds) or ended before it did."""
        self._calls = asyncio.Queue()
        line = json.dumps({"environment": environment, "path": str(self._path)})
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        pid = int(await self.read())
        if kill_after is not None:
            await asyncio.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.status = asyncio.create_task(self.read())
        called = asyncio.create_task(self._called(pid))
        await asyncio.wait([self.status, called], return_when=asyncio.FIRST_COMPLETED)
        if called.done():
            return called.result()
        called.cancel()
        return None

    async def _called(self, pid: int) -> Worker:
        """The worker, once both of its lines are there: first the one that it speaks on, then the one it hears."""
        reader, _ = await self._calls.get()
        _, writer = await self._calls.get()
        return Worker(pid, reader, writer)

    async def ended(self) -> int:
        """Wait until the worker has ended, and close its lines; its exit status, negative for a signal."""
        status = int(await self.status)
        while self._lines:
            self._lines.pop().close()
        return status


@asynccontextmanager
async def nursery(folder: Path) -> AsyncIterator[Nursery]:
    """A nursery with its socket in a folder; what its workers write on standard error goes to the file `log` there."""
    async with AsyncExitStack() as stack:
        errors = stack.enter_context((folder / "log").open("ab"))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.nursery",
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
        own = Nursery(process, folder)
        async with await own.listen():
            assert await own.read() == "ready", (folder / "log").read_text()
            yield own
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
