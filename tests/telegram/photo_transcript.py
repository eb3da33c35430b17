"""Slips photographed in Telegram, by a candidate and by staff, as a page of the documentation and as a picture.

`python -m tests.telegram.photo_transcript` writes `docs/photo-transcript.md` and `docs/pictures/photo-telegram.png` anew: read
the difference.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.flows.handoff.people import Role
from bot.photo.worker import Reader
from tests.photos.papers import photographs
from tests.telegram.bench import Shift, join
from tests.telegram.bench_transcript import as_said
from tests.telegram.chat_picture import draw
from tests.telegram.conftest import Bot, in_process
from tests.telegram.people import ANSWERS, People, Person
from tests.telegram.screenings import Screening
from tests.telegram.server import Json, TelegramServer
from tests.telegram.transcript import ANA, NAMES, PHONE, Pages, quoted

PAGE = Path(__file__).parents[2] / "docs" / "photo-transcript.md"
PICTURE = PAGE.parent / "pictures" / "photo-telegram.png"
HEAD = """# Photographs of lab slips in Telegram, as it goes

What is said around a photographed slip, made by `python -m tests.telegram.photo_transcript` against the tests' own Bot API
server and the real reader. `[…]` is a button, ✋ a tap on it; 🔒 marks what can be neither forwarded nor saved.

![The candidate's conversation, from the photograph to the result](pictures/photo-telegram.png)

*The candidate's messages and the bot's, drawn from what that server was sent; the last column ends where a site is asked for.
It is no screenshot of Telegram's own app.*
"""
MA = 3
SIZES = [{"file_id": "slip", "file_unique_id": "s", "width": 1280, "height": 960}]


@dataclass
class Told:
    """What is said in two chats. `lines`: as the server was sent it in the candidate's; `pictures`: in order."""

    pages: Pages
    lines: list[Json]
    pictures: list[bytes]


@asynccontextmanager
async def reading(folder: Path) -> AsyncIterator[tuple[TelegramServer, Bot]]:
    """A bot with the real reader on a new database, and a slip that Telegram keeps."""
    async with TelegramServer() as server, in_process(server, folder / "prescreen.db", reader=Reader()) as bot:
        server.files["slip"] = next(photographs([0], seed=3)).data
        yield server, bot


async def told(folder: Path) -> Told:
    """A candidate's screening with a photograph, and then one of a member of staff."""
    async with reading(folder) as (server, bot):
        people, pages = People(server), Pages()
        ana = people.meet(ANA)
        screening = await _at_the_labs(ana, bot)
        server.on_said = pages.note
        ana.send(photo=SIZES)
        await ana.hears("I am reading your picture")
        screening._read = len(ana.inbox)
        await screening.finish()
        lines, pictures = [line for _, line in pages.said], [server.files["slip"], *server.uploads]
        pages.turn(ANA)
        server.on_said = lambda _: None
        await _at_the_bench(people.meet(MA), bot, pages)
    return Told(pages, lines, pictures)


async def _at_the_labs(ana: Person, bot: Bot) -> Screening:
    """Answer until the lab questions come."""
    screening = Screening(ana, {**ANSWERS, "spo2": "98%"}, PHONE)
    screening.begin("l_en-4scar7u")
    async with asyncio.timeout(screening.patience):
        while "lvef" not in screening.asked:
            await screening._react()
    await ana.hears("oxygen saturation")
    await bot.services.delivery.settle()
    return screening


async def _at_the_bench(ma: Person, bot: Bot, pages: Pages) -> None:
    """A member of staff sends the photograph of a patient's slip."""
    await join(bot, ma, Role.STAFF, "Nurse Ma")
    shift = Shift(ma)
    await shift.type("/new SZ-012", "SZ-012 ·")
    pages.parts += [f"## {NAMES[MA]}\n", "👤 **📷 SZ-012**\n"]
    ma.send(photo=SIZES, caption="SZ-012")
    pages.parts += quoted(await ma.hears("SZ-012: reading the picture"))
    screen = await ma.hears("by the numbers drawn in it")
    pages.parts += quoted({**screen, "photo": SIZES})
    label = ma.server.messages[MA, screen["message_id"]]["reply_markup"]["inline_keyboard"][0][0]["text"]
    screen = await shift.tap(screen, "take.1.")
    pages.parts += [f"✋ **{label}**\n", *quoted(as_said(screen))]


def main() -> None:
    """Write the page, and draw the picture."""
    NAMES[MA] = "The member of staff"
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(told(Path(folder)))
    PAGE.write_text("\n".join([HEAD, *found.pages.parts]), encoding="utf-8")
    draw(found.lines, found.pictures, PICTURE, until="nearest to you")


if __name__ == "__main__":
    main()
