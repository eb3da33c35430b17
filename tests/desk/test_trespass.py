"""What somebody tries who wants more of the desk than is theirs, over HTTP and with forms made by hand."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape

import httpx
import pytest
from playwright.sync_api import expect

from tests.desk.at_work import browser_of, forms, looks, open_card, shows, step, write
from tests.desk.candidates import referred
from tests.desk.members import PATIENCE, Member, Office, code_in, csrf
from tests.web.conftest import NewPerson

MARKUP = "<img src=x onerror=alert(1)>"
LOOKED = "looked at the contact"


def half_way(office: Office, name: str) -> Member:
    """Somebody who has shown a new link of a member, and is to show the second factor."""
    visitor = office.visitor()
    link = code_in(office.administrator.post("/desk/people/link", member=office.id_of(name)).text)
    assert visitor.show(link).status_code == 303
    return visitor


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something holds, or soon will."""
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def key_of(member: Member) -> str:
    """The key that a member is shown, to set up their app."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", member.get("/desk/factor"))
    assert found is not None
    return found[1]


def at_once(members: list[Member], codes: list[str]) -> list[int]:
    """What the codes come to that these type at the same moment, in order of their number."""
    tokens = [csrf(each.get("/desk/factor")) for each in members]

    def prove(place: int) -> int:
        form = {"csrf": tokens[place % len(tokens)], "code": codes[place]}
        return members[place % len(members)].client.post("/desk/factor", data=form).status_code

    with ThreadPoolExecutor(len(codes)) as pool:
        return sorted(pool.map(prove, range(len(codes))))


def test_who_used_a_link_first_does_not_know_the_key_of_who_uses_the_next(office: Office) -> None:
    """An invitation that went astray: its finder saw a key, which is not the one that the member sets up, and is out."""
    code = office.invite("coordinator", "Astray", "haikou")
    finder = office.visitor()
    assert soon(lambda: finder.show(code).status_code == 303)  # the invitation is on its way
    seen = key_of(finder)
    member = half_way(office, "Astray")
    assert key_of(member) != seen
    assert finder.client.get("/desk/factor").headers["location"] == "/desk/sign-in"


def test_guesses_at_once_are_counted_one_by_one(office: Office) -> None:
    """Twelve wrong codes in the same moment are five that were looked at."""
    office.member("coordinator", "Stormed", "haikou")
    guess = half_way(office, "Stormed")
    assert Counter(at_once([guess], [f"{number:06}" for number in range(12)])) == {400: 5, 429: 7}


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_typed_in_two_browsers_at_once_opens_one(office: Office, kind: str) -> None:
    """Whoever read it over a shoulder and is as quick stays out."""
    name = f"Twice {kind}"
    member = office.member("coordinator", name, "haikou")
    code = member.phone.code() if kind == "app" else member.recovery[0]
    assert at_once([half_way(office, name), half_way(office, name)], [code, code]) == [303, 400]


def test_a_remembered_browser_or_half_a_session_is_no_session(office: Office) -> None:
    """Each token opens what it is for, in whichever cookie it is sent."""
    name = "Tokens"
    member = office.member("coordinator", name, "haikou")
    other = half_way(office, name)
    half = other.client.cookies["desk"]
    assert other.prove(member.recovery[0], remember="yes").status_code == 303
    stolen = (half, other.client.cookies["desk_device"])
    for token in stolen:
        thief = httpx.get(f"{office.bot.address}/desk/account", cookies={"desk": token})
        assert thief.status_code == 401
    opened = httpx.get(f"{office.bot.address}/desk/factor", cookies={"desk_device": other.client.cookies["desk"]})
    assert opened.status_code == 401


def test_another_site_writes_nothing_and_takes_no_lines_of_the_log(office: Office) -> None:
    """Neither a message nor a note reaches the referral, and the filter of the log does not widen what is one's own."""
    candidate = referred(office)
    here, there = (office.member("coordinator", f"Of {site}", site) for site in ("haikou", "beijing"))
    reference = candidate.reference
    step(here, reference, "claim", str(uuid.uuid4()))
    assert candidate.hears("somebody in the study team has your request")
    assert write(there, reference, "Call me instead").status_code == 404
    assert step(there, reference, "note", str(uuid.uuid4()), text="Not mine").status_code == 404
    assert "Call me instead" not in candidate.page
    assert "Not mine" not in forms(here, reference)
    assert "haikou" in here.get("/desk/log/file/csv")
    assert "haikou" not in there.get("/desk/log/file/csv?site=haikou")


