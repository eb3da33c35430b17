"""The bot is killed again and again while people write, and owes nobody anything in the end."""

from __future__ import annotations

from tests.crash.kills import MOMENTS, last_words
from tests.crash.lab import Lab
from tests.crash.lives import Nursery

KILLS = 100


async def test_a_hundred_kills_lose_nothing_and_change_no_order(database: str, nest: Nursery) -> None:
    """At random moments and at every failpoint: no input lost or applied twice, no message lost or out of order.

    A message may come again: the one under way in its chat, once a kill.
    """
    lab = Lab(database, nest, seed=3)
    await lab.kill(KILLS)
    figures = await lab.finish()
    assert not figures.faults, f"{figures}\n{last_words(nest)}"
    assert figures.most_repeats == 1
    assert figures.kills == KILLS
    assert len(figures.at.keys() & set(MOMENTS)) > len(MOMENTS) / 2
    assert figures.inputs > 2 * KILLS
