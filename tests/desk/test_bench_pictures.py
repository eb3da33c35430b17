"""Photographs of slips at the desk: read for one candidate, shown once, kept nowhere, and nothing counts before it is taken."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import expect

from tests.desk.members import Member, Office, csrf
from tests.desk.test_bench import begin, open_for
from tests.photos.papers import photographs
from tests.web.conftest import NewPerson
from tests.web.running import Bot
from tests.web.test_pages import assert_accessible
from tests.web.test_photos import LONG, READING


def send(member: Member, number: int, *files: bytes, **fields: str) -> httpx.Response:
    """Send pictures for a candidate by a form of ours."""
    given = {"csrf": csrf(member.get("/desk/account")), "message": str(uuid.uuid4()), **fields}
    pictures = [("photo", ("slip.jpg", file, "image/jpeg")) for file in files]
    return member.client.post(f"/desk/bench/{number}/photo", data=given, files=pictures or [("photo", ("", b""))])


def test_a_photographed_slip_is_read_on_its_candidates_page(office: Office, bot: Bot, person: NewPerson) -> None:
    """Its picture comes back once, with its rows; one button takes them; nothing of the picture is stored."""
    paper = next(photographs([0], seed=3))
    nurse = office.member("staff", "Nurse Lens", "haikou")
    page = open_for(nurse, person(bot).page)
    begin(page, "HK-051")
    picture = {"name": paper.name, "mimeType": "image/jpeg", "buffer": paper.data}
    page.get_by_label("Photo or PDF of the slip").set_input_files(picture)
    page.get_by_role("button", name="Read the picture").click(timeout=READING)
    expect(page.locator("figure img")).to_be_visible()
    assert page.locator("figure img").evaluate("each => each.naturalWidth") > 0
    expect(page.get_by_role("row", name="Creatinine: not answered")).to_be_visible()
    assert_accessible(page)
    for old in ("take", "take.0", "aside", "aside.0"):  # of a page from before these rows were read
        nurse.post("/desk/bench/1/tap", tap=old, message=str(uuid.uuid4()))
        assert 'value="take.' in nurse.get("/desk/bench/1")
    page.get_by_role("button", name="Use ✓").click()
    expect(page.get_by_role("row", name="Creatinine: not answered")).to_have_count(0)
    expect(page.locator("figure img")).to_have_count(0)
    page.get_by_text("Answers (").click()
    expect(page.locator("details tr", has_text="Creatinine")).to_contain_text(str(paper.collected.year))
    with closing(sqlite3.connect(bot.folder / "data" / "prescreen.db")) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the names are the database's own
                assert all(not isinstance(each, bytes | str) or len(each) < LONG for each in row), table


def test_what_cannot_be_read_is_said_on_the_page(office: Office) -> None:
    """The member is told what to do instead, until something else is sent."""
    nurse = office.member("staff", "Nurse Blur", "haikou")
    nurse.post("/desk/bench/new", code="HK-052", message=str(uuid.uuid4()))
    assert "I could not open this file." in send(nurse, 1, b"%PDF-1.4 no").text
    nurse.post("/desk/bench/1/fill", text="kps 90", message=str(uuid.uuid4()))
    assert "I could not open this file." not in nurse.get("/desk/bench/1")


@pytest.mark.parametrize(
    ("number", "files", "fields", "status"),
    [
        (1, (), {}, 200),
        (1, (b"x",) * 11, {}, 400),
        (1, (b"x",), {"csrf": "not mine"}, 403),
        (1, (b"x",), {"message": "none"}, 400),
        (9, (b"x",), {}, 404),
    ],
)
def test_a_form_that_is_none_of_ours_changes_nothing(
    office: Office, number: int, files: tuple[bytes, ...], fields: dict[str, str], status: int
) -> None:
    """Without a file the page comes back as it was."""
    nurse = office.member("staff", f"Nurse Odd {status}{number}{len(files)}", "haikou")
    nurse.post("/desk/bench/new", code="HK-053", message=str(uuid.uuid4()))
    assert send(nurse, number, *files, **fields).status_code == status


def test_an_administrator_reads_no_slip(office: Office) -> None:
    """They see no health data."""
    assert send(office.administrator, 1, b"x").status_code == 403
