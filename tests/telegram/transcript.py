"""A whole screening by Telegram as a page of the documentation.

`python -m tests.telegram.transcript` writes `docs/telegram-transcript.md` anew: read the difference.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.bootstrap import in_background, load_conversations, running
from bot.channels.telegram.channel import telegram
from bot.channels.telegram.options import NAME, Options
from bot.settings import load_settings
from tests.telegram.people import People
from tests.telegram.screenings import REFERENCE, Screening
from tests.telegram.server import TOKEN, Json, TelegramServer

PAGE = Path(__file__).parents[2] / "docs" / "telegram-transcript.md"
HEAD = """# A screening by Telegram

What a person and the bot say, made by `python -m tests.telegram.transcript` against the tests' own Bot API server.
`[…]` is a button, ✋ a tap on it; 🔒 marks messages that can be neither forwarded nor saved.
"""


async def transcript(folder: Path) -> str:
    """The page, from a screening on a new database."""
    settings = load_settings(database=str(folder / "prescreen.db"))
    async with TelegramServer() as server:
        screening = Screening(People(server).meet(1))
        lines: list[Json] = []
        screening.person.server.on_said = lines.append
        async with (
            telegram(Options(TOKEN, server.base)) as channel,
            running(settings, load_conversations(settings), {NAME: channel}) as services,
            in_background(*channel.jobs(services.turns.take, services.store, services.clock)),
        ):
            screening.begin("l_en-4scar7u")
            await screening.finish()
            await services.delivery.settle()
    return "\n".join([HEAD, *(part for line in lines for part in _shown(line))])


def _shown(line: Json) -> Iterator[str]:
    if "callback_query" in line:
        query = line["callback_query"]
        rows = query["message"]["reply_markup"]["inline_keyboard"]
        label = next(each["text"] for row in rows for each in row if each["callback_data"] == query["data"])
        yield f"✋ **{label}**\n"
    elif "message" in line:
        said = line["message"]
        yield f"👤 **{said.get('text') or said['contact']['phone_number']}**\n"
    else:
        yield from _quoted(line)


def _quoted(message: Json) -> Iterator[str]:
    text = REFERENCE.sub("XXXX-XXX-XXX", message["text"])
    rows = [*message["markup"].get("inline_keyboard", []), *message["markup"].get("keyboard", [])]
    buttons = [" ".join(f"`[{button['text']}]`" for button in row) for row in rows]
    lines = [*(["🔒"] if message["protected"] else []), *text.splitlines(), *buttons]
    yield "\n".join(f"> {line}  " if line else ">" for line in lines) + "\n"


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(asyncio.run(transcript(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
