"""The bot is killed at every failpoint while referrals are handed over, and each arrives, once, step by step."""

from __future__ import annotations

from tests.crash.handing import SEATS, Handing
from tests.crash.kills import MOMENTS, last_words
from tests.crash.lives import Nursery

KILLS = 2 * len(MOMENTS)


async def test_killed_at_every_failpoint_each_referral_arrives_once(database: str, nest: Nursery) -> None:
    """One reference and one course a candidate; what candidate and coordinator write reaches the other once.

    Who gives a contact that was given before follows that referral, and goes on alone once it is deleted.
    """
    figures = await Handing(database, nest, seed=3).run(KILLS)
    assert not figures.faults, f"{figures}\n{last_words(nest)}"
    assert figures.kills == KILLS
    assert len(figures.at.keys() & set(MOMENTS)) > len(MOMENTS) / 2
    assert figures.referrals >= SEATS
    assert figures.again > 0
