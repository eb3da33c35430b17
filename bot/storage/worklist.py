"""Referrals as the desk reads them, as SQL: what a site sees, one referral with its record, and who took its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.flows.bench.case import SOURCE
from bot.flows.bench.codes import same
from bot.flows.handoff import letters
from bot.flows.handoff.moves import HandOff
from bot.flows.handoff.people import Person
from bot.flows.handoff.rooms import ID_LENGTH, Member, SiteRoom
from bot.flows.handoff.stages import Action, Stage
from bot.ports import Address
from bot.ports.storage import Cipher
from bot.services.worklist import PAGE_SIZE, TABS, Listed, Listing, Opened, StepTaken, Viewer, Wanted, stages_of
from bot.storage.database import transaction
from bot.storage.referrals import open_detail
from bot.storage.tables import context, prescreenings, referral_steps, referrals, sessions

MOST_OPENED = 500  # referrals whose code is looked at for one search

_COLUMNS = (
    referrals.c.reference,
    referrals.c.trial,
    referrals.c.site,
    referrals.c.verdict,
    referrals.c.state,
    referrals.c.requested_at,
    sessions.c.session,
)
_WITH_COURSE = referrals.outerjoin(
    sessions, and_(sessions.c.channel == letters.REFERRALS, sessions.c.chat == referrals.c.reference)
)


class SqlWorklist:
    """The tables behind the `WorklistStore` port. Every method is a transaction of its own."""

    def __init__(self, engine: AsyncEngine, cipher: Cipher) -> None:
        self._engine = engine
        self._cipher = cipher

    async def listing(self, viewer: Viewer, wanted: Wanted, late: datetime) -> Listing:
        """A page of what the viewer's site sees; see the port. Three statements, or two where the viewer has no site."""
        async with transaction(self._engine) as connection:
            seen = await self._seen_by(connection, viewer)
            tabs = {tab: _in_tab(tab, viewer.member, late) for tab in TABS}
            counts = (await connection.execute(_counts(seen, tabs))).one()
            rows = (await connection.execute(_page(seen & tabs[wanted.tab], wanted))).all()
        lines = tuple(self._listed(row) for row in rows[:PAGE_SIZE])
        return Listing(lines, {tab: int(counts[place] or 0) for place, tab in enumerate(tabs)}, len(rows) > PAGE_SIZE)

    async def opened(self, viewer: Viewer, reference: str) -> Opened | None:
        """One referral; see the port. Four statements at most."""
        async with transaction(self._engine) as connection:
            seen = await self._seen_by(connection, viewer)
            found = (
                select(*_COLUMNS).select_from(_WITH_COURSE).where(seen, referrals.c.reference == _first_of(reference))
            )
            row = (await connection.execute(found)).one_or_none()
            if row is None:
                return None
            names = await self._names(connection)
            mine = referral_steps.c.reference == row.reference
            steps = await connection.execute(select(referral_steps).where(mine).order_by(referral_steps.c.id))
            return Opened(self._listed(row), tuple(self._step(step, names) for step in steps))

    async def by_code(self, viewer: Viewer, code: str) -> tuple[Listed, ...]:
        """The referrals of patients known under a code; see the port. Two statements at most. Codes are sealed: of the latest
        patients whom staff handed over, each is opened.
        """
        line = (prescreenings.c.reference == referrals.c.reference) & (prescreenings.c.source == SOURCE)
        async with transaction(self._engine) as connection:
            seen = await self._seen_by(connection, viewer)
            query = select(*_COLUMNS).select_from(_WITH_COURSE).where(seen, exists().where(line))
            rows = await connection.execute(query.order_by(referrals.c.requested_at.desc()).limit(MOST_OPENED))
            listed = map(self._listed, rows.all())
        return tuple(each for each in listed if each.hand_off and _known_as(each.hand_off.person, code))

    async def _seen_by(self, connection: AsyncConnection, viewer: Viewer) -> ColumnElement[bool]:
        """What a site sees: its own referrals, and those that came to it because nobody acted elsewhere."""
        site = viewer.site
        if site is None:
            return true()
        query = select(sessions.c.session).where(sessions.c.channel == letters.SITES, sessions.c.chat == site)
        sealed = (await connection.execute(query)).scalar_one_or_none()
        shown: Sequence[str] = ()
        if sealed is not None:
            shown = SiteRoom.model_validate_json(self._unseal(Address(letters.SITES, site), sealed)).open
        return or_(referrals.c.site == site, referrals.c.reference.in_(shown), _held_by(viewer.member))

    async def _names(self, connection: AsyncConnection) -> dict[str, str]:
        """What each member of staff is called."""
        query = select(sessions.c.chat, sessions.c.session).where(sessions.c.channel == letters.MEMBERS)
        rows = [row for row in await connection.execute(query) if row.session is not None]
        members = {
            row.chat: Member.model_validate_json(self._unseal(Address(letters.MEMBERS, row.chat), row.session))
            for row in rows
        }
        return {digest[:ID_LENGTH]: member.name or digest[:ID_LENGTH] for digest, member in members.items()}

    def _listed(self, row: Row[*tuple[Any, ...]]) -> Listed:
        address = Address(letters.REFERRALS, row.reference)
        course = None if row.session is None else HandOff.model_validate_json(self._unseal(address, row.session))
        stage = Stage(row.state) if course is None else course.stage
        return Listed(row.reference, row.trial, row.site, row.verdict, stage, row.requested_at, course)

    def _step(self, row: Row[*tuple[Any, ...]], names: dict[str, str]) -> StepTaken:
        by = None if row.member is None else names.get(row.member, row.member)
        return StepTaken(row.at, row.action, Stage(row.stage), by, open_detail(self._cipher, row.reference, row.sealed))

    def _unseal(self, address: Address, sealed: bytes) -> bytes:
        return self._cipher.decrypt(sealed, context(sessions, address))


