"""Messages that are said anew in their place, and topics that belong to one referral."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.channels.telegram.api import UNCHANGED
from bot.channels.telegram.rendering import Rendered
from bot.ports import Outbound
from bot.ports.storage import ChatMemory

TOPIC = "topic."


class Placing:
    """Knows where messages are that have a place of their own. `memory`: had once the store is open."""

    def __init__(self, bot: Bot, memory: asyncio.Future[ChatMemory]) -> None:
        self._bot = bot
        self._memory = memory

    async def said_in_place(self, outbound: Outbound, rendered: Rendered) -> bool:
        """Whether the message was said in the place that it has. Of a long one, that is its last piece."""
        message = outbound.message
        if not message.place or message.anew:
            return False
        number = await (await self._memory).place(outbound.address, message.place)
        markup = rendered.markup if isinstance(rendered.markup, InlineKeyboardMarkup) else None
        try:
            if number is None:
                return False
            chat = int(outbound.address.chat)
            await self._bot.edit_message_text(rendered.texts[-1], chat, number, reply_markup=markup)
        except BadRequest as error:
            return UNCHANGED in error.message.lower()
        return True

    async def keep(self, outbound: Outbound, number: int) -> None:
        """Remember where the message is. Where it was until now, its buttons go: they belong to what it said then."""
        place = outbound.message.place
        if not place:
            return
        memory = await self._memory
        before = await memory.place(outbound.address, place)
        await memory.put_place(outbound.address, place, number)
        if before is not None and before != number:
            with suppress(TelegramError):  # tidiness alone: an old button changes nothing wrong
                await self._bot.edit_message_reply_markup(int(outbound.address.chat), before)

    async def thread(self, outbound: Outbound) -> int | None:
        """The topic that the message belongs to, opened where there is none; None where the bot may not open one."""
        topic = outbound.message.topic
        if not topic:
            return None
        memory = await self._memory
        number = await memory.place(outbound.address, f"{TOPIC}{topic}")
        if number is None:
            try:
                opened = await self._bot.create_forum_topic(int(outbound.address.chat), topic)
            except (BadRequest, Forbidden):
                return None
            number = opened.message_thread_id
            await memory.put_place(outbound.address, f"{TOPIC}{topic}", number)
        return number
