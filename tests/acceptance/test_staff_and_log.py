"""`prescreen staff` and `prescreen log`, as a person at a terminal uses them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from bot.services.logbook import COLUMNS, FORMULA, harmless
from tests.acceptance.conftest import Prescreen
from tests.talks import ELIGIBLE, opened


def screened(site: str = "haikou") -> str:
    """The lines that a person types to a referral."""
    talk = opened()
    lines = []
    ways = {"choosing_site": site, "giving_name": "Ana Example", "choosing_reach": "chat"}
    while talk.session.state.value != "finished":
        waiting = talk.waiting
        lines.append(ELIGIBLE.get(waiting.question or "", ways.get(waiting.state, waiting.choices[0].id)))
        talk.type(lines[-1])
    return "\n".join([*lines, ""])


def test_staff_are_invited_listed_and_revoked(prescreen: Prescreen) -> None:
    """The code is shown once and is in no list; it has at least 128 bits."""
    invited = prescreen("staff", "invite", "--role", "coordinator", "--site", "haikou", "--name", "Dr. Li", "--json")
    assert invited.returncode == 0, invited.stderr
    made = json.loads(invited.stdout)
    assert len(made["code"]) * 6 >= 128
    assert made["link"] is None
    listed = prescreen("staff", "list", "--json").stdout
    (member,) = json.loads(listed)
    assert (member["role"], member["site"], member["name"], member["state"]) == (
        "coordinator",
        "haikou",
        "Dr. Li",
        "invited",
    )
    assert made["code"] not in listed
    revoked = prescreen("staff", "revoke", member["id"][:6])
    assert "Dr. Li" in revoked.stdout
    assert "revoked" in prescreen("staff", "list").stdout


def test_an_invitation_says_where_it_is_good(prescreen: Prescreen) -> None:
    """In a browser, at the address that people reach; without a bot in Telegram nobody is told to write to one."""
    told = prescreen("staff", "invite", "--role", "manager", PRESCREEN_WEB_URL="https://clinic.example").stdout
    assert "In a browser: https://clinic.example/desk/sign-in#" in told
    assert "/join" not in told


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (
            ("invite", "--role", "coordinator", "--site", "atlantis"),
            2,
            "there is no site `atlantis`; there are beijing",
        ),
        (("invite", "--role", "king"), 2, "'king' is not one of"),
        (("revoke", "ffff"), 1, "nobody has an id that begins with `ffff`"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    prescreen: Prescreen, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    """Nothing is printed but that."""
    done = prescreen("staff", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert sentence in done.stderr


def test_the_log_has_a_line_a_screening_and_nobodys_name(prescreen: Prescreen, tmp_path: Path) -> None:
    """As CSV, JSON and a workbook: the same cells."""
    done = prescreen("chat", "--lang", "en", given=screened())
    assert done.returncode == 0, done.stderr
    (line,) = csv.DictReader(io.StringIO(prescreen("log").stdout))
    assert tuple(line) == COLUMNS
    assert (line["trial"], line["site"], line["verdict"]) == ("4scar7u", "haikou", "likely_eligible")
    assert (line["failing"], line["outcome"]) == ("", "requested")
    assert json.loads(prescreen("log", "--format", "json").stdout) == [line]
    assert prescreen("log", "--format", "xlsx").returncode == 2
    assert prescreen("log", "--format", "xlsx", "--output", "log.xlsx").returncode == 0
    with zipfile.ZipFile(tmp_path / "log.xlsx") as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert line["id"] in texts
    assert "Ana" not in texts + str(line)
    for figure in ("flow", "weekly"):
        drawn = prescreen("log", "--format", "png", "--figure", figure, "--lang", "zh", "--output", f"{figure}.png")
        assert drawn.returncode == 0, drawn.stderr
        assert (tmp_path / f"{figure}.png").read_bytes().startswith(b"\x89PNG")
    assert "已转介到研究中心（n = 1）" in prescreen("log", "--format", "svg", "--lang", "zh").stdout
    assert prescreen("log", "--format", "svg", "--lang", "tlh").returncode == 2


@pytest.mark.parametrize("start", FORMULA)
def test_no_cell_of_the_csv_is_a_formula(start: str) -> None:
    """A source comes from a link that anybody can make."""
    assert harmless(f"{start}HYPERLINK(0)").startswith("'")
    assert harmless("poster1") == "poster1"