def _known_as(person: Person, code: str) -> bool:
    """Whether a person is somebody whom the site knows under a code."""
    return person.reach.kind == "site" and same(person.reach.detail, code)


def _first_of(reference: str) -> ScalarSelect[str]:
    """The referral that sites work on where somebody names this one: the first, where it is a repeat."""
    asked = referrals.alias()
    first = func.coalesce(asked.c.first, asked.c.reference)
    return select(first).where(asked.c.reference == reference).scalar_subquery()


def _in_tab(tab: str, member: str, late: datetime) -> ColumnElement[bool]:
    """Whether a referral belongs in a tab. A repeat belongs in none."""
    there = referrals.c.first.is_(None) & referrals.c.state.in_([stage.value for stage in stages_of(tab)])
    if tab == "late":
        return and_(there, referrals.c.requested_at < late)
    return and_(there, _held_by(member)) if tab == "mine" else there


def _held_by(member: str) -> ColumnElement[bool]:
    """Whether a member holds a referral: they claimed it last, and that was not taken back."""
    claims = referral_steps.alias()
    of_this = (claims.c.reference == referrals.c.reference, claims.c.action == Action.CLAIM.value)
    last = select(claims.c.member).where(*of_this).order_by(claims.c.id.desc()).limit(1).scalar_subquery()
    return and_(referrals.c.state != Stage.REQUESTED.value, last == member)


def _counts(seen: ColumnElement[bool], tabs: dict[str, ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """How many referrals each tab has."""
    sums = (func.sum(case((within, 1), else_=0)) for within in tabs.values())
    return select(*sums).select_from(referrals).where(seen)


def _page(within: ColumnElement[bool], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """A page of the list, and one line of the next."""
    waits = referrals.c.state == Stage.REQUESTED.value
    narrowed = {"state": wanted.stage and wanted.stage.value, "site": wanted.site, "verdict": wanted.verdict}
    wishes = (referrals.c[name] == value for name, value in narrowed.items() if value is not None)
    order = (
        case((waits, 0), else_=1),
        case((waits, referrals.c.requested_at)),
        referrals.c.requested_at.desc(),
        referrals.c.reference,
    )
    query = select(*_COLUMNS).select_from(_WITH_COURSE).where(within, *wishes).order_by(*order)
    return query.offset(wanted.page * PAGE_SIZE).limit(PAGE_SIZE + 1)
