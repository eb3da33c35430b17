"""People who go through a whole screening: they answer each question that is put to them, until a site is asked."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from functools import cache

from bot.speech.catalogue import languages
from tests.talks import ELIGIBLE, own_phone
from tests.telegram.people import Person
from tests.telegram.server import Json

WANTED = ("patient", "yes", "assess", "request", "shenzhen", "skip", "phone")
"""What is tapped where no question is asked; of others, the first."""
PATIENCE = 120.0  # seconds
REFERENCE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{3}-[2-9A-Z]{3}\b")


@cache
def questions() -> dict[str, str]:
    """The wording of every question, in every language, with its id."""
    from bot.library.trials import catalogue_for, load

    catalogue = catalogue_for("4scar7u")
    return {
        catalogue.text(language, f"question.{question.id}.ask.{respondent}"): question.id
        for question in load("4scar7u").questions
        for respondent in question.asked_of
        for language in languages()
    }


@dataclass
class Screening:
    """A person on the way to the end. `answers`: what they say to each question; buttons are tapped where there are some.

    `phone`: their number, which they share by Telegram's button.
    """

    person: Person
    answers: dict[str, str] = field(default_factory=lambda: dict(ELIGIBLE))
    phone: str = field(default_factory=own_phone)
    asked: list[str] = field(default_factory=list)
    patience: float = PATIENCE
    _read: int = 0
    _last: str = ""

    async def finish(self) -> None:
        """Go on until the referral is on record."""
        async with asyncio.timeout(self.patience):
            while not self._is_done():
                await self._react()

    def begin(self, payload: str = "") -> None:
        """Press Start, from a link if there is a payload."""
        self.person.type(f"/start {payload}".strip())

    def _is_done(self) -> bool:
        return any(REFERENCE.search(message["text"]) for message in self.person.inbox)

    async def _react(self) -> None:
        """Read the next message, and answer where one is asked for. A message that comes twice is answered once."""
        while self._read >= len(self.person.inbox):
            self.person.news.clear()
            await self.person.news.wait()
        message = self.person.inbox[self._read]
        self._read += 1
        if message["text"] != self._last and self._answer(message):
            self._last = message["text"]

    def _answer(self, message: Json) -> bool:
        if any("request_contact" in json.dumps(row) for row in message["markup"].get("keyboard", [])):
            self.person.share_contact(self.phone.removeprefix("+"))
            return True
        buttons = {choice: data for choice, data in _offered(message).items() if not choice.startswith("change.")}
        question = next((each for wording, each in questions().items() if wording in message["text"]), None)
        if question is not None and buttons:
            self.asked.append(question)
            answer = self.answers[question]
            if answer in buttons:
                self.person.tap(message, buttons[answer])
            else:
                self.person.type(answer)
        elif buttons:
            wanted = (self.person.language, *WANTED)
            choice = next((each for each in wanted if each in buttons), next(iter(buttons)))
            self.person.tap(message, buttons[choice])
        return bool(buttons)


def _offered(message: Json) -> dict[str, str]:
    """The buttons that a message came with: choice to data."""
    rows = message["markup"].get("inline_keyboard", [])
    return {button["callback_data"].split(":", 2)[2]: button["callback_data"] for row in rows for button in row}
