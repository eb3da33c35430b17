"""When a channel was last listened to, and who was talking there, as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address
from bot.storage.database import insert_into
from bot.storage.tables import address_of, inbox, presence, sessions


async def listening(connection: AsyncConnection, channel: str, now: datetime) -> datetime | None:
    """Note that the channel is listened to now; when it last was, None where it never was."""
    before = await connection.execute(select(presence.c.listened_at).where(presence.c.channel == channel))
    note = insert_into(connection, presence).values(channel=channel, listened_at=now)
    note = note.on_conflict_do_update(index_elements=[presence.c.channel], set_={"listened_at": now})
    last: datetime | None = before.scalar()
    await connection.execute(note)
    return last


async def talking(connection: AsyncConnection, channel: str, silent_in: Sequence[str]) -> list[Address]:
    """The chats of the channel with a conversation, but for those in these states."""
    query = select(sessions.c.channel, sessions.c.chat).where(
        sessions.c.channel == channel, sessions.c.session != null(), sessions.c.state.not_in(silent_in)
    )
    return [address_of(row) for row in await connection.execute(query.order_by(sessions.c.id))]


async def first_time(connection: AsyncConnection, address: Address, mark: str, now: datetime) -> bool:
    """Whether this mark is set in a chat for the first time. It is kept beside the ids of the chat's inputs."""
    note = insert_into(connection, inbox).on_conflict_do_nothing().returning(inbox.c.id)
    row = {"channel": address.channel, "chat": address.chat, "message_id": mark, "received_at": now}
    return (await connection.execute(note.values(row))).scalar() is not None
