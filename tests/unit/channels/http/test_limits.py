"""How much one address may ask for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.channels.http import limits
from bot.channels.http.limits import Limiter


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    seconds: float = 100.0

    def __call__(self) -> float:
        """Now."""
        return self.seconds


def test_a_burst_is_let_through_then_a_rate() -> None:
    """After the burst a key waits for its turn; the wait told is the wait needed, and another key is not held up."""
    clock = Clock()
    limiter = Limiter(per_minute=60, burst=3, clock=clock)
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 0]
    assert limiter.wait("a") == pytest.approx(1)
    assert limiter.wait("b") == 0
    clock.seconds += 1
    assert limiter.wait("a") == 0
    assert limiter.wait("a") > 0
    clock.seconds += 3
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 0]


def test_who_is_refused_is_not_counted() -> None:
    """Asking too often does not make the wait longer."""
    clock = Clock()
    limiter = Limiter(per_minute=60, burst=1, clock=clock)
    assert limiter.wait("a") == 0
    for _ in range(50):
        assert limiter.wait("a") == pytest.approx(1)


def test_memory_is_bounded_by_who_still_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there are too many keys, those whose requests are paid for are forgotten, the others are not."""
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    clock = Clock()
    limiter = Limiter(per_minute=60, burst=1, clock=clock)
    for number in range(100):
        limiter.wait(f"old {number}")
    clock.seconds += 0.5
    limiter.wait("late")
    clock.seconds += 0.6
    limiter.wait("new")
    assert set(limiter._free_at) == {"late", "new"}
