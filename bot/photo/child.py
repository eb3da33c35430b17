"""The process that reads photographs: its limits, and its one loop."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bot.flows.photographed import Photographed, Refusal
from bot.ports import PhotoRefused

ADDRESS_SPACE = 3 * 1024**3  # bytes of address space, of which most is never touched
NICENESS = 5  # other chats come first
OVERTIME = signal.SIGPROF  # ends the process when a slip has taken its share of a core


@dataclass(frozen=True, slots=True)
class Task:
    """The pictures of one slip, and how many seconds of a core they may take."""

    pages: tuple[bytes, ...]
    seconds: float


def serve(pipe: Connection) -> None:
    """Answer every task with a slip or a refusal, until the other end is closed."""
    _limit()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            task: Task = pipe.recv()
            signal.setitimer(signal.ITIMER_PROF, task.seconds)
            answer = _answer(task.pages)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send(answer)
            _give_back()


def _answer(pages: tuple[bytes, ...]) -> Photographed | Refusal:
    from bot.photo.reading import read_pages  # what reads is heavy, and is loaded in this process alone

    try:
        return read_pages(pages)
    except PhotoRefused as refused:
        return refused.reason
    except MemoryError:
        return Refusal.TOO_MANY_PIXELS
    except Exception:  # noqa: BLE001 - whatever a hostile file does, it is refused, and nothing of it is told
        return Refusal.BROKEN


def _give_back() -> None:
    """Give memory that is free back to the system, where its C library can: else it piles up from slip to slip."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _limit() -> None:
    """Give way to other work, and cap the memory where the platform has such a cap."""
    signal.signal(OVERTIME, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
