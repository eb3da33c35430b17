"""Where messages are that are said anew in the same place, as SQL."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address
from bot.storage.database import insert_into
from bot.storage.tables import places


async def place(connection: AsyncConnection, address: Address, name: str) -> int | None:
    """The channel's number of what has that name in the chat."""
    mine = (places.c.channel == address.channel, places.c.chat == address.chat, places.c.name == name)
    number: int | None = (await connection.execute(select(places.c.number).where(*mine))).scalar()
    return number


async def put_place(connection: AsyncConnection, address: Address, name: str, number: int) -> None:
    """Remember it."""
    insert = insert_into(connection, places)
    put = insert.values(channel=address.channel, chat=address.chat, name=name, number=number)
    put = put.on_conflict_do_update(index_elements=list(places.primary_key), set_={"number": number})
    await connection.execute(put)
