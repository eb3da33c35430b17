"""How fast messages go out and come in, by a clock that the test moves."""

from __future__ import annotations

import pytest

from bot.channels.telegram.pacing import MOST_CHATS, STRAIN_SECONDS, WINDOW_SECONDS, Allowance, Excess, Flood, Pace


class Time:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


def test_an_allowance_lets_a_burst_through_and_then_one_by_one() -> None:
    """After a pause, the burst again, and no more than it."""
    allowance = Allowance(rate=2, burst=3)
    assert [allowance.reserve(0) for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    assert [allowance.reserve(100) for _ in range(4)] == [0, 0, 0, 0.5]


def test_nothing_waits_until_telegram_is_strained() -> None:
    """Then the limits hold, for a minute."""
    time = Time()
    pace = Pace(rate=30, chat_rate=1, now=time)
    assert [pace.seconds(1) for _ in range(100)] == [0.0] * 100
    pace.strain()
    assert [pace.seconds(1) for _ in range(3)] == [0.0, 1.0, 2.0]
    time.seconds += STRAIN_SECONDS
    assert pace.seconds(1) == 0.0


def test_a_chat_that_waits_makes_no_other_wait() -> None:
    """Each has an allowance of its own; all together have one too."""
    pace = Pace(rate=10, chat_rate=1, now=Time())
    pace.strain()
    assert [pace.seconds(1) for _ in range(3)][-1] == 2.0
    assert [pace.seconds(chat) for chat in range(2, 9)] == pytest.approx([0.0] * 7)
    assert 0 < pace.seconds(99) <= 0.2


def test_a_flood_is_noticed_once_and_ends_with_its_minute() -> None:
    """The first that is too much is told apart from the rest."""
    time = Time()
    flood = Flood(3, time)
    assert [flood.count(1) for _ in range(6)] == [Excess.NONE] * 3 + [Excess.FIRST] + [Excess.MORE] * 2
    assert flood.count(2) is Excess.NONE
    time.seconds += WINDOW_SECONDS
    assert flood.count(1) is Excess.NONE


def test_memory_is_bounded() -> None:
    """The chat that was silent longest is forgotten."""
    flood = Flood(1, Time())
    for chat in range(MOST_CHATS + 10):
        flood.count(chat)
    assert flood.count(0) is Excess.NONE
    assert flood.count(MOST_CHATS + 9) is Excess.FIRST
