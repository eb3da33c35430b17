"""Pre-screening at the desk: one page for each candidate, in a real browser, on the same bench as in a chat."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.desk.members import PATIENCE, Member, Office
from tests.telegram.screenings import REFERENCE
from tests.web.conftest import NewPerson
from tests.web.running import Bot
from tests.web.test_pages import assert_accessible

SLIP = """Hemoglobin 92 g/L (130-175)
Creatinine 70 umol/L (57-97)
AST 30 U/L (15-40)
ALT 28 U/L (9-50)"""
FAVOURABLE = ("cd7", "other_antigens", "life_expectancy", "consent")
"""The questions to which a yes is what is hoped for."""


def open_for(member: Member, page: Page) -> Page:
    """The browser in which a member is signed in."""
    cookies = [
        {"name": each.name, "value": each.value or "", "url": f"{member.bot.address}/desk"}
        for each in member.client.cookies.jar
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{member.bot.address}/desk/bench")
    return page


def begin(page: Page, code: str) -> None:
    """Open a candidate under a code."""
    page.get_by_label("Code for a patient").fill(code)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(code)


def save(page: Page) -> None:
    """Send what was filled in."""
    page.get_by_role("button", name="Save and assess").click()
    page.wait_for_load_state()


def test_a_candidate_is_screened_on_one_page(office: Office, bot: Bot, person: NewPerson) -> None:
    """A slip, a field, and a row of choices for each question; the findings beside them, and the way to the site."""
    nurse = office.member("staff", "Ma", "haikou")
    page = open_for(nurse, person(bot).page)
    begin(page, "HK-012")
    page.get_by_label("Lab slip or answers").fill(SLIP)
    page.get_by_label("Total bilirubin").fill("2")
    page.get_by_label("Age", exact=True).fill("34")
    save(page)
    expect(page.get_by_text("Which unit do you mean?")).to_be_visible()
    expect(page.locator("tr.pass", has_text="I05")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Total bilirubin").fill("12 umol/L")
    page.get_by_label("Lab slip or answers").fill("male, kps 90, spo2 97, lvef 60")
    for group in page.locator("fieldset").all():
        name = group.locator("input").first.get_attribute("name") or ""
        if name != "q.sex":
            group.get_by_label("Yes" if name.removeprefix("q.") in FAVOURABLE else "No", exact=True).check()
    save(page)
    expect(page.get_by_role("status").filter(has_text="nothing speaks against it")).to_be_visible()
    expect(page.locator("fieldset")).to_have_count(0)
    page.get_by_role("button", name="Hand over to the site's coordinators").click()
    expect(page.get_by_text("Nobody is open.")).to_be_visible()
    [line] = [each for each in office.run("log", "--format", "csv").splitlines() if "staff" in each]
    assert "likely_eligible" in line
    assert "haikou" in line
    assert "HK-012" not in line


def test_candidates_are_parked_and_resumed(office: Office, bot: Bot, person: NewPerson) -> None:
    """Each page is its candidate's; an answer can be taken back; a code is opened once."""
    page = open_for(office.member("staff", "Xu", "haikou"), person(bot).page)
    begin(page, "HK-021")
    page.get_by_label("Lab slip or answers").fill("hiv yes")
    save(page)
    page.get_by_role("link", name="All open patients").click()
    begin(page, "HK-022")
    page.get_by_role("link", name="All open patients").click()
    expect(page.get_by_role("row", name="HK-021")).to_contain_text("not eligible")
    page.get_by_label("Code for a patient").fill("hk-021")
    page.get_by_role("button", name="Open").click()
    expect(page.locator("tr.fail", has_text="E03a")).to_be_visible()
    page.get_by_text("Answers (1)").click()
    page.get_by_role("button", name="Take back: HIV").click()
    expect(page.locator("tr.fail")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="HK-022")).to_be_visible()
    expect(page.get_by_role("link", name="HK-021")).to_have_count(0)


def test_a_name_is_refused_and_not_shown_again(office: Office) -> None:
    """Nothing of it is stored, and no chat is written to."""
    nurse = office.member("staff", "He", "haikou")
    refused = nurse.post("/desk/bench/new", code="Zhang San", message=str(uuid.uuid4()))
    assert refused.status_code == 422
    assert "That may be a name." in refused.text
    assert "Zhang" not in refused.text


def test_a_form_sent_twice_counts_once(office: Office) -> None:
    """By its own id, whatever it says."""
    nurse = office.member("staff", "Lu", "haikou")
    nurse.post("/desk/bench/new", code="HK-031", message=str(uuid.uuid4()))
    again = str(uuid.uuid4())
    nurse.post("/desk/bench/1/fill", text="kps 90", message=again)
    nurse.post("/desk/bench/1/fill", text="kps 60", message=again)
    assert (
        '<tr class="pass"><td><span aria-hidden="true">✓</span><span class="vh">Met</span></td><th scope="row">I03a'
        in nurse.get("/desk/bench/1")
    )
    assert nurse.post("/desk/bench/1/fill", text="kps 60").status_code == 400
    assert nurse.post("/desk/bench/1/tap", tap="erase.x", message=str(uuid.uuid4())).status_code == 400


def test_what_the_coordinator_does_is_read_at_the_bench(office: Office) -> None:
    """By the code; the coordinator sees no other way to reach anybody."""
    li = office.member("coordinator", "Li", "beijing")
    nurse = office.member("staff", "Bo", "beijing")
    nurse.post("/desk/bench/new", code="BJ-041", message=str(uuid.uuid4()))
    nurse.post("/desk/bench/1/fill", text="kps 90", message=str(uuid.uuid4()))
    nurse.post("/desk/bench/1/tap", tap="refer", message=str(uuid.uuid4()))
    reference = within(lambda: REFERENCE.search(li.get("/desk/inbox")))[0]
    li.post(f"/desk/referral/{reference}/step", action="claim", message=str(uuid.uuid4()))
    assert within(lambda: "BJ-041: a coordinator has the referral now." in nurse.get("/desk/bench"))


def within(found: Callable[[], Any]) -> Any:
    """What is found, once it is there: letters travel between chats."""
    until = time.monotonic() + PATIENCE
    while not (there := found()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return there


def test_a_bench_is_its_members_alone(office: Office) -> None:
    """Another member has another bench, and an administrator none."""
    other = office.member("coordinator", "Li", "haikou")
    assert "HK-" not in other.get("/desk/bench").split("<main")[1].split("<form")[0]
    assert office.administrator.client.get("/desk/bench").status_code == 403
