"""The reader's process: it answers, it is ended when it hangs, and the next slip gets a new one."""

import asyncio
import importlib.util

import pytest

from bot.flows.photographed import Refusal
from bot.photo import worker
from bot.photo.worker import PhotoRefused, Reader
from tests.unit.photo.drawn import ROWS, saved, slip


async def test_a_slip_is_read_in_another_process_and_a_hung_one_is_ended() -> None:
    """After a slip that took too long the next one is read all the same."""
    reader, photograph = Reader(seconds=30), saved(slip(ROWS[:2]))
    try:
        assert len((await reader.read(photograph)).slip.rows) == 2
        reader._seconds = 0.01
        with pytest.raises(PhotoRefused) as caught:
            await reader.read(photograph)
        assert caught.value.reason is Refusal.TOO_SLOW
        reader._seconds = 30
        both = await asyncio.gather(reader.read(b"no picture"), reader.read(photograph), return_exceptions=True)
        assert isinstance(both[0], PhotoRefused)
        assert not isinstance(both[1], BaseException)
    finally:
        await reader.close()


async def test_what_is_too_big_never_reaches_the_process() -> None:
    """It is refused before anything starts."""
    with pytest.raises(PhotoRefused) as caught:
        await Reader().read([bytes(worker.MAX_BYTES // 2 + 1)] * 2)
    assert caught.value.reason is Refusal.TOO_BIG


async def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a part of it is not installed, no picture is read."""
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnxruntime" else there(name))
    with pytest.raises(PhotoRefused) as caught:
        await Reader().read(b"")
    assert caught.value.reason is Refusal.NOT_INSTALLED
