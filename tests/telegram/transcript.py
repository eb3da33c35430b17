"""A screening by Telegram, up to a coordinator who takes it over, as a page of the documentation.

`python -m tests.telegram.transcript` writes `docs/telegram-transcript.md` anew: read the difference.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.telegram.conftest import in_process
from tests.telegram.people import People, Person
from tests.telegram.screenings import REFERENCE, Screening
from tests.telegram.server import Json, TelegramServer
from tests.telegram.test_handoff import PHONE, button, join, press, shows

PAGE = Path(__file__).parents[2] / "docs" / "telegram-transcript.md"
HEAD = """# A screening by Telegram, and its hand-over

What people and the bot say, made by `python -m tests.telegram.transcript` against the tests' own Bot API server.
`[…]` is a button, ✋ a tap on it; 🔒 marks messages that can be neither forwarded nor saved.
"""
ANA, LI = 1, 2
NAMES = {ANA: "The candidate", LI: "The coordinator, Dr. Li"}
SECRET_CODE = re.compile(r"(?<=^/join ).+")
DAY = re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}$", re.MULTILINE)


@dataclass
class Pages:
    """What is said in the two chats, step by step."""

    said: list[tuple[int, Json]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    _chat: int | None = None

    def note(self, line: Json) -> None:
        """Something is said by a person, or to one."""
        query, message = line.get("callback_query"), line.get("message")
        chat = query["from"] if query else (message or line)["chat"]
        self.said.append((chat["id"], line))

    def turn(self, first: int) -> None:
        """A step is over: put down what was said in it, in the chat of `first` before the other."""
        for chat, line in sorted(self.said, key=lambda each: each[0] != first):
            self._head(chat)
            self.parts += _shown(line)
        self.said.clear()

    def add_end(self, card: Json) -> None:
        """Put down how a card that was said before ends now."""
        end = card["text"].splitlines()[-1]
        self._head(card["chat"]["id"])
        self.parts += ["The card now ends:\n", *quoted({"text": end, "markup": card["reply_markup"]})]

    def _head(self, chat: int) -> None:
        if chat != self._chat:
            self.parts.append(f"## {NAMES[chat]}\n")
            self._chat = chat


async def transcript(folder: Path) -> str:
    """The page, from a screening on a new database."""
    async with TelegramServer() as server, in_process(server, folder / "prescreen.db") as bot:
        people, pages = People(server), Pages()
        ana, li = people.meet(ANA), people.meet(LI)
        server.on_said = pages.note
        await join(bot, li, "Dr. Li")
        await bot.services.delivery.settle()
        pages.turn(LI)
        screening = Screening(ana, phone=PHONE)
        screening.begin("l_en-4scar7u")
        await screening.finish()
        await ana.hears("We are done.")
        card = await li.hears("Referral ")
        pages.turn(ANA)
        await _hand_over(server, pages, ana, li, card)
    return "\n".join([HEAD, *pages.parts])


async def _hand_over(server: TelegramServer, pages: Pages, ana: Person, li: Person, card: Json) -> None:
    """The coordinator takes the referral, and both write to each other."""
    await press(li, card, "claim")
    await li.hears("Phone:")
    await ana.hears("somebody in the study team has your request")
    await shows(server, card, "claimed. With Dr. Li")
    pages.turn(LI)
    await button(server, card, "write")
    pages.add_end(server.messages[LI, card["message_id"]])
    await press(li, card, "write")
    await li.hears("Whatever you write now")
    li.type("Can we talk tomorrow?")
    await ana.hears("Can we talk tomorrow?")
    await li.hears("Sent (")
    pages.turn(LI)
    heard = len(li.inbox)
    ana.type("Yes, at noon")
    await li.hears("Yes, at noon", heard)
    await ana.hears("Sent to the study team")
    pages.turn(ANA)


def _shown(line: Json) -> Iterator[str]:
    if "callback_query" in line:
        query = line["callback_query"]
        rows = query["message"]["reply_markup"]["inline_keyboard"]
        label = next(each["text"] for row in rows for each in row if each["callback_data"] == query["data"])
        yield f"✋ **{label}**\n"
    elif "message" in line:
        said = line["message"]
        text = said.get("text") or ("📷" if "photo" in said else said["contact"]["phone_number"])
        yield f"👤 **{SECRET_CODE.sub('XXXXXXXX', text)}**\n"
    else:
        yield from quoted(line)


def quoted(message: Json) -> Iterator[str]:
    """A message of the bot with its buttons; what differs from day to day is left out."""
    text = DAY.sub("DATE", REFERENCE.sub("XXXX-XXX-XXX", message["text"]))
    rows = [*message["markup"].get("inline_keyboard", []), *message["markup"].get("keyboard", [])]
    buttons = [" ".join(f"`[{button['text']}]`" for button in row) for row in rows]
    picture = ["🖼 *the picture, with its rows numbered*"] if "photo" in message else []
    lines = [*(["🔒"] if message.get("protected") else []), *picture, *text.splitlines(), *buttons]
    yield "\n".join(f"> {line}  " if line else ">" for line in lines) + "\n"


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(asyncio.run(transcript(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
