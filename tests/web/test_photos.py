"""Photographs of a lab slip in the web chat: sent with and without a script, shown beside the table, kept nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.photos.papers import Paper, photographs
from tests.web.conftest import NewPerson
from tests.web.running import Bot

LONG = 50_000  # bytes: a picture is longer, and nothing else is
READING = 90_000  # milliseconds for one picture, on a machine that is busy: the reader gives way to all else


@pytest.fixture(scope="module")
def paper() -> Paper:
    """A photographed slip that has values of the trial on it."""
    return next(photographs([0], seed=3))


@pytest.fixture
def slip(paper: Paper, tmp_path: Path) -> Path:
    """Its file."""
    file = tmp_path / "slip.jpg"
    file.write_bytes(paper.data)
    return file


@pytest.fixture(scope="module")
def reading_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot whose folder is its own, so that all that it stores can be looked through."""
    bot = Bot(tmp_path_factory.mktemp("reading")).start()
    yield bot
    assert bot.end() == 0
    assert bot.log == ""
    with closing(sqlite3.connect(bot.folder / "data" / "prescreen.db")) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the names are the database's own
                assert all(not isinstance(each, bytes | str) or len(each) < LONG for each in row), table


def test_a_whole_screening_from_a_photograph(person: NewPerson, reading_bot: Bot, slip: Path) -> None:
    """The slip is read back beside its picture; accepted at a tap, it answers its questions, up to the verdict."""
    ana = person(reading_bot).begin()
    ana.answer_until(question="spo2")
    ana.page.locator("#file").set_input_files(slip)
    expect(ana.page.locator(".slip_read figure img")).to_be_visible(timeout=READING)
    assert ana.page.locator(".slip_read img").evaluate("each => each.naturalWidth") > 0
    assert "row " in ana.page.locator(".slip_read table").inner_text()
    expect(ana.page.locator(".own.pending")).to_have_count(0)
    ana.answer_until("choosing_site")
    assert ana.verdict is not None
    assert "creatinine" not in ana.asked


def test_a_photograph_works_without_a_script(person: NewPerson, reading_bot: Bot, slip: Path) -> None:
    """A form with a file; the answer shows the picture once, and leads back to the table."""
    ana = person(reading_bot, java_script_enabled=False)
    ana.page.goto(reading_bot.url("?lang=en"))
    ana.page.locator(".start button").click()
    ana.answer_until(question="spo2")
    ana.page.locator("#file").set_input_files(slip)
    ana.page.get_by_role("button", name="Send the photo").click(timeout=READING)
    picture = ana.page.locator("img.slip")
    expect(picture).to_be_visible()
    assert picture.get_attribute("alt")
    ana.page.get_by_role("link", name="Check the values").click()
    assert ana.state == "checking_slip"


def test_a_file_that_is_no_picture_is_said_to_be_none(person: NewPerson, reading_bot: Bot, tmp_path: Path) -> None:
    """The person is told what to do instead, and asked again."""
    fake = tmp_path / "slip.pdf"
    fake.write_bytes(b"%PDF-1.4 no")
    ana = person(reading_bot).begin()
    ana.answer_until(question="spo2")
    ana.page.locator("#file").set_input_files(fake)
    expect(ana.page.locator(".photo_not_read")).to_be_visible(timeout=READING)
    assert ana.question == "spo2"
