"""One person's data: all that is kept of a chat, out in the open, or gone."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.desk import MARK
from bot.flows.handoff.stages import Stage
from bot.ports import Address
from bot.ports.storage import Cipher
from bot.storage.referrals import ORIGINS, is_by_staff
from bot.storage.tables import address_of, context, journal, of_chats, referrals, sessions


async def find(connection: AsyncConnection, reference: str) -> Address | None:
    """The chat that a referral came from; None where there is no such referral."""
    mine = referrals.c.reference == reference
    row = (await connection.execute(select(referrals.c.channel, referrals.c.chat).where(mine))).first()
    return None if row is None else address_of(row)


async def is_of_staff(connection: AsyncConnection, cipher: Cipher, reference: str) -> bool:
    """Whether a referral came from a chat that is, or was, one of staff, who hand over many people from their bench."""
    row = (await connection.execute(ORIGINS.where(referrals.c.reference == reference))).first()
    if row is None:
        return False
    chat = (sessions.c.channel == row.channel, sessions.c.chat == row.chat)
    state = (await connection.execute(select(sessions.c.state).where(*chat))).scalar()
    return state == MARK or is_by_staff(cipher, row)


async def export(connection: AsyncConnection, cipher: Cipher, address: Address) -> dict[str, Any]:
    """All that is kept of a chat, decrypted: its conversation, what happened in it, and its referrals.

    Whom staff handed over from it are other people, and not among them.
    `{"channel", "chat", "conversation": {…} | null, "journal": [{"at", "input", "events"}], "referrals": [{…}]}`.
    """

    async def rows(table: Any, order: Any) -> Any:  # noqa: ANN401 - a table's rows
        mine = (table.c.channel == address.channel, table.c.chat == address.chat)
        return await connection.execute(select(table).where(*mine).order_by(order))

    session = (await rows(sessions, sessions.c.id)).first()
    origins = await connection.execute(ORIGINS.where(of_chats(referrals, [address])))
    of_others = {row.reference for row in origins if is_by_staff(cipher, row)}
    asked = await rows(referrals, referrals.c.requested_at)
    return {
        "channel": address.channel,
        "chat": address.chat,
        "conversation": _opened(cipher, session.session, context(sessions, address)) if session else None,
        "journal": [
            {"at": row.at.isoformat(), **_opened(cipher, row.sealed, context(journal, address, row.message_id))}
            for row in await rows(journal, journal.c.id)
        ],
        "referrals": [_referral(cipher, row) for row in asked if row.reference not in of_others],
    }


async def export_referral(connection: AsyncConnection, cipher: Cipher, reference: str) -> dict[str, Any]:
    """All that is kept of somebody whom staff handed over, in the form of `export`: their referral, and nothing of the member."""
    rows = await connection.execute(select(referrals).where(referrals.c.reference == reference))
    found = [_referral(cipher, row) for row in rows]
    return {"channel": None, "chat": None, "conversation": None, "journal": [], "referrals": found}


def _opened(cipher: Cipher, sealed: bytes | None, place: bytes) -> Any:  # noqa: ANN401 - whatever was stored
    return None if sealed is None else json.loads(cipher.decrypt(sealed, place))


def _referral(cipher: Cipher, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    place = context(referrals, Address(row.channel, row.chat), row.reference)
    return {
        "reference": row.reference,
        "site": row.site,
        "state": _told(row.state),
        "requested_at": row.requested_at.isoformat(),
        "details": _opened(cipher, row.sealed, place),
    }


def _told(state: str) -> str:
    """How a referral stands, for its person: a repeat is a request like any other, for the first may be another person's."""
    return Stage.REQUESTED.value if state == Stage.REPEATED else state


async def forget_session(connection: AsyncConnection, address: Address) -> None:
    """Drop the conversation of a chat; the count of what was said stays, so that numbers are never used twice."""
    mine = (sessions.c.channel == address.channel, sessions.c.chat == address.chat)
    await connection.execute(update(sessions).where(*mine).values(session=None))