def test_a_look_is_on_record_each_time(office: Office) -> None:
    """The same form sent again shows the contact again, and stands in both records again."""
    reference = referred(office).reference
    member = office.member("coordinator", "Looks", "haikou")
    step(member, reference, "claim", str(uuid.uuid4()))
    assert shows(member, reference, LOOKED)  # a claim is a look, too
    before = looks(office)
    for _ in range(2):
        shown = member.post(f"/desk/referral/{reference}/contact", message="00000000-0000-0000-0000-000000000000")
        assert "They can be reached by messages" in shown.text
    assert soon(lambda: forms(member, reference).count(LOOKED) == 3)
    assert looks(office) - before == 2


def test_what_is_typed_is_never_markup(office: Office) -> None:
    """A name, a note, a message of either side: pages show them as they were typed."""
    candidate = referred(office)
    member = office.member("coordinator", MARKUP, "haikou")
    reference = candidate.reference
    step(member, reference, "claim", str(uuid.uuid4()))
    step(member, reference, "note", str(uuid.uuid4()), text=MARKUP)
    write(member, reference, MARKUP)
    assert candidate.hears(MARKUP)
    candidate.say(text=MARKUP)
    typed = escape(MARKUP)
    assert soon(lambda: forms(member, reference).count(typed) >= 6)  # the name, the record, the note, both messages
    pages = [forms(member, reference), office.administrator.get("/desk/people"), member.get("/desk/inbox?tab=mine")]
    assert [page for page in pages if MARKUP in page or "<img src=x" in page] == []
    assert "<img src=x" not in candidate.client.get("/t/4scar7u/chat").text


@pytest.mark.parametrize("number", ["9" * 5_000, "-1", "١", "1e3"])
def test_a_number_that_is_none_is_not_found(office: Office, number: str) -> None:
    """However it is written: it is no fault of the program, and nothing of it is logged."""
    member = office.member("staff", f"Numbers {number[:3]}", "haikou")
    assert member.client.get(f"/desk/bench/{number}").status_code == 404
    assert member.post(f"/desk/bench/{number}/tap", tap="done", message=str(uuid.uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/desk/inbox", {"X-By-Itself": "yes"}), ("/desk/stream", {"Accept": "text/event-stream"})],
    ids=["page", "stream"],
)
def test_a_page_that_nobody_works_at_does_not_keep_the_session(
    office: Office, path: str, headers: dict[str, str]
) -> None:
    """Neither what it loads by itself nor its stream is a sign of life; a page that somebody opens is one."""
    member = office.member("coordinator", "Away", "haikou")
    mine = hashlib.sha256(member.client.cookies["desk"].encode()).hexdigest()
    with sqlite3.connect(office.bot.folder / "data" / "prescreen.db") as database:
        early = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-5 minutes')"
        database.execute(f"UPDATE desk_sessions SET seen_at = {early} WHERE token = ?", (mine,))  # noqa: S608
        database.commit()

        def seen_at() -> str:
            query = "SELECT seen_at FROM desk_sessions WHERE token = ?"
            return str(database.execute(query, (mine,)).fetchone()[0])

        before = seen_at()
        with member.client.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200
        assert seen_at() == before
        assert member.client.get("/desk/inbox").status_code == 200
        assert seen_at() > before


def test_a_contact_that_is_shown_goes_with_the_session(office: Office, person: NewPerson) -> None:
    """Until then its page shows what changes; who is revoked has it on the screen no more."""
    reference = referred(office).reference
    member = office.member("coordinator", "Shown", "haikou")
    page = browser_of(member, person)
    open_card(page, member, reference)
    page.locator("#do-claim").click()
    page.locator("#contact button").click()
    expect(page.locator("#contact")).to_contain_text("They can be reached by messages on this page.")
    step(member, reference, "contact", str(uuid.uuid4()))
    expect(page.locator("#state")).to_contain_text("contacted")
    expect(page.locator("#contact")).to_contain_text("They can be reached by messages on this page.")
    office.administrator.post("/desk/people/revoke", member=office.id_of("Shown"))
    expect(page.locator("body.door")).to_be_visible()
    expect(page.locator("#contact")).to_have_count(0)
