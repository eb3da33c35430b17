"""A pre-screening by staff in Telegram, from the pasted slip to the coordinator, as a page of the documentation.

`python -m tests.telegram.bench_transcript` writes `docs/staff-transcript.md` anew: read the difference.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bot.flows.handoff.people import Role
from tests.telegram.bench import FAVOURABLE, REST, SLIP, Shift, join
from tests.telegram.conftest import in_process
from tests.telegram.people import People
from tests.telegram.server import Json, TelegramServer
from tests.telegram.test_handoff import press
from tests.telegram.transcript import quoted

PAGE = Path(__file__).parents[2] / "docs" / "staff-transcript.md"
HEAD = """# A pre-screening by staff, in Telegram

What a member of staff types and taps and what the bot says, made by `python -m tests.telegram.bench_transcript` against
the tests' own Bot API server. `[…]` is a button, ✋ a tap on it: the screen changes in its place. 🔒 marks messages that can
be neither forwarded nor saved.
"""
MA, LI = 1, 2


@dataclass
class Page:
    """What is said, step by step."""

    shift: Shift
    parts: list[str] = field(default_factory=list)

    async def type(self, text: str, hears: str) -> Json:
        """Put down a message that is typed, and what is said to it."""
        said = await self.shift.type(text, hears)
        self.parts += [f"👤 **{line}**  " for line in text.splitlines()]
        self.parts += ["", *quoted(said)]
        return said

    async def tap(self, screen: Json, *words: str) -> Json:
        """Put down taps one after the other, and how the screen stands after the last."""
        for word in words:
            rows = self.shift.now(screen)["reply_markup"]["inline_keyboard"]
            label = next(each["text"] for row in rows for each in row if f":{word}" in each["callback_data"])
            screen = await self.shift.tap(screen, word)
            self.parts.append(f"✋ **{label}**\n")
        self.parts += quoted(as_said(screen))
        return screen


def as_said(screen: Json) -> Json:
    """A message as it stands, in the form in which it was said."""
    return {**screen, "markup": screen.get("reply_markup", {}), "protected": True}


async def transcript(folder: Path) -> str:
    """The page, from a new database."""
    async with TelegramServer() as server, in_process(server, folder / "prescreen.db") as bot:
        people = People(server)
        ma, li = people.meet(MA), people.meet(LI)
        await join(bot, li, Role.COORDINATOR, "Dr. Li")
        await join(bot, ma, Role.STAFF, "Nurse Ma")
        page = Page(Shift(ma))
        await page.type("/new Zhang San", "may be a name")
        await page.type("/new SZ-012", "SZ-012")
        await page.type(SLIP, "Read: Hemoglobin")
        screen = await page.type(REST, "Read: Age")
        screen = await page.tap(screen, *(f"pick.1.{each}.yes" for each in FAVOURABLE))
        screen = await page.tap(screen, "rest.1.")
        await page.type("/new SZ-013", "SZ-013 ·")
        await page.type("kps 60, bilirubin 2", "SZ-013 ·")
        await page.type("/list", "Open patients")
        heard = len(ma.inbox)
        await page.shift.tap(screen, "refer.1")
        page.parts += ["✋ **Hand over**\n", *quoted(as_said(page.shift.now(screen)))]
        card = await li.hears("Referral ")
        page.parts += ["## The coordinator, Dr. Li\n", *quoted(card)]
        await press(li, card, "claim")
        page.parts += ["✋ **Claim**\n", *quoted(await li.hears("Known to the site"))]
        page.parts += ["## The member of staff\n", *quoted(await ma.hears("has the referral", heard))]
    return "\n".join([HEAD, *page.parts])


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(asyncio.run(transcript(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
