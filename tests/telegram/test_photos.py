"""Photographs of lab slips by Telegram: fetched, read beside everything else, and read back once, whatever happens."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.flows.photographed import Photographed, PhotoRow, PhotoSlip, Refusal
from bot.ports import PhotoRefused
from tests.photos.papers import photographs
from tests.telegram.conftest import Bot, Serving, Start
from tests.telegram.people import ANSWERS, People, Person
from tests.telegram.screenings import Screening
from tests.telegram.server import Fault, TelegramServer

BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.1), (0.0, 0.1))
PICTURE = b"\xff\xd8 the picture with its rows numbered"
PAGES = {
    b"page 1": (PhotoRow(1, "Hemoglobin", "112", "g/L", "130-175", "", BOX),),
    b"page 2": (PhotoRow(2, "ALT", "30", "U/L", "9-50", "", BOX), PhotoRow(3, "AST", "28", "U/L", "15-40", "", BOX)),
}
COLLECTED = dt.date(2026, 1, 5)
NO_SLIP = b"a cat"
LONG = 50_000  # characters or bytes
READING = 120.0  # seconds for one picture with the real reader, on a machine that is busy: it gives way to all else


@dataclass
class Eyes:
    """Reads the pages that it knows by heart, once it may: for what happens around the reading of a picture."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    picture: bytes = PICTURE
    read_so_far: list[tuple[bytes, ...]] = field(default_factory=list)

    async def read(self, data: bytes | Sequence[bytes]) -> Photographed:
        """The rows of all pages, as one slip."""
        pages = (data,) if isinstance(data, bytes) else tuple(data)
        await self.may.wait()
        self.read_so_far.append(pages)
        if NO_SLIP in pages:
            raise PhotoRefused(Refusal.NO_TABLE)
        rows = tuple(row for page in pages for row in PAGES[page])
        return Photographed(PhotoSlip(rows, collected=COLLECTED), self.picture)

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def eyes() -> Eyes:
    """A reader that reads at once."""
    eyes = Eyes()
    eyes.may.set()
    return eyes


@pytest.fixture(autouse=True)
def files(server: TelegramServer) -> None:
    """The files that Telegram keeps."""
    server.files |= {"one": b"page 1", "two": b"page 2", "cat": NO_SLIP}


async def at_hemoglobin(person: Person) -> None:
    """Answer until the hemoglobin is asked for."""
    screening = Screening(person, {**ANSWERS, "hemoglobin": "/help"})
    screening.begin("l_en-4scar7u")
    async with asyncio.timeout(screening.patience):
        while "hemoglobin" not in screening.asked:
            await screening._react()
    await person.hears("You can write at any time")


def send(person: Person, file: str, album: str | None = None, **more: str) -> None:
    """Send a photo, in two sizes as Telegram keeps it; `more`: such as what is written under it."""
    sizes = [{"file_id": f"small-{file}", "file_unique_id": "s", "width": 90, "height": 90}]
    sizes.append({"file_id": file, "file_unique_id": "l", "width": 1280, "height": 960})
    person.send(photo=sizes, **({"media_group_id": album} if album else {}), **more)


async def test_a_photo_is_read_and_read_back_with_its_picture(
    start: Start, people: People, server: TelegramServer, eyes: Eyes
) -> None:
    """The person is told at once that it is read; then comes the picture with its numbers, and the table to accept."""
    async with start(reader=eyes):
        person = people.meet(1)
        await at_hemoglobin(person)
        send(person, "one")
        await person.hears("I am reading your picture")
        table = await person.hears("This is what I read in your picture")
        assert "row 1, Hemoglobin" in table["text"]
        assert server.uploads == [PICTURE]
        person.tap(table, person.buttons(table)["accept"])
        await person.hears("bilirubin")


async def test_an_album_is_one_slip(start: Start, people: People, eyes: Eyes) -> None:
    """Its pictures are read together, and read back as one table."""
    async with start(reader=eyes):
        person = people.meet(1)
        await at_hemoglobin(person)
        send(person, "one", album="a")
        send(person, "two", album="a")
        table = await person.hears("This is what I read in your picture")
        assert "row 1, Hemoglobin" in table["text"]
        assert "row 2, ALT" in table["text"]
        assert eyes.read_so_far == [(b"page 1", b"page 2")]


