"""Which buttons stand in which chat, as far as this process has sent them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from bot.flows.inputs import ButtonPressed

MOST_CHATS = 10_000  # remembered at a time; the longest silent is forgotten first, and its buttons answer as old ones


@dataclass(slots=True)
class Standing:
    """What is known of a chat. `message`: the one whose buttons stand; `typed`: buttons in place of the letters are up."""

    locale: str
    session: str = ""
    step: int = 0
    message: int | None = None
    typed: bool = False


class Keyboards:
    """Remembers the buttons that stand. Nothing depends on it: what is forgotten is only not tidied up."""

    def __init__(self) -> None:
        self._chats: OrderedDict[int, Standing] = OrderedDict()

    def of(self, chat: int) -> Standing | None:
        """What is known of a chat."""
        return self._chats.get(chat)

    def keep(self, chat: int, standing: Standing) -> None:
        """Remember what stands now."""
        self._chats.pop(chat, None)
        self._chats[chat] = standing
        if len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)

    def answers(self, chat: int, pressed: ButtonPressed, message: int) -> bool:
        """Whether a tap answers what is waited for now, so that its choice may be shown as taken."""
        standing = self._chats.get(chat)
        if standing is None or standing.message != message:
            return False
        return (standing.session, standing.step) == (pressed.session, pressed.step)

    def take_down(self, chat: int, message: int) -> None:
        """The buttons of that message are gone."""
        standing = self._chats.get(chat)
        if standing is not None and standing.message == message:
            standing.message = None
