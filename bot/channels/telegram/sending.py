"""Saying what is to be said, and tidying up the buttons that it makes old."""

from __future__ import annotations

from dataclasses import replace

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest, RetryAfter

from bot.channels.telegram.api import Background, as_delivery_knows
from bot.channels.telegram.keyboards import Keyboards, Standing
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.placing import Placing
from bot.channels.telegram.profile import change_menu, changes_menu
from bot.channels.telegram.rendering import Markup, Rendered, render
from bot.ports import Outbound
from bot.speech.catalogue import Catalogue
from bot.speech.message import Message

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
AFTER_CONTACT = "referral_requested"
PNG = b"\x89PNG"
"""How every PNG begins; other pictures are JPEGs."""

log = structlog.get_logger()


class Sender:
    """The channel as delivery knows it: sends each message, once Telegram has room for it."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a message may touch
        self, bot: Bot, texts: Catalogue, pace: Pace, keyboards: Keyboards, background: Background, placing: Placing
    ) -> None:
        self._bot = bot
        self._texts = texts
        self._pace = pace
        self._keyboards = keyboards
        self._background = background
        self._placing = placing

    async def send(self, outbound: Outbound) -> None:
        """Say one message. Raises `RetryLater`, `Blocked`, or the library's own errors."""
        chat, message = int(outbound.address.chat), outbound.message
        rendered = render(message, self._texts)
        if rendered is None:
            return
        with as_delivery_knows():
            if await self._placing.said_in_place(outbound, rendered):
                return
            thread = await self._placing.thread(outbound)
            if rendered.picture:
                await self._show(chat, rendered, thread)
            sent = await self._say(chat, rendered, self._removing(chat, message, rendered.markup), thread)
        await self._placing.keep(outbound, sent)
        self._remember(chat, message, rendered.markup, sent)
        event = message.event["event"]
        if changes_menu(event):
            self._background.start(change_menu(self._bot, self._texts, chat, event, message.locale))

    def _removing(self, chat: int, message: Message, markup: Markup | None) -> Markup | ReplyKeyboardRemove | None:
        """The markup; where there is none, it takes away the buttons that stand in place of the letters."""
        standing = self._keyboards.of(chat)
        up = message.event["event"] == AFTER_CONTACT or (standing is not None and standing.typed)
        return ReplyKeyboardRemove() if markup is None and up else markup

    async def _show(self, chat: int, rendered: Rendered, thread: int | None) -> None:
        """Send the picture. One that Telegram does not take is left out: the text says all that counts."""
        await self._pace.wait(chat)
        try:
            await self._bot.send_photo(
                chat,
                rendered.picture,
                filename="figure.png" if rendered.picture.startswith(PNG) else "slip.jpg",
                protect_content=rendered.guarded or None,
                message_thread_id=thread,
            )
        except RetryAfter:
            self._pace.strain()
            raise
        except BadRequest as error:
            log.info("picture refused", error=type(error).__name__)

    async def _say(
        self, chat: int, rendered: Rendered, markup: Markup | ReplyKeyboardRemove | None, thread: int | None
    ) -> int:
        """Send the pieces in order, in a topic if there is one; the id of the last, which has the buttons."""
        last = 0
        for number, text in enumerate(rendered.texts, 1):
            await self._pace.wait(chat)
            try:
                sent = await self._bot.send_message(
                    chat,
                    text,
                    link_preview_options=NO_PREVIEW,
                    protect_content=rendered.guarded or None,
                    message_thread_id=thread,
                    reply_markup=markup if number == len(rendered.texts) else None,
                )
            except RetryAfter:
                self._pace.strain()
                raise
            last = sent.message_id
        return last

    def _remember(self, chat: int, message: Message, markup: Markup | None, sent: int) -> None:
        """Note what stands now, and take down the buttons that a new step or new buttons have made old."""
        before = self._keyboards.of(chat) or Standing(message.locale)
        typed = isinstance(markup, ReplyKeyboardMarkup) or (before.typed and markup is not None)
        after = replace(before, locale=message.locale, typed=typed)
        waiting = message.waiting
        if waiting is not None:
            inline = isinstance(markup, InlineKeyboardMarkup)
            moved = (before.session, before.step) != (message.session, waiting.step)
            after.session, after.step = message.session, waiting.step
            if inline or moved:
                after.message = sent if inline else None
                if before.message is not None:
                    self._background.start(self.take_down(chat, before.message))
        self._keyboards.keep(chat, after)

    async def take_down(self, chat: int, message: int) -> None:
        """Take a message's buttons away."""
        self._keyboards.take_down(chat, message)
        await self._bot.edit_message_reply_markup(chat, message)
