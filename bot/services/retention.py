"""How long what is kept is kept, and the daily round that deletes what has come to its age."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.errors import Mendable
from bot.flows.inputs import BenchTidied
from bot.ports import Address, Clock, Inbound
from bot.services.unbroken import unbroken

ROUND_SECONDS = 24 * 3600.0
RETRY_SECONDS = 600.0  # after a round for which the database was away

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ages:
    """How old what is kept may become.

    `conversations`: answers, since the person's last word. `referrals`: what a referral holds of the person, since it
    ended. `journal`: what was said and done in chats, and what could not be said or handled. `ids`: by which a message that a channel
    gives again is known. `bench`: a candidate on the bench of site staff, since something was done with them.
    """

    conversations: timedelta
    referrals: timedelta
    journal: timedelta
    ids: timedelta
    bench: timedelta


class Purging(Protocol):
    """What deletes what is old."""

    async def purge(self, ages: Ages, now: datetime, *, dry_run: bool = False) -> Mapping[str, int]:
        """Delete what has come to its age; how much of each kind, or what it would be."""
        ...

    async def parked(self, before: datetime) -> Mapping[Address, int]:
        """The chats of staff with a bench, and with how many candidates on it nothing was done since then."""
        ...


Take = Callable[[Inbound], Awaitable[None]]


async def purge_all(store: Purging, take: Take, ages: Ages, now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Delete what has come to its age; how much of each kind, or what it would be.

    take: the turn pipeline, through which a bench is tidied: its member is told.
    """
    counts = dict(await store.purge(ages, now, dry_run=dry_run))
    before = now - ages.bench
    benches = await store.parked(before)
    for address in () if dry_run else (each for each, parked in benches.items() if parked):
        await take(Inbound(address, f"tidied:{now.isoformat()}", BenchTidied(before)))
    return counts | {"candidates on a bench": sum(benches.values())}


async def purge_daily(store: Purging, take: Take, ages: Ages, clock: Clock) -> None:
    """Delete what has come to its age, at once and then every day, until cancelled. Two processes that do it do no harm."""
    while True:
        try:
            counts = await unbroken(purge_all(store, take, ages, clock.now()))
        except Mendable as error:
            log.warning("nothing purged, trying again", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        else:
            log.info("purged", **{name.replace(" ", "_"): n for name, n in counts.items()})
            await asyncio.sleep(ROUND_SECONDS)
