"""How the bot shows itself in Telegram: its name, what it says of itself, and the menu of commands, in each language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.channels.telegram.api import seconds_to_wait
from bot.flows.handoff.people import WITHOUT_REFERRALS
from bot.flows.inputs import Command
from bot.speech.catalogue import SOURCE_LANGUAGE, Catalogue, languages

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands offered in some chats."""

    scope: BotCommandScope
    commands: tuple[Command, ...]


CANDIDATES = (
    Command.START,
    Command.HELP,
    Command.LANGUAGE,
    Command.BACK,
    Command.STOP,
    Command.RESTART,
    Command.REVIEW,
    Command.PRIVACY,
    Command.DELETE,
)

STAFF = ("new", "list", "done", "refer")
"""What a member of staff is offered in their chat: the commands of the bench."""
WITH_REFERRALS = (*STAFF, "stats")
"""What those are offered who work with referrals."""
JOINED = "desk.joined."
"""How the events begin with which a chat becomes one of staff; the role follows."""
LEFT = "desk.dismissed"


def menus() -> tuple[Menu, ...]:
    """The menus, by the chats that they are for."""
    return (Menu(BotCommandScopeAllPrivateChats(), CANDIDATES),)


async def present(bot: Bot, texts: Catalogue) -> None:
    """Set what differs from what Telegram has; what cannot be set now (it is limited to a few a day) stays as it is."""
    for compare_and_set in _parts(bot, texts):
        try:
            await compare_and_set()
        except TelegramError as error:
            log.warning("profile not set", error=type(error).__name__, retry_after=seconds_to_wait(error))


def _parts(bot: Bot, texts: Catalogue) -> Iterator[Callable[[], Awaitable[None]]]:
    for language in languages():
        part = _InLanguage(bot, texts, language)
        for menu in menus():
            yield lambda part=part, menu=menu: part.set_menu(menu)  # type: ignore[misc]
        yield part.set_name
        yield part.set_description
        yield part.set_short_description


@dataclass(frozen=True, slots=True)
class _InLanguage:
    """What the bot shows in one language; the source language is for all whose own is not spoken."""

    bot: Bot
    texts: Catalogue
    language: str

    @property
    def _code(self) -> str | None:
        """The language as Telegram has it: two letters, none for the default."""
        return None if self.language == SOURCE_LANGUAGE else self.language.partition("_")[0]

    def _text(self, key: str) -> str:
        return self.texts.text(self.language, f"telegram.{key}")

    async def set_menu(self, menu: Menu) -> None:
        """Set the commands of some chats."""
        wanted = tuple(BotCommand(each.value, self._text(f"command.{each.value}")) for each in menu.commands)
        if await self.bot.get_my_commands(menu.scope, self._code) != wanted:
            await self.bot.set_my_commands(wanted, menu.scope, self._code)

    async def set_name(self) -> None:
        """Set the bot's name."""
        wanted = self._text("name")
        if (await self.bot.get_my_name(self._code)).name != wanted:
            await self.bot.set_my_name(wanted, self._code)

    async def set_description(self) -> None:
        """Set what an empty chat with the bot shows."""
        wanted = self._text("description")
        if (await self.bot.get_my_description(self._code)).description != wanted:
            await self.bot.set_my_description(wanted, self._code)

    async def set_short_description(self) -> None:
        """Set what the bot's profile and a link to it show."""
        wanted = self._text("short_description")
        if (await self.bot.get_my_short_description(self._code)).short_description != wanted:
            await self.bot.set_my_short_description(wanted, self._code)


def changes_menu(event: str) -> bool:
    """Whether a chat gets another menu with what is said there."""
    return event.startswith(JOINED) or event == LEFT


async def change_menu(bot: Bot, texts: Catalogue, chat: int, event: str, locale: str) -> None:
    """Offer the commands of staff in a chat that has joined, and those of candidates again in one that has left."""
    scope = BotCommandScopeChat(chat)
    if event == LEFT:
        await bot.delete_my_commands(scope)
        return
    without = event.removeprefix(JOINED) in WITHOUT_REFERRALS
    offered = STAFF if without else WITH_REFERRALS
    await bot.set_my_commands(
        [BotCommand(each, texts.text(locale, f"telegram.command.{each}")) for each in offered], scope
    )
