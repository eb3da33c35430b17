"""Whole screenings in a browser: on a phone in three languages, on a desktop, to each verdict."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.talks import ELIGIBLE, own_phone
from tests.web.conftest import NewPerson


@pytest.mark.parametrize(
    ("link", "changes", "verdict"),
    [
        ("?lang=en", {}, "likely_eligible"),
        ("?lang=zh_Hans", {"cd7": "unknown"}, "undetermined"),
        ("?lang=es", {"infection": "yes"}, "not_yet"),
    ],
)
def test_a_whole_screening_on_a_phone(person: NewPerson, link: str, changes: dict[str, str], verdict: str) -> None:
    """Every question is answered by a tap or a few keys, in the person's language, and the verdict is shown."""
    ana = person().begin(link)
    ana.answers |= changes
    ana.answer_until("choosing_site", "finished", "offering_contact")
    assert ana.verdict == verdict
    assert ana.page.evaluate("document.documentElement.lang") == link.removeprefix("?lang=").replace("_", "-")
    assert _fits(ana.page)


def _fits(page: Any) -> bool:
    """Nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_screening_on_a_desktop_that_ends_early(person: NewPerson) -> None:
    """Who is ruled out by an answer confirms it, may stop there, and hears the verdict with its reason."""
    ana = person(viewport={"width": 1280, "height": 800}).begin()
    ana.answers["hiv"] = "yes"
    ana.answer_until("confirming")
    ana.tap("yes")
    ana.tap("finish")
    assert ana.verdict == "not_eligible"
    assert "HIV" in ana.said[-2]


def test_a_person_is_referred_and_gets_a_reference(person: NewPerson) -> None:
    """From the verdict to the study team: the site, a way to be reached, and a reference that a phone can scan."""
    ana = person().begin("?lang=en&site=shenzhen&source=clinic")
    ana.answer_until("giving_contact")
    ana.type(own_phone())
    expect(ana.page.locator(".referral_requested svg.qr")).to_be_visible()
    assert ana.state == "finished"


def test_who_has_no_script_is_screened_as_well(person: NewPerson) -> None:
    """Without a script every answer is a page load, and nothing is missing."""
    ana = person(java_script_enabled=False)
    ana.page.goto(ana.bot.url("?lang=en"))
    ana.page.locator(".start button").click()
    for choice in ("patient", "yes"):
        ana.page.locator(f"[name=choice][value={choice}]").click()
    for question in ("age", "sex", "gene_therapy"):
        assert ana.question == question
        ana.page.locator("#answer").fill(ELIGIBLE[question])
        ana.page.locator(".send").click()
    expect(ana.page.locator(".own").last).to_contain_text(ELIGIBLE["gene_therapy"])
    ana.page.locator("[name=command][value=back]").click()
    assert ana.question == "gene_therapy"
