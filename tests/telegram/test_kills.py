"""The bot is killed a few times while people screen by Telegram, and owes nobody anything in the end."""

from __future__ import annotations

from pathlib import Path

from tests.telegram.kills import BRISK, run

KILLS, PEOPLE = 5, 4


async def test_kills_lose_nothing_repeat_one_message_and_change_no_order(tmp_path: Path) -> None:
    """At random moments and at failpoints: everybody comes to their own verdict by the same way as without a kill."""
    figures = await run(tmp_path, kills=KILLS, people=PEOPLE, seed=1, pace=BRISK)
    assert not figures.faults, figures
    assert figures.kills == KILLS
    assert figures.people >= PEOPLE