async def test_others_are_answered_while_a_picture_is_read(start: Start, people: People) -> None:
    """A picture that takes long holds nobody up, neither its sender nor anybody else."""
    eyes = Eyes()
    async with start(reader=eyes):
        person, other = people.meet(1), people.meet(2)
        await at_hemoglobin(person)
        send(person, "one")
        await person.hears("I am reading your picture")
        await at_hemoglobin(other)
        person.type("110 g/L")
        await person.hears("Hemoglobin")
        assert eyes.read_so_far == []
        eyes.may.set()
        await person.hears("you said before")


async def test_what_is_no_slip_is_said_to_be_none(start: Start, people: People, eyes: Eyes) -> None:
    """The person is told what to do instead, and asked again."""
    async with start(reader=eyes):
        person = people.meet(1)
        await at_hemoglobin(person)
        send(person, "cat")
        await person.hears("I could not find lab results in the picture")


async def test_a_picture_that_cannot_be_fetched_at_first_is_fetched_later(
    start: Start, people: People, server: TelegramServer, eyes: Eyes
) -> None:
    """A fault of the network loses no picture."""
    async with start(reader=eyes):
        person = people.meet(1)
        await at_hemoglobin(person)
        server.faults.append(Fault("getFile", "reset", times=1))
        send(person, "one")
        await person.hears("This is what I read in your picture")


async def test_a_picture_that_telegram_does_not_take_leaves_the_table(
    start: Start, people: People, server: TelegramServer, eyes: Eyes
) -> None:
    """The words say all that counts, so they come without it."""
    async with start(reader=eyes):
        person = people.meet(1)
        await at_hemoglobin(person)
        server.faults.append(Fault("sendPhoto", 400, description="Bad Request: PHOTO_INVALID_DIMENSIONS"))
        send(person, "one")
        await person.hears("This is what I read in your picture")


async def test_a_bot_that_ends_while_it_reads_reads_again_at_its_next_start(
    start: Start, people: People, server: TelegramServer, eyes: Eyes
) -> None:
    """The picture waits as a timer, and is read back once."""
    never = Eyes()
    async with start(reader=never):
        person = people.meet(1)
        await at_hemoglobin(person)
        send(person, "one")
        await person.hears("I am reading your picture")
        await asyncio.sleep(1.2)  # by now it is being read
    async with start(reader=eyes) as bot:
        await person.hears("This is what I read in your picture")
        await settled(bot)
    assert sum("This is what I read" in each["text"] for each in person.inbox) == 1
    assert server.updates == []


async def settled(bot: Bot) -> None:
    """Wait until all is taken and said."""
    await bot.services.turns.drain()
    await bot.services.delivery.settle()


async def test_no_picture_is_kept(start: Start, people: People, tmp_path: Path, eyes: Eyes) -> None:
    """Once it is said, nothing of it lies in the database, however it is sealed: no field is long enough."""
    async with start(reader=eyes) as bot:
        person = people.meet(1)
        await at_hemoglobin(person)
        eyes.picture = PICTURE * 2_000
        send(person, "one")
        await person.hears("This is what I read in your picture")
        await settled(bot)
    with closing(sqlite3.connect(tmp_path / "prescreen.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the names are the database's own
                assert all(not isinstance(each, bytes | str) or len(each) < LONG for each in row), table


async def test_a_kill_while_a_picture_is_read_loses_nothing(
    serving: Serving, people: People, server: TelegramServer
) -> None:
    """The program is killed when the picture is on its way to the reader: the next start reads it, and says so once."""
    server.files["slip"] = next(photographs([0], seed=3)).data
    await serving.start()
    person = people.meet(1)
    await at_hemoglobin(person)
    send(person, "slip")
    await person.hears("I am reading your picture")
    while not server.called("getFile"):
        await asyncio.sleep(0.01)
    await serving.kill()
    await serving.start()
    table = await person.hears("This is what I read in your picture", patience=READING)
    assert "row " in table["text"]
    assert await serving.stop() == 0
    assert sum("This is what I read" in each["text"] for each in person.inbox) == 1
    assert server.uploads[-1].startswith(b"\xff\xd8")
