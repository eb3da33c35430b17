"""A screening by Telegram from a photograph of the slip, as a page of the documentation.

`python -m tests.telegram.photo_transcript` writes `docs/photo-transcript.md` anew: read the difference.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bot.photo.worker import Reader
from tests.photos.papers import photographs
from tests.telegram.conftest import in_process
from tests.telegram.people import ANSWERS, People
from tests.telegram.screenings import Screening
from tests.telegram.server import TelegramServer
from tests.telegram.transcript import ANA, Pages

PAGE = Path(__file__).parents[2] / "docs" / "photo-transcript.md"
HEAD = """# A screening by Telegram from a photograph of the slip

What is said from the first lab question on, made by `python -m tests.telegram.photo_transcript` against the tests' own Bot API
server and the real reader. `[…]` is a button, ✋ a tap on it; 🔒 marks what can be neither forwarded nor saved.
"""


async def transcript(folder: Path) -> str:
    """The page, from a screening on a new database."""
    async with TelegramServer() as server, in_process(server, folder / "prescreen.db", reader=Reader()) as bot:
        server.files["slip"] = next(photographs([0], seed=3)).data
        ana, pages = People(server).meet(ANA), Pages()
        screening = Screening(ana, {**ANSWERS, "spo2": "98%"}, "+8613800138000")
        screening.begin("l_en-4scar7u")
        async with asyncio.timeout(screening.patience):
            while "lvef" not in screening.asked:
                await screening._react()
        await ana.hears("oxygen saturation")
        await bot.services.delivery.settle()
        server.on_said = pages.note
        sizes = [{"file_id": "slip", "file_unique_id": "s", "width": 1280, "height": 960}]
        ana.send(photo=sizes)
        await ana.hears("I am reading your picture")
        screening._read = len(ana.inbox)
        await screening.finish()
        pages.turn(ANA)
    return "\n".join([HEAD, *pages.parts])


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(asyncio.run(transcript(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
