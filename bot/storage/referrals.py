"""Referrals as rows, written in the transaction of the turn that asked for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address, Cipher, Referral, Turn
from bot.storage.database import insert_into
from bot.storage.tables import context, referrals

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


async def withdraw_referrals(connection: AsyncConnection, addresses: Sequence[Address]) -> None:
    """Withdraw the referrals of these chats, and erase what they hold of the person."""
    keys = [(address.channel, address.chat) for address in addresses]
    mine = tuple_(referrals.c.channel, referrals.c.chat).in_(keys)
    await connection.execute(update(referrals).where(mine).values(state=WITHDRAWN, sealed=None))
