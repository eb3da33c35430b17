"""The reader of photographs as the rest of the program sees it: a process of its own, that can be ended at any time."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from bot.flows.photographed import Photographed, Refusal
from bot.photo.child import OVERTIME, Task, serve
from bot.ports import PhotoRefused

__all__ = ["PhotoRefused", "Reader", "installed"]

MAX_BYTES = 20 * 1024 * 1024  # of all the pictures of one slip together
SECONDS = 10.0  # of a core, for one slip; after it the process ends itself
CLOCK = 120.0  # seconds for one slip however busy the machine is; after it the process is ended
IDLE = 120.0  # seconds after which the process is ended, to give its memory back
WAITING = 8  # slips that wait; more are told to come again
_NEEDED = ("cv2", "numpy", "onnxruntime", "PIL", "pypdfium2", "rapidocr")


def installed() -> bool:
    """Whether what reads photographs is installed (the extra `photo`)."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)


class Reader:
    """Reads one slip after another in its process, which starts with the first and ends when it is idle."""

    def __init__(self, *, seconds: float = SECONDS, clock: float = CLOCK, idle: float = IDLE) -> None:
        self._seconds = seconds
        self._clock = clock
        self._idle = idle
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._ending: asyncio.TimerHandle | None = None

    async def read(self, data: bytes | Sequence[bytes]) -> Photographed:
        """The slip in a picture or a PDF; several are the pages of one slip. Raises PhotoRefused."""
        pages = (data,) if isinstance(data, bytes) else tuple(data)
        if not installed():
            raise PhotoRefused(Refusal.NOT_INSTALLED)
        if sum(map(len, pages)) > MAX_BYTES:
            raise PhotoRefused(Refusal.TOO_BIG)
        if self._waiting >= WAITING:
            raise PhotoRefused(Refusal.BUSY)
        self._waiting += 1
        try:
            async with self._turn:
                return await self._ask(pages)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the process. A slip that is being read is given up."""
        self._end()

    async def _ask(self, pages: tuple[bytes, ...]) -> Photographed:
        if self._ending is not None:
            self._ending.cancel()
        pipe = self._started()
        try:
            answer = await asyncio.to_thread(_exchange, pipe, Task(pages, self._seconds), self._clock)
        except (TimeoutError, EOFError, OSError) as fault:
            slow = isinstance(fault, TimeoutError) or self._ran_out()
            self._end()
            raise PhotoRefused(Refusal.TOO_SLOW if slow else Refusal.BROKEN) from None
        except asyncio.CancelledError:
            self._end()
            raise
        self._ending = asyncio.get_running_loop().call_later(self._idle, self._end)
        if isinstance(answer, Refusal):
            raise PhotoRefused(answer)
        return answer

    def _ran_out(self) -> bool:
        """Whether the process has ended because its time was over."""
        if self._process is None:
            return False
        self._process.join(1)
        return self._process.exitcode == -OVERTIME

    def _started(self) -> Connection:
        """The way to the process, which is started if there is none."""
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name="photo-reader", daemon=True)
        self._process.start()
        theirs.close()
        return self._pipe

    def _end(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                self._pipe.close()
        self._ending = self._process = self._pipe = None


def _exchange(pipe: Connection, task: Task, limit: float) -> Photographed | Refusal:
    """Send and wait, in a thread of its own. Raises TimeoutError, EOFError, OSError."""
    pipe.send(task)
    if not pipe.poll(limit):
        raise TimeoutError
    answer: Photographed | Refusal = pipe.recv()
    return answer
