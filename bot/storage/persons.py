"""One person's data: all that is kept of a chat, out in the open, or gone."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.stages import Stage
from bot.ports import Address
from bot.ports.storage import Cipher
from bot.storage.tables import address_of, context, journal, referrals, sessions


async def find(connection: AsyncConnection, reference: str) -> Address | None:
    """The chat that a referral came from; None where there is no such referral."""
    mine = referrals.c.reference == reference
    row = (await connection.execute(select(referrals.c.channel, referrals.c.chat).where(mine))).first()
    return None if row is None else address_of(row)


async def export(connection: AsyncConnection, cipher: Cipher, address: Address) -> dict[str, Any]:
    """All that is kept of a chat, decrypted: its conversation, what happened in it, and its referrals.

    `{"channel", "chat", "conversation": {…} | null, "journal": [{"at", "input", "events"}], "referrals": [{…}]}`.
    """

    def opened(sealed: bytes | None, place: bytes) -> Any:  # noqa: ANN401 - whatever was stored
        return None if sealed is None else json.loads(cipher.decrypt(sealed, place))

    async def rows(table: Any) -> Any:  # noqa: ANN401 - a table's rows
        mine = (table.c.channel == address.channel, table.c.chat == address.chat)
        return await connection.execute(select(table).where(*mine))

    session = (await rows(sessions)).first()
    return {
        "channel": address.channel,
        "chat": address.chat,
        "conversation": opened(session.session, context(sessions, address)) if session else None,
        "journal": [
            {"at": row.at.isoformat(), **opened(row.sealed, context(journal, address, row.message_id))}
            for row in await rows(journal)
        ],
        "referrals": [
            {
                "reference": row.reference,
                "site": row.site,
                "state": _told(row.state),
                "requested_at": row.requested_at.isoformat(),
                "details": opened(row.sealed, context(referrals, address, row.reference)),
            }
            for row in await rows(referrals)
        ],
    }


def _told(state: str) -> str:
    """How a referral stands, for its person: a repeat is a request like any other, for the first may be another person's."""
    return Stage.REQUESTED.value if state == Stage.REPEATED else state


async def forget_session(connection: AsyncConnection, address: Address) -> None:
    """Drop the conversation of a chat; the count of what was said stays, so that numbers are never used twice."""
    mine = (sessions.c.channel == address.channel, sessions.c.chat == address.chat)
    await connection.execute(update(sessions).where(*mine).values(session=None))
