"""A person in front of a browser: reads what is asked, taps and types, and sees what is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.talks import ELIGIBLE
from tests.web.running import Bot

PATIENCE = 20_000  # milliseconds
GOES_ON = ("yes", "accept", "assess", "request", "shenzhen", "skip", "phone")
"""What is tapped where no question of the study is asked."""


@dataclass
class Person:
    """Someone with an own browser. `answers`: what they say to each question; a choice is tapped where it is one."""

    page: Page
    bot: Bot
    answers: dict[str, str] = field(default_factory=lambda: dict(ELIGIBLE))
    asked: list[str] = field(default_factory=list)

    def begin(self, link: str = "?lang=en") -> Person:
        """Open the study's page by a link, and start."""
        self.page.goto(self.bot.url(link))
        self.page.locator(".start button").click()
        expect(self.panel).to_be_visible()
        return self

    @property
    def panel(self) -> Locator:
        """Where one answers."""
        return self.page.locator("#panel")

    @property
    def state(self) -> str:
        """What is waited for."""
        return self.panel.get_attribute("data-state") or ""

    @property
    def question(self) -> str | None:
        """The question that is asked."""
        return self.panel.get_attribute("data-question")

    @property
    def choices(self) -> list[str]:
        """What can be tapped."""
        values: list[str] = self.panel.locator("[name=choice]").evaluate_all("all => all.map(each => each.value)")
        return values

    @property
    def said(self) -> list[str]:
        """Everything in the conversation, in order."""
        texts: list[str] = self.page.locator("#log article").evaluate_all(
            "all => all.map(each => [...each.children].filter(c => c.className != 'vh').map(c => c.innerText).join('\\n'))"
        )
        return texts

    def tap(self, choice: str) -> None:
        """Tap a choice, and wait for what comes then."""
        with self.next_panel():
            self.panel.locator(f"[name=choice][value='{choice}']").click()

    def type(self, text: str) -> None:
        """Write something and send it, and wait for what comes then."""
        with self.next_panel():
            self.send(text)

    def send(self, text: str) -> None:
        """Write something and send it."""
        self.page.locator("#answer").fill(text)
        self.page.locator(".send").click()

    def next_panel(self) -> NextPanel:
        """Wait, at the end of the context, until something else is waited for."""
        return NextPanel(self)

    def answer(self) -> None:
        """Answer what is asked now."""
        question = self.question
        if question is None:
            choices = self.choices
            self.tap(next((each for each in GOES_ON if each in choices), choices[0]))
            return
        self.asked.append(question)
        reply = self.answers[question]
        if reply in self.choices:
            self.tap(reply)
        else:
            self.type(reply)

    def answer_until(self, *states: str, question: str | None = None) -> Person:
        """Answer until one of these is waited for, or that question is asked."""
        for _ in range(80):
            if self.state in states or (question is not None and self.question == question):
                return self
            self.answer()
        raise AssertionError(f"never came to {states or question}")

    @property
    def verdict(self) -> str | None:
        """The verdict that is shown."""
        return self.page.locator("[data-verdict]").last.get_attribute("data-verdict")


@dataclass
class NextPanel:
    """A moment at which the form is exchanged for another one."""

    person: Person
    before: str = ""

    def __enter__(self) -> None:
        self.before = self.person.panel.locator("[name=message]").get_attribute("value") or ""

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            changed = self.person.page.locator(f"#panel:not(:has([name=message][value='{self.before}']))")
            changed.wait_for(timeout=PATIENCE)
