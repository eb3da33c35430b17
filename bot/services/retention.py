"""How long what is kept is kept, and the daily round that deletes what has come to its age."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.errors import Mendable
from bot.ports import Clock
from bot.services.unbroken import unbroken

ROUND_SECONDS = 24 * 3600.0
RETRY_SECONDS = 600.0  # after a round for which the database was away

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ages:
    """How old what is kept may become.

    `conversations`: answers, since the person's last word. `referrals`: what a referral holds of the person, since it
    ended. `journal`: what was said and done in chats, and what could not be said or handled. `ids`: by which a message that a channel
    gives again is known.
    """

    conversations: timedelta
    referrals: timedelta
    journal: timedelta
    ids: timedelta


class Purging(Protocol):
    """What deletes what is old."""

    async def purge(self, ages: Ages, now: datetime, *, dry_run: bool = False) -> Mapping[str, int]:
        """Delete what has come to its age; how much of each kind, or what it would be."""
        ...


async def purge_daily(store: Purging, ages: Ages, clock: Clock) -> None:
    """Delete what has come to its age, at once and then every day, until cancelled. Two processes that do it do no harm."""
    while True:
        try:
            counts = await unbroken(store.purge(ages, clock.now()))
        except Mendable as error:
            log.warning("nothing purged, trying again", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        else:
            log.info("purged", **{name.replace(" ", "_"): n for name, n in counts.items()})
            await asyncio.sleep(ROUND_SECONDS)
