"""Candidates in the web chat, by a client that sends its forms: quick, where the tests are about the desk."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from html import unescape

import httpx

from tests.desk.members import PATIENCE, Office
from tests.talks import ELIGIBLE
from tests.web.person import GOES_ON

MOST_ANSWERS = 80


@dataclass
class Candidate:
    """Someone in the web chat. `answers`: what they say to each question; a choice is tapped where it is one.

    `phone`: the number by which they want to be reached; empty for the chat.
    """

    client: httpx.Client
    answers: dict[str, str] = field(default_factory=lambda: dict(ELIGIBLE))
    phone: str = ""

    @property
    def page(self) -> str:
        """The conversation as HTML."""
        return unescape(self.client.get("/t/4scar7u/chat").text)

    @property
    def reference(self) -> str:
        """The reference of their request, as they were told it."""
        told = re.search(r"Your reference is ([0-9A-Z-]+)\.", self.page)
        assert told is not None, self.page
        return told[1]

    def refer(self, site: str) -> None:
        """Answer everything, and ask a site to be contacted."""
        self.client.post("/t/4scar7u/start", data={"lang": "en"})
        for _ in range(MOST_ANSWERS):
            form = self.page.partition('id="panel"')[2]
            if 'data-state="finished"' in form:
                return
            if self.phone and 'data-state="giving_contact"' in form:
                self.say(form, text=self.phone)
                continue
            choices = re.findall(r'name="choice" value="([^"]+)"', form)
            question = re.search(r'data-question="([^"]+)"', form)
            wanted = self.answers[question[1]] if question else next((c for c in (site, *GOES_ON) if c in choices), "")
            self.say(
                form, **({"choice": wanted or choices[0]} if wanted in choices or not wanted else {"text": wanted})
            )
        raise AssertionError("never came to a referral")

    def say(self, form: str = "", **said: str) -> None:
        """Send the form that is shown now."""
        hidden = dict(
            re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form or self.page.partition('id="panel"')[2])
        )
        assert self.client.post("/t/4scar7u/chat/say", data=hidden | said).status_code == 303

    def hears(self, text: str) -> bool:
        """Whether something is said in the conversation, or soon will be."""
        until = time.monotonic() + PATIENCE
        while text not in self.page:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True


def referred(office: Office, site: str = "haikou", phone: str = "", **answers: str) -> Candidate:
    """A candidate who has asked a site to be contacted."""
    candidate = Candidate(office.visitor().client, phone=phone)
    candidate.answers |= answers
    candidate.refer(site)
    return candidate
