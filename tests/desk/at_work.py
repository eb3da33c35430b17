"""Coordinators at work: their browsers, and the forms of a card."""

from __future__ import annotations

import re
import time
import uuid

import httpx
from playwright.sync_api import Page, expect

from tests.desk.members import PATIENCE, Member, Office
from tests.web.conftest import NewPerson

DESKTOP = {"width": 1280, "height": 900}
INBOX = re.compile(r'href="/desk/referral/([0-9A-Z-]+)"')


def browser_of(member: Member, person: NewPerson, **settings: object) -> Page:
    """A browser in which the member is signed in."""
    page = person(**{"viewport": DESKTOP, **settings}).page
    sign_in(page, member)
    return page


def sign_in(page: Page, member: Member) -> None:
    """Let a browser have the member's session."""
    for cookie in member.client.cookies.jar:
        page.context.add_cookies(
            [{"name": cookie.name, "value": cookie.value or "", "url": f"{member.bot.address}/desk"}]
        )


def open_card(page: Page, member: Member, reference: str) -> None:
    """Open a referral from the inbox."""
    page.goto(f"{member.bot.address}/desk/inbox")
    page.locator(f".referrals a[href$='{reference}']").click()
    expect(page.locator("[data-reference]")).to_be_visible()


def references(member: Member, query: str = "") -> list[str]:
    """What the inbox lists, in order."""
    return INBOX.findall(member.get(f"/desk/inbox{query}"))


def forms(member: Member, reference: str) -> str:
    """The card of a referral, as HTML."""
    return member.get(f"/desk/referral/{reference}")


def shows(member: Member, reference: str, text: str) -> bool:
    """Whether the card of a referral shows something, or soon will."""
    until = time.monotonic() + PATIENCE
    while text not in forms(member, reference):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def step(member: Member, reference: str, action: str, nonce: str, **more: str) -> httpx.Response:
    """Send the form of a step."""
    return member.post(f"/desk/referral/{reference}/step", action=action, message=nonce, **more)


def write(member: Member, reference: str, text: str) -> httpx.Response:
    """Send the form of a message."""
    return member.post(f"/desk/referral/{reference}/message", message=str(uuid.uuid4()), text=text)


def looks(office: Office) -> int:
    """How many looks at a contact are on the record of the desk."""
    return office.administrator.get("/desk/people").count("looked at a contact")
