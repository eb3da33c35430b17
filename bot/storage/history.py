"""What was said in the chats of channels that keep it, to be read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.inputs import INPUT
from bot.ports import Address, Inbound, Outbound
from bot.ports.storage import Cipher
from bot.speech.message import MESSAGE
from bot.storage.tables import context, inbox, of_chats, outbox, sessions

_HEARD: TypeAdapter[tuple[str, Any]] = TypeAdapter(tuple[str, Any])


def seal_heard(cipher: Cipher, row: Outbound) -> bytes | None:
    """The input that a message answers, sealed with its place."""
    if row.answers is None:
        return None
    heard = (row.answers.message_id, INPUT.dump_python(row.answers.input, mode="json"))
    return cipher.encrypt(_HEARD.dump_json(heard), _place(row.address, row.number))


def _place(address: Address, number: int) -> bytes:
    return context(outbox, address, number, "heard")


async def said(connection: AsyncConnection, cipher: Cipher, address: Address, after: int) -> list[Outbound]:
    """The messages of a chat with a number over `after`, in order, each first one of a turn with what it answers."""
    query = select(outbox.c.number, outbox.c.sealed, outbox.c.heard, outbox.c.sent_at)
    mine = (outbox.c.channel == address.channel, outbox.c.chat == address.chat, outbox.c.number > after)
    rows = await connection.execute(query.where(*mine).order_by(outbox.c.number))
    return [_open(cipher, address, row) for row in rows if row.sealed]


def _open(cipher: Cipher, address: Address, row: Row[*tuple[Any, ...]]) -> Outbound:
    message = MESSAGE.validate_json(cipher.decrypt(row.sealed, context(outbox, address, row.number)))
    answers = None
    if row.heard is not None:
        message_id, heard = _HEARD.validate_json(cipher.decrypt(row.heard, _place(address, row.number)))
        answers = Inbound(address, message_id, INPUT.validate_python(heard))
    return Outbound(row.number, address, message, answers=answers)


async def counts(connection: AsyncConnection, addresses: Sequence[Address]) -> dict[Address, int]:
    """How many messages were ever said in each of these chats."""
    query = select(sessions.c.channel, sessions.c.chat, sessions.c.said)
    rows = await connection.execute(query.where(of_chats(sessions, addresses)))
    return {Address(row.channel, row.chat): row.said for row in rows}


async def was_taken(connection: AsyncConnection, address: Address, message_id: str) -> bool:
    """Whether an input of that id was taken in a chat."""
    mine = (inbox.c.channel == address.channel, inbox.c.chat == address.chat, inbox.c.message_id == message_id)
    return (await connection.execute(select(inbox.c.id).where(*mine))).one_or_none() is not None


async def is_erased(connection: AsyncConnection, address: Address) -> bool:
    """Whether all of a chat was deleted, and nothing was begun there since."""
    query = select(sessions.c.id).where(of_chats(sessions, [address]), sessions.c.session.is_(None))
    return (await connection.execute(query)).one_or_none() is not None
