"""A member of staff at the bench by Telegram: what they type and tap, counted, and what the screens say then."""

from __future__ import annotations

from dataclasses import dataclass

from bot.flows.handoff.people import Role
from bot.services.staff import invite
from tests.telegram.conftest import Bot
from tests.telegram.people import Person
from tests.telegram.server import Json
from tests.telegram.test_talking import until

SLIP = """Hemoglobin 92 g/L (130-175)
Total bilirubin 12 umol/L (3.4-20.5)
Creatinine 70 umol/L (57-97)
AST 30 U/L (15-40)
ALT 28 U/L (9-50)"""
REST = "age 34, male, kps 90, spo2 97, lvef 60"
FAVOURABLE = ("cd7", "other_antigens", "life_expectancy", "consent")
"""The questions to which a yes is what is hoped for."""


async def join(bot: Bot, person: Person, role: Role, name: str) -> None:
    """A person joins the staff in Shenzhen."""
    code = await invite(bot.services.store, bot.services.clock.now(), role=role, site="shenzhen", name=name)
    person.type(f"/join {code}")
    await person.hears("/new HK-012" if role is Role.STAFF else "gets referrals from now on")


@dataclass
class Shift:
    """A member of staff at work. `acts`: how many messages they typed and buttons they tapped."""

    person: Person
    acts: int = 0

    async def type(self, text: str, hears: str) -> Json:
        """Type a message; the screen, or whatever else is said to it with these words."""
        self.acts += 1
        heard = len(self.person.inbox)
        self.person.type(text)
        return await self.person.hears(hears, heard)

    async def tap(self, screen: Json, word: str) -> Json:
        """Tap the button of a screen whose choice begins so; the screen, once it is said anew."""
        self.acts += 1
        before = self.now(screen)
        choice = next(each for each in self.person.buttons(screen) if each.startswith(word))
        self.person.tap(screen, self.person.buttons(screen)[choice])
        await until(lambda: self.now(screen) != before)
        return self.now(screen)

    def now(self, screen: Json) -> Json:
        """A message as it stands in the chat now."""
        return dict(self.person.server.messages[self.person.id, screen["message_id"]])

    async def screen_one(self, code: str) -> Json:
        """Screen a candidate, against whom nothing speaks, from a pasted slip; the screen."""
        await self.type(f"/new {code}", code)
        await self.type(SLIP, "Read: Hemoglobin")
        screen = await self.type(REST, "Read: Age")
        for question in FAVOURABLE:
            screen = await self.tap(screen, f"pick.1.{question}.yes")
        return await self.tap(screen, "rest.1.")
