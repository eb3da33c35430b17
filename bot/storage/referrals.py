"""Referrals as rows, written in the transaction of the turn that asked for them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.bench.case import SOURCE
from bot.flows.handoff.letters import REFERRALS, Post, Unplaced, referral
from bot.flows.handoff.stages import UNSEEN, Action, Stage
from bot.ports import Address, Referral, ReferralStep, Turn
from bot.ports.storage import Cipher, Tampered
from bot.services.letters import letter_rows
from bot.storage.database import insert_into
from bot.storage.tables import address_of, context, of_chats, prescreenings, referral_steps, referrals, sessions
from bot.storage.timers import post

REQUESTED = "requested"
WITHDRAWN = "withdrawn"


async def add_referrals(connection: AsyncConnection, cipher: Cipher, turns: Sequence[Turn], now: datetime) -> None:
    """Put the referrals that turns asked for on record. One that is on record already stays as it is."""
    rows = [_row(cipher, turn.inbound.address, turn.referral, now) for turn in turns if turn.referral is not None]
    if rows:
        await connection.execute(insert_into(connection, referrals).on_conflict_do_nothing(), rows)


def _row(cipher: Cipher, address: Address, referral: Referral, now: datetime) -> dict[str, object]:
    details = json.dumps(referral.details, ensure_ascii=False).encode()
    return {
        "reference": referral.reference,
        "channel": address.channel,
        "chat": address.chat,
        "trial": referral.trial,
        "site": referral.site,
        "verdict": referral.verdict,
        "state": REQUESTED,
        "requested_at": now,
        "sealed": cipher.encrypt(details, context(referrals, address, referral.reference)),
    }


ORIGINS = select(
    *(referrals.c[name] for name in ("channel", "chat", "reference", "sealed")), prescreenings.c.source
).select_from(referrals.outerjoin(prescreenings, prescreenings.c.reference == referrals.c.reference))
"""Where referrals came from; perhaps a row more than once."""


def is_by_staff(cipher: Cipher, origin: Row[*tuple[Any, ...]]) -> bool:
    """Whether staff made a referral at their bench, for somebody whom their site alone knows.

    Where nothing of it is left, or it does not open, its line of the prescreening log tells: no link has that source.
    """
    if origin.sealed is not None:
        try:
            details = json.loads(
                cipher.decrypt(origin.sealed, context(referrals, address_of(origin), origin.reference))
            )
        except Tampered:
            pass
        else:
            return (details.get("reach") or {}).get("kind") == "site"
    return bool(origin.source == SOURCE)


async def asked_for(connection: AsyncConnection, cipher: Cipher, addresses: Iterable[Address]) -> list[str]:
    """The referrals that people asked for in these chats, without those that hold nothing any more and have heard of it.

    Whom somebody handed over who was of the staff in the chat is not theirs to take back.
    """
    own = (sessions.c.channel == REFERRALS) & (sessions.c.chat == referrals.c.reference)
    holding = exists().where(own, sessions.c.session.is_not(None))
    query = ORIGINS.where(of_chats(referrals, addresses), or_(referrals.c.state != WITHDRAWN, holding))
    rows = await connection.execute(query)
    return list(dict.fromkeys(row.reference for row in rows if not is_by_staff(cipher, row)))


async def withdraw_referrals(connection: AsyncConnection, references: Collection[str]) -> None:
    """Withdraw these referrals, and erase what they hold of the person, and of whom else they followed."""
    theirs = referrals.c.reference.in_(references)
    await connection.execute(update(referrals).where(theirs).values(state=WITHDRAWN, sealed=None, first=None))
    await _forget_details(connection, references)


async def _forget_details(connection: AsyncConnection, references: Collection[str]) -> None:
    """Erase the notes and reasons on the record of these referrals; that there were such steps stays."""
    theirs = referral_steps.c.reference.in_(references)
    await connection.execute(update(referral_steps).where(theirs).values(sealed=None))


async def make_known(connection: AsyncConnection, cipher: Cipher) -> None:
    """Have the open referrals of an earlier release ask the chats of their persons for their place, the oldest first."""
    query = select(referrals.c.reference, referrals.c.requested_at).where(referrals.c.state.not_in(UNSEEN))
    for row in await connection.execute(query.order_by(referrals.c.requested_at)):
        await post(connection, cipher, letter_rows([Post(referral(row.reference), Unplaced())], row.requested_at))


async def add_steps(connection: AsyncConnection, cipher: Cipher, turns: Sequence[Turn], now: datetime) -> None:
    """Add to the record of referrals, and note how far each has come.

    What staff noted after the person withdrew, and before the referral heard of it, is erased as it hears.
    """
    steps = [step for turn in turns for step in turn.steps]
    if not steps:
        return
    await connection.execute(insert(referral_steps), [_step_row(cipher, step, now) for step in steps])
    await connection.execute(_NOTE_STAGE, [{"of_reference": step.reference, "stage": step.stage} for step in steps])
    withdrawn = [step.reference for step in steps if step.action == Action.WITHDRAW]
    if withdrawn:
        await _forget_details(connection, withdrawn)
    turned = [{"of_reference": step.reference, "to": _first(step)} for step in steps if _turns(step)]
    if turned:
        await connection.execute(_NOTE_FIRST, turned)


def _turns(step: ReferralStep) -> bool:
    """Whether a step makes a referral the repeat of another one, or (asked for anew, too) one of its own."""
    return step.action == Action.REPEAT or step.stage == Stage.REQUESTED


def _first(step: ReferralStep) -> str | None:
    """The referral that it is a repeat of from now on: a repeat's detail names it."""
    return step.detail if step.action == Action.REPEAT else None


_STANDING = update(referrals).where(referrals.c.reference == bindparam("of_reference"), referrals.c.state != WITHDRAWN)
_NOTE_STAGE = _STANDING.values(state=bindparam("stage"))
_NOTE_FIRST = _STANDING.values(first=bindparam("to"))


def _step_row(cipher: Cipher, step: ReferralStep, now: datetime) -> dict[str, object]:
    return {
        "reference": step.reference,
        "action": step.action,
        "stage": step.stage,
        "member": step.by,
        "at": now,
        "sealed": cipher.encrypt(step.detail.encode(), _place(step.reference)) if step.detail else None,
    }


def open_detail(cipher: Cipher, reference: str, sealed: bytes | None) -> str:
    """The note or reason of a step; empty where there is none, or the person withdrew."""
    return cipher.decrypt(sealed, _place(reference)).decode() if sealed is not None else ""


def _place(reference: str) -> bytes:
    """What the detail of a step is bound to."""
    return b"\x1f".join((referral_steps.name.encode(), reference.encode()))
