"""Two who want the same referral, and one who is a member no more."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import expect

from tests.desk.at_work import browser_of, forms, open_card, step
from tests.desk.candidates import referred
from tests.desk.members import Office
from tests.web.conftest import NewPerson


def test_of_two_who_claim_at_once_one_wins(office: Office) -> None:
    """The other is told who has it, and both see the same holder."""
    reference = referred(office).reference
    racers = [office.member("coordinator", name, "haikou") for name in ("Ann", "Bo")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: step(each, reference, "claim", str(uuid.uuid4())), racers))
    told = ["told=desk.refused.taken" in answer.headers["location"] for answer in answers]
    assert sorted(told) == [False, True], [answer.headers["location"] for answer in answers]
    winner, loser = (("Ann", "Bo") if told[1] else ("Bo", "Ann"))[0], racers[told.index(True)]
    assert f"{winner} has referral {reference} already." in loser.get(answers[told.index(True)].headers["location"])
    assert all(f"with {winner}" in forms(each, reference) for each in racers)
    assert 'id="contact"' not in forms(loser, reference)


def test_an_open_page_shows_who_was_faster(office: Office, person: NewPerson) -> None:
    """The button is gone before it can be pressed in vain."""
    reference = referred(office).reference
    slow, quick = (office.member("coordinator", name, "haikou") for name in ("Slow", "Quick"))
    page = browser_of(slow, person)
    open_card(page, slow, reference)
    step(quick, reference, "claim", str(uuid.uuid4()))
    expect(page.locator("#state")).to_contain_text("with Quick")
    expect(page.locator("#do-claim")).to_have_count(0)


def test_who_is_revoked_has_no_open_page_any_more(office: Office, person: NewPerson) -> None:
    """The card leads to where one signs in, by itself and for every form of it."""
    reference = referred(office).reference
    gone = office.member("coordinator", "Gone", "haikou")
    page = browser_of(gone, person)
    open_card(page, gone, reference)
    office.administrator.post("/desk/people/revoke", member=office.id_of("Gone"))
    expect(page.locator("body.door")).to_be_visible()
    assert gone.client.get(f"/desk/referral/{reference}").headers["location"] == "/desk/sign-in"
