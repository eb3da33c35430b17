"""Retention: what is older than its age is deleted. Nothing of an open referral is, nor the prescreening log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.desk import MARK, Desk
from bot.flows.handoff.letters import ACTORS, REFERRALS, Post, Withdrawn, referral
from bot.flows.handoff.stages import ENDED
from bot.flows.states import State
from bot.ports import Address
from bot.ports.storage import Cipher, Tampered
from bot.services.letters import letter_rows
from bot.services.retention import Ages
from bot.storage.referrals import WITHDRAWN
from bot.storage.tables import (
    address_of,
    context,
    inbox,
    journal,
    outbox,
    referral_steps,
    referrals,
    resume_codes,
    sessions,
    timers,
)
from bot.storage.timers import post

AT_A_TIME = 300  # chats in a statement; databases limit its parameters

Counts = dict[str, int]


async def purge(connection: AsyncConnection, cipher: Cipher, ages: Ages, now: datetime) -> Counts:
    """Delete what has come to its age; how much of each kind that was."""
    return {
        "conversations": await _conversations(connection, now - ages.conversations),
        "referrals": await _referrals(connection, now - ages.referrals) + await _withdrawn(connection, cipher, now),
        "journal entries": await _count(connection, journal, (journal.c.at < now - ages.journal) & ~_open(journal)),
        "messages": await _count(connection, outbox, _gone(now - ages.journal)),
        "inputs set aside": await _set_aside(connection, now - ages.journal),
        "input ids": await _count(connection, inbox, (inbox.c.received_at < now - ages.ids) & ~_open(inbox)),
        "codes": await _count(connection, resume_codes, resume_codes.c.expires_at < now),
    }


def _open(table: Table) -> ColumnElement[bool]:
    """Whether a row is of a chat that asked for a referral which is open, or of that referral's own chat."""
    asked = (referrals.c.channel == table.c.channel) & (referrals.c.chat == table.c.chat)
    own = (table.c.channel == REFERRALS) & (referrals.c.reference == table.c.chat)
    return exists().where(referrals.c.state.not_in(ENDED), or_(asked, own)).correlate(table)


async def _count(connection: AsyncConnection, table: Table, which: ColumnElement[bool]) -> int:
    """Delete these rows; how many there were."""
    return (await connection.execute(delete(table).where(which))).rowcount


async def _conversations(connection: AsyncConnection, before: datetime) -> int:
    """Delete conversations in which nothing has happened since then, and for which nothing is set to happen."""
    awaited = exists().where(
        timers.c.channel == sessions.c.channel, timers.c.chat == sessions.c.chat, timers.c.due.is_not(None)
    )
    idle = select(sessions.c.channel, sessions.c.chat).where(
        sessions.c.session.is_not(None),
        sessions.c.updated_at < before,
        sessions.c.state.in_(list(State)),
        sessions.c.channel.not_in(ACTORS),
        ~awaited,
        ~_open(sessions),
    )
    chats = [tuple(row) for row in await connection.execute(idle)]
    await _forget(connection, chats)
    return len(chats)


async def _forget(connection: AsyncConnection, chats: Sequence[tuple[str, ...]]) -> None:
    """Delete what was said in these chats. The count of it stays, so that no number is given twice."""
    for start in range(0, len(chats), AT_A_TIME):
        some = chats[start : start + AT_A_TIME]
        for table in (journal, outbox, timers, resume_codes):
            await connection.execute(delete(table).where(tuple_(table.c.channel, table.c.chat).in_(some)))
        mine = tuple_(sessions.c.channel, sessions.c.chat).in_(some)
        await connection.execute(update(sessions).where(mine).values(session=None))
        theirs = tuple_(inbox.c.channel, inbox.c.chat).in_(some)
        await connection.execute(update(inbox).where(theirs).values(sealed=None))


async def _referrals(connection: AsyncConnection, before: datetime) -> int:
    """Delete answers, contact and notes of referrals that ended before then; that they were, and each step, stays."""
    last = (
        select(func.max(referral_steps.c.at))
        .where(referral_steps.c.reference == referrals.c.reference)
        .scalar_subquery()
    )
    ended = referrals.c.state.in_(ENDED) & (func.coalesce(last, referrals.c.requested_at) < before)
    query = select(referrals.c.reference).where(ended, referrals.c.sealed.is_not(None))
    references = list((await connection.execute(query)).scalars())
    for start in range(0, len(references), AT_A_TIME):
        some = references[start : start + AT_A_TIME]
        for table in (referrals, referral_steps):
            await connection.execute(update(table).where(table.c.reference.in_(some)).values(sealed=None))
    await _forget(connection, [(REFERRALS, reference) for reference in references])
    return len(references)


async def _withdrawn(connection: AsyncConnection, cipher: Cipher, now: datetime) -> int:
    """Send the letter that empties it to every referral that is withdrawn on record, and still holds something of the person.

    It goes through the referral's own turn, so that those that follow it hear of it, too. How many there are.
    """
    own = (sessions.c.channel == REFERRALS) & (sessions.c.chat == referrals.c.reference)
    query = select(referrals.c.reference).join(sessions, own)
    query = query.where(referrals.c.state == WITHDRAWN, sessions.c.session.is_not(None))
    posts = [Post(referral(reference), Withdrawn()) for reference in (await connection.execute(query)).scalars()]
    await post(connection, cipher, letter_rows(posts, now))
    return len(posts)


def _gone(before: datetime) -> ColumnElement[bool]:
    """Messages that were said and keep no text, and dead letters, whose time was before then."""
    said = (outbox.c.sent_at < before) & (func.length(outbox.c.sealed) == 0)
    return or_(said, outbox.c.dead.is_not(None) & (outbox.c.next_try < before)) & ~_open(outbox)


async def _set_aside(connection: AsyncConnection, before: datetime) -> int:
    """Delete what inputs said that could not be handled; that they came, and why they failed, stays."""
    which = inbox.c.sealed.is_not(None) & (inbox.c.received_at < before) & ~_open(inbox)
    return (await connection.execute(update(inbox).where(which).values(sealed=None))).rowcount


async def parked(connection: AsyncConnection, cipher: Cipher, before: datetime) -> dict[Address, int]:
    """The chats of staff with a bench, and with how many candidates on it nothing was done since then.

    A session that cannot be opened is left to the check of the database.
    """
    columns = (sessions.c.channel, sessions.c.chat, sessions.c.session)
    query = select(*columns).where(sessions.c.state == MARK, sessions.c.session.is_not(None))
    found = {}
    for row in await connection.execute(query.order_by(sessions.c.id)):
        address = address_of(row)
        try:
            desk = Desk.model_validate_json(cipher.decrypt(row.session, context(sessions, address)))
        except Tampered:
            continue
        if desk.bench.cases:
            found[address] = len(desk.bench.parked(before))
    return found
