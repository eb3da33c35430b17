"""What members of staff may see of referrals at the desk: the list of their site, one referral, and whose it is.

Every question names its viewer, and what the viewer may not see is not read: the role is enforced here, whatever a page asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.bench.codes import flaw
from bot.flows.handoff.moves import HandOff
from bot.flows.handoff.people import Person, Role
from bot.flows.handoff.stages import ENDED, Stage
from bot.flows.session import reference_of
from bot.ports.storage import Audit

READERS = (Role.COORDINATOR, Role.MANAGER)
"""The roles that work with referrals. Others see none, not even that there are any."""

LATE = timedelta(hours=2)
"""After how long a request that nobody has claimed is late."""

PAGE_SIZE = 50
TABS = ("open", "new", "late", "mine", "ended")


class NotForYou(Exception):
    """What was asked for is not there, or not for this viewer: which of both is not told."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `member`: as in the records of referrals. `site`: theirs, None for all."""

    member: str
    role: Role
    site: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which referrals to list: a tab (see `TABS`), narrowed down; `page` counts from 0."""

    tab: str = "open"
    stage: Stage | None = None
    site: str | None = None
    verdict: str | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. `hand_off` is None where the person has withdrawn."""

    reference: str
    trial: str
    site: str
    verdict: str
    stage: Stage
    requested_at: datetime
    hand_off: HandOff | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list, how many referrals each tab has, and whether there is a page after it."""

    lines: tuple[Listed, ...]
    counts: dict[str, int]
    more: bool


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A line of a referral's record. `by`: the name of who did it; None for the person and the program."""

    at: datetime
    action: str
    stage: Stage
    by: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Opened:
    """One referral with its record, the oldest step first."""

    listed: Listed
    steps: tuple[StepTaken, ...]


class WorklistStore(Protocol):
    """Reads referrals. Each method is a fixed number of statements. A viewer's site sees what was shown to it, too."""

    async def listing(self, viewer: Viewer, wanted: Wanted, late: datetime) -> Listing:
        """A page of what the viewer's site sees: what waits first, the longest waiting of it first, then the newest.

        late: requests before it that nobody has claimed are late.
        """
        ...

    async def opened(self, viewer: Viewer, reference: str) -> Opened | None:
        """One referral; None where there is none, or the viewer's site does not see it."""
        ...

    async def by_code(self, viewer: Viewer, code: str) -> tuple[Listed, ...]:
        """The referrals of patients whom site staff pre-screened under a code, the newest first, of those that the site sees."""
        ...


class Worklist:
    """Shows referrals to those who work with them."""

    def __init__(self, store: WorklistStore, audit: Audit) -> None:
        self._store = store
        self._audit = audit

    async def listing(self, viewer: Viewer, wanted: Wanted, now: datetime) -> Listing:
        """A page of the list. Raises `NotForYou`."""
        _check(viewer)
        return await self._store.listing(viewer, wanted, now - LATE)

    async def opened(self, viewer: Viewer, reference: str) -> Opened:
        """One referral. Raises `NotForYou`."""
        _check(viewer)
        found = await self._store.opened(viewer, reference)
        if found is None:
            raise NotForYou
        return found

    async def find(self, viewer: Viewer, said: str, now: datetime) -> tuple[Listed, ...]:
        """The referrals with a reference as it was read out, or with a code of the site's own. Raises `NotForYou`.

        A code leads to somebody whom the site knows: that it did is on record.
        """
        _check(viewer)
        reference = reference_of(said)
        if reference is not None:
            opened = await self._store.opened(viewer, reference)
            return () if opened is None else (opened.listed,)
        found = await self._store.by_code(viewer, said) if flaw(said) is None else ()
        for each in found:
            await self._audit.add(viewer.member, "found_by_code", each.reference, now)
        return found

    async def person(self, viewer: Viewer, reference: str, now: datetime) -> Person:
        """Who a referral is about, for the one who holds it or a deputy. The look is on record before it is answered.

        Raises `NotForYou`.
        """
        hand_off = (await self.opened(viewer, reference)).listed.hand_off
        if hand_off is None or not hand_off.may_handle(viewer.member, viewer.role):
            raise NotForYou
        await self._audit.add(viewer.member, "contact_seen", reference, now)
        return hand_off.person


def _check(viewer: Viewer) -> None:
    if viewer.role not in READERS:
        raise NotForYou


def stages_of(tab: str) -> Sequence[Stage]:
    """The stages that the referrals of a tab can be at."""
    if tab in ("new", "late"):
        return (Stage.REQUESTED,)
    ended = tab == "ended"
    return tuple(stage for stage in Stage if stage is not Stage.REPEATED and (stage in ENDED) is ended)
