"""A referral from the candidate's request to the booked visit, worked on in a real browser at the desk."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from playwright.sync_api import Page, expect

from tests.desk.at_work import browser_of, forms, looks, open_card, references, step
from tests.desk.candidates import referred
from tests.desk.members import Office
from tests.web.conftest import PHONE, NewPerson
from tests.web.test_pages import assert_accessible, assert_easy_to_hit

OPEN: Mapping[str, str] = MappingProxyType({"alt": "unknown", "cd7": "unknown"})


def test_from_the_request_to_the_booked_visit(office: Office, person: NewPerson) -> None:
    """Claim, contact, messages both ways, visit: each page shows it at once, and nothing is shown before its time."""
    mei = office.member("coordinator", "Mei", "shenzhen")
    page = browser_of(mei, person)
    page.goto(f"{office.bot.address}/desk/inbox")
    expect(page.locator("#list")).to_contain_text("the referral comes here by itself")
    candidate = person().begin()
    candidate.answers |= OPEN
    candidate.answer_until("choosing_site")
    candidate.tap("shenzhen")
    candidate.answer_until("finished")
    expect(page.locator(".referrals a")).to_contain_text("to ask: 2")  # it came without a reload
    (reference,) = references(mei)
    open_card(page, mei, reference)
    expect(page.locator("#answers")).to_contain_text("ALT: not known.unknown")
    expect(page.locator(".ticks").first).to_contain_text("ALT, with the reference range?")
    expect(page.locator("#contact")).to_have_count(0)
    before = looks(office)
    page.locator("#do-claim").click()
    expect(page.locator("#state")).to_contain_text("with Mei")
    assert looks(office) == before
    page.locator("#contact button").click()
    expect(page.locator("#contact")).to_contain_text("They can be reached by messages on this page.")
    assert looks(office) == before + 1
    page.locator("#message-text").fill("May I call you tomorrow?")
    page.get_by_role("button", name="Send").click()
    expect(candidate.page.locator("#log")).to_contain_text("May I call you tomorrow?")
    candidate.send("Yes, at ten.")
    expect(page.locator("#messages")).to_contain_text("Yes, at ten.")  # live
    page.locator("#do-book").click()
    expect(page.locator("#do-enrol")).to_be_visible()
    expect(candidate.page.locator("#log")).to_contain_text("The study team has booked a visit with you.")
    expect(page.locator("#timeline")).to_contain_text("visit booked")
    assert reference in references(mei, "?tab=mine")


def test_the_pages_are_for_everybody(office: Office, person: NewPerson) -> None:
    """On a phone and on a desktop, light and dark, in other languages: no rule of accessibility is broken."""
    reference = referred(office, **OPEN).reference
    eva = office.member("manager", "Eva")
    step(eva, reference, "claim", str(uuid.uuid4()))
    paths = ("/desk/inbox", f"/desk/referral/{reference}", "/desk/log")
    for locale, scheme, size in (("es-ES", "dark", PHONE), ("zh-CN", "light", None)):
        page = browser_of(eva, person, locale=locale, color_scheme=scheme, **({"viewport": size} if size else {}))
        for path in paths:
            page.goto(f"{office.bot.address}{path}")
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, locale)
            if size:
                assert_easy_to_hit(page)
            assert_fit_for_paper(page)


def assert_fit_for_paper(page: Page) -> None:
    """On paper a page is dark on white whatever the screen is, and has nothing to click."""
    page.emulate_media(media="print")
    shown = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert shown == "rgb(21, 50, 58)"
    for part in ("header", ".tabs", ".filters", ".steps", "#contact", "#relay"):
        assert page.locator(f".desk {part}:visible").count() == 0, part
    page.emulate_media(media="screen")


def test_a_form_sent_twice_counts_once(office: Office) -> None:
    """The same note again is no second note, and a step taken back is back where it was."""
    reference = referred(office).reference
    ben = office.member("coordinator", "Ben", "haikou")
    step(ben, reference, "claim", str(uuid.uuid4()))
    nonce = str(uuid.uuid4())
    for _ in range(2):
        assert step(ben, reference, "note", nonce, text="Prefers mornings").status_code == 303
    assert forms(ben, reference).count("Prefers mornings") == 1
    step(ben, reference, "undo", str(uuid.uuid4()))
    assert reference in references(ben, "?tab=new")


def test_only_what_the_stage_allows_can_be_done(office: Office) -> None:
    """Nobody is enrolled who was not booked: the page does not offer it, and a form made by hand is refused and says so."""
    reference = referred(office).reference
    kim = office.member("coordinator", "Kim", "haikou")
    assert "do-enrol" not in forms(kim, reference)
    refused = step(kim, reference, "enrol", str(uuid.uuid4()))
    assert refused.headers["location"].endswith("?told=desk.refused.not_holder")
    step(kim, reference, "claim", str(uuid.uuid4()))
    assert "do-enrol" not in forms(kim, reference)
    refused = step(kim, reference, "enrol", str(uuid.uuid4()))
    assert "does not fit the stage" in kim.get(refused.headers["location"])
    step(kim, reference, "reject", str(uuid.uuid4()), code="I05", text="Hemoglobin too low today")
    assert "I05: Hemoglobin too low today" in forms(kim, reference)
    assert reference in references(kim, "?tab=ended")


def test_another_site_and_other_roles_see_nothing(office: Office) -> None:
    """Neither the list nor the card nor a step is to be had, as if the referral were not there."""
    reference = referred(office).reference
    here, there = (office.member("coordinator", site, site) for site in ("haikou", "beijing"))
    assert reference in references(here, "?tab=new")
    assert reference not in references(there)
    assert there.client.get(f"/desk/referral/{reference}").status_code == 404
    assert step(there, reference, "claim", str(uuid.uuid4())).status_code == 404
    assert there.post(f"/desk/referral/{reference}/contact", message=str(uuid.uuid4())).status_code == 404
    assert here.post(f"/desk/referral/{reference}/contact", message=str(uuid.uuid4())).status_code == 404  # not claimed
    for role in ("staff", "administrator"):
        member = office.administrator if role == "administrator" else office.member(role, "Sam", "haikou")
        for path in ("/desk/inbox", f"/desk/referral/{reference}", "/desk/log", "/desk/stream"):
            assert member.client.get(path).status_code == 403, (role, path)


@pytest.mark.parametrize("scripts", [True, False])
def test_it_works_with_and_without_scripts(office: Office, person: NewPerson, scripts: bool) -> None:
    """Forms and links are enough."""
    reference = referred(office).reference
    member = office.member("coordinator", f"Scripts {scripts}", "haikou")
    page = browser_of(member, person, java_script_enabled=scripts)
    open_card(page, member, reference)
    page.locator("#do-claim").click()
    expect(page.locator("#state")).to_contain_text(f"with Scripts {scripts}")
    page.locator("#do-contact").click()
    expect(page.locator("#timeline")).to_contain_text(re.compile("contacted"))
