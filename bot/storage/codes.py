"""Codes by which a person goes on at another device, as SQL: each is good once, and for a short time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address
from bot.ports.storage import Cipher
from bot.storage.tables import address_of, context, resume_codes


async def add(  # noqa: PLR0913, PLR0917 - what a code is made of
    connection: AsyncConnection, cipher: Cipher, address: Address, code: str, secret: str, expires_at: datetime
) -> None:
    """Keep a code; those of the chat before it are good no more."""
    mine = (resume_codes.c.channel == address.channel, resume_codes.c.chat == address.chat)
    await connection.execute(delete(resume_codes).where(*mine))
    row = {
        "channel": address.channel,
        "chat": address.chat,
        "code": code,
        "expires_at": expires_at,
        "sealed": cipher.encrypt(secret.encode(), context(resume_codes, address, code)),
    }
    await connection.execute(insert(resume_codes).values(row))


async def redeem(connection: AsyncConnection, cipher: Cipher, code: str, now: datetime) -> str | None:
    """What was kept under a code, taken out; None where there is none that is still good. Late ones are dropped."""
    await connection.execute(delete(resume_codes).where(resume_codes.c.expires_at <= now))
    columns = (resume_codes.c.channel, resume_codes.c.chat, resume_codes.c.sealed)
    taken = await connection.execute(delete(resume_codes).where(resume_codes.c.code == code).returning(*columns))
    row = taken.one_or_none()
    if row is None:
        return None
    return cipher.decrypt(row.sealed, context(resume_codes, address_of(row), code)).decode()
