"""What must be true of a chat, whatever happens to the bot: a plain model, with no database and no process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.flows.inputs import Opened, Reply
from bot.ports import Address, Inbound
from bot.speech.message import Message
from tests.crash.forms import CHANNEL, SCREENING, Forms, next_reply

LIVED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Person:
    """Someone who writes in one chat, and all that the bot owes them.

    `inputs`: all that they have said, by its number; `owed`: all that answers it; `acknowledged`: how many inputs the
    bot has answered for; `heard`: the number of the last message that came; `repeats`: how often one came again.
    """

    chat: str
    forms: Forms
    session: str | None = None
    inputs: list[Inbound] = field(default_factory=list)
    owed: list[Message] = field(default_factory=list)
    referrals: set[str] = field(default_factory=set)
    acknowledged: int = 0
    heard: int = 0
    repeats: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    _last: tuple[Message, ...] = ()

    @property
    def address(self) -> Address:
        """The chat's address."""
        return Address(CHANNEL, self.chat)

    def speak(self) -> Inbound:
        """Say the next thing, and work out what the bot owes for it."""
        number = len(self.inputs)
        text = next_reply(self._last, number)
        first = Opened(locale="en") if self.chat.startswith(SCREENING) and not number else Reply(text)
        inbound = Inbound(self.address, str(number), first)
        result = self.forms.talk(self.session, self.address, inbound.input, LIVED)
        self.inputs.append(inbound)
        self.session, self._last = result.session, result.messages
        self.owed += result.messages
        if result.referral is not None:
            self.referrals.add(result.referral.reference)
        return inbound

    def acknowledge(self, number: int) -> None:
        """The bot has answered for an input; for one that it has answered for before, again."""
        if number > self.acknowledged:
            self.faults["acknowledged out of order"] += 1
        self.acknowledged = max(self.acknowledged, number + 1)

    def hear(self, number: int, text: str | None) -> None:
        """A message has come: the next one, or the last one again."""
        if number not in (self.heard, self.heard + 1):
            self.faults["messages out of order"] += 1
        if not 0 < number <= len(self.owed) or self.owed[number - 1].text != text:
            self.faults["messages that nothing led to"] += 1
        self.repeats += number <= self.heard
        self.heard = max(self.heard, number)

    @property
    def settled(self) -> bool:
        """Whether all that was said is answered for, and all that is owed has come."""
        return self.acknowledged == len(self.inputs) and self.heard == len(self.owed)
