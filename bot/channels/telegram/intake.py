"""Taking updates: all that they bring about is durable before they count as received."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from telegram import Bot, CallbackQuery, Update
from telegram import Message as Sent
from telegram.constants import ChatAction

from bot.channels.telegram.api import Background
from bot.channels.telegram.documents import text_of
from bot.channels.telegram.hearing import Elsewhere, Said, Tapped, hear
from bot.channels.telegram.keyboards import Keyboards
from bot.channels.telegram.options import NAME
from bot.channels.telegram.pacing import Excess, Flood
from bot.channels.telegram.texts import LONGEST, length
from bot.errors import Mendable
from bot.flows.bench.commands import MARK as BENCH
from bot.flows.handoff.desk import MARK
from bot.flows.inputs import ButtonPressed, Lapse, Lapsed, Reply
from bot.ports import Address, Clock, Inbound
from bot.ports.storage import Presence
from bot.speech.catalogue import SOURCE_LANGUAGE, Catalogue, known_language

LATE = timedelta(hours=12)
TOLD_OF_PRIVATE = "told-to-write-in-private"

log = structlog.get_logger()


class Intake:
    """Takes updates as they come, by polling or by webhook.

    `take` returns once an input is durable; `presence` remembers which groups were told to write in private.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the places that updates lead to
        self,
        bot: Bot,
        take: Callable[[Inbound], Awaitable[None]],
        presence: Presence,
        clock: Clock,
        texts: Catalogue,
        flood: Flood,
        keyboards: Keyboards,
        background: Background,
    ) -> None:
        self._bot = bot
        self._take = take
        self._presence = presence
        self._clock = clock
        self._texts = texts
        self._flood = flood
        self._keyboards = keyboards
        self._background = background

    async def receive(self, updates: Sequence[Update]) -> None:
        """Take updates, in order; returns once all that they bring about is durable.

        Raises `Mendable` where the store cannot be used: they are to be given again, and what was kept is known then.
        An update that fails in itself is given up and logged: it would come again and again, and stop the others.
        """
        try:
            await self._receive(updates)
        except Mendable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails in one of them
            if len(updates) == 1:
                log.warning("update given up", error=type(error).__name__)
                return
            for update in updates:
                await self.receive([update])

    async def _receive(self, updates: Sequence[Update]) -> None:
        happened = [each for each in map(hear, updates) if each is not None]
        heard = [said for each in happened if (said := self._within_limits(each)) is not None]
        heard = list(await asyncio.gather(*map(self._with_text, heard)))
        shown = {said.update_id: self._is_current(said, happened) for said in heard}
        await asyncio.gather(*(self._take(self._inbound(said)) for said in heard), *map(self._tell_elsewhere, happened))
        await asyncio.gather(*map(self._take, self._lapses(heard)))
        for each in happened:
            if isinstance(each, Tapped):
                self._answer(each, shown)

    def _within_limits(self, happened: Said | Tapped | Elsewhere) -> Said | None:
        """What a person did, unless it is a button of nobody's, or more than anybody does."""
        said = happened.said if isinstance(happened, Tapped) else happened
        if not isinstance(said, Said):
            return None
        excess = self._flood.count(said.chat)
        if excess is Excess.FIRST:
            log.info("too many messages from a chat: some are not read")
            self._background.start(self._bot.send_message(said.chat, self._text(said.chat, said.language, "flood")))
        return said if excess is Excess.NONE else None

    async def _with_text(self, said: Said) -> Said:
        """What was said, with the text of its file where it has one that can be read."""
        if said.slow or said.document:
            self._background.start(self._bot.send_chat_action(said.chat, ChatAction.TYPING))
        text = await text_of(said.document) if said.document else None
        return said if text is None else replace(said, input=Reply(text))

    def _is_current(self, said: Said, happened: Sequence[Said | Tapped | Elsewhere]) -> bool:
        """Whether a tap answers what is waited for now; of several taps at once, the first."""
        taps = [each for each in happened if isinstance(each, Tapped) and each.said and each.said.chat == said.chat]
        first = taps[0] if taps and taps[0].said is said else None
        message = first.query.message if first else None
        if message is None or not isinstance(said.input, ButtonPressed):
            return False
        return self._keyboards.answers(said.chat, said.input, message.message_id)

    def _inbound(self, said: Said) -> Inbound:
        return Inbound(Address(NAME, str(said.chat)), str(said.update_id), said.input)

    def _lapses(self, heard: Sequence[Said]) -> list[Inbound]:
        """For each chat whose messages waited for long: an input that tells the person, once a day."""
        now = self._clock.now()
        late = {said.chat: None for said in heard if said.at is not None and now - said.at > LATE}
        mark = f"late-{now.date()}"
        return [Inbound(Address(NAME, str(chat)), mark, Lapsed(Lapse.LATE)) for chat in late]

    async def _tell_elsewhere(self, happened: Said | Tapped | Elsewhere) -> None:
        """Say once in a group or channel that the bot is to be written to in private; nothing else is ever said there."""
        if not isinstance(happened, Elsewhere):
            return
        address = Address(NAME, str(happened.chat))
        if await self._presence.first_time(address, TOLD_OF_PRIVATE, self._clock.now()):
            text = self._text(happened.chat, happened.language, "private", link=self._bot.link)
            self._background.start(self._bot.send_message(happened.chat, text))

    def _answer(self, tapped: Tapped, shown: dict[int, bool]) -> None:
        """Answer a tap, always; show what was chosen in place of the buttons."""
        query, said = tapped.query, tapped.said
        if said is None:
            text = self._text(query.from_user.id, query.from_user.language_code, "foreign_button")
            self._background.start(self._bot.answer_callback_query(query.id, text))
            return
        self._background.start(self._bot.answer_callback_query(query.id))
        if isinstance(said.input, ButtonPressed) and said.input.session in (MARK, BENCH):
            return  # a card or a candidate's screen keeps its buttons until it is said anew
        if said.update_id in shown and query.message is not None:
            self._keyboards.take_down(said.chat, query.message.message_id)
            self._background.start(self._close(query, chosen=shown[said.update_id]))

    async def _close(self, query: CallbackQuery, *, chosen: bool) -> None:
        """Take the buttons of a message away, and show the one that was chosen, if it was."""
        message = query.message
        if message is None:
            return
        label = label_of(message, query.data) if chosen and isinstance(message, Sent) else None
        text = f"{message.text}\n\n✓ {label}" if isinstance(message, Sent) and message.text and label else None
        if text is not None and length(text) <= LONGEST:
            await self._bot.edit_message_text(text, message.chat.id, message.message_id)
        else:
            await self._bot.edit_message_reply_markup(message.chat.id, message.message_id)

    def _text(self, chat: int, language: str | None, key: str, **values: str) -> str:
        """A text of the channel's own, in the conversation's language if it is known, else in the person's."""
        standing = self._keyboards.of(chat)
        locale = standing.locale if standing else known_language(language) or SOURCE_LANGUAGE
        return self._texts.text(locale, f"telegram.{key}", **values)


def label_of(message: Sent, data: object) -> str | None:
    """What the button with this data is called."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return next((button.text for row in rows for button in row if button.callback_data == data), None)
