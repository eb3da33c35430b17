"""Names of persons' chats as the store keeps them: a keyed digest, for a number or an address stands in no table as it is.

The secret is drawn once for a database and kept sealed, so that a change of the key seals it anew and no name changes.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.letters import PERSONS
from bot.ports import Address, StoredSession, TimerRow
from bot.ports.storage import Cipher
from bot.storage.database import insert_into
from bot.storage.tables import inbox, journal, keys, of_chats, sessions

SECRET = "persons"  # noqa: S105 - the name of the row
SECRET_BYTES = 32
_CONTEXT = f"{keys.name}\x1f{SECRET}".encode()


async def make_secret(connection: AsyncConnection, cipher: Cipher) -> bool:
    """Draw the secret of a database that has none yet; whether it was drawn."""
    sealed = cipher.encrypt(secrets.token_bytes(SECRET_BYTES), _CONTEXT)
    row = {"name": SECRET, "sealed": sealed}
    drawn = await connection.execute(insert_into(connection, keys).values(row).on_conflict_do_nothing())
    return drawn.rowcount == 1


async def with_digests(
    connection: AsyncConnection, cipher: Cipher, given: Sequence[tuple[Address, TimerRow]]
) -> list[tuple[Address, TimerRow]]:
    """The letters, each to a person under the digest of that person's name. Raises `Tampered` where the secret was altered."""
    if not any(address.channel == PERSONS for address, _ in given):
        return list(given)
    sealed = (await connection.execute(select(keys.c.sealed).where(keys.c.name == SECRET))).scalar_one()
    secret = cipher.decrypt(sealed, _CONTEXT)
    return [(_digested(secret, address), row) for address, row in given]


def _digested(secret: bytes, address: Address) -> Address:
    if address.channel != PERSONS:
        return address
    return Address(PERSONS, hmac.digest(secret, address.chat.encode(), "sha256").hex())


async def forget_persons(connection: AsyncConnection, changed: Iterable[StoredSession]) -> None:
    """Delete all rows of the persons' chats that hold nothing more, and with them their digests.

    Letters that are under way to them stay: each is a row of its own, applied once because that row is, and begins a new chat.
    """
    gone = [each.address for each in changed if each.address.channel == PERSONS and each.session is None]
    if gone:
        for table in (sessions, journal, inbox):
            await connection.execute(delete(table).where(of_chats(table, gone)))
