"""The web chat as people meet it: a server process, and real browsers before it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.web.person import PATIENCE, Person
from tests.web.running import Bot

PHONE = {"width": 360, "height": 640}
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")  # its event loop must have ended before tests that are coroutines run
def browser() -> Iterator[Browser]:
    """A browser; without one the test is skipped, but never where CI is set."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        message = "There is no browser: install Debian's package chromium (and fonts-noto-cjk)."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A running bot that tests share; each person has a conversation of their own."""
    bot = Bot(tmp_path_factory.mktemp("bot")).start()
    yield bot
    assert bot.end() == 0
    assert bot.log == ""


@pytest.fixture
def own_bot(tmp_path: Path) -> Iterator[Bot]:
    """A running bot that the test may kill."""
    bot = Bot(tmp_path).start()
    yield bot
    if bot.process is not None:
        bot.end()


NewPerson = Callable[..., Person]


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewPerson]:
    """Makes people, each with a browser of their own. Nothing may go wrong in a page, and nothing come from elsewhere."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def watch(page: Page, bot: Bot) -> None:
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: _note(faults, message.type, message.text))
        page.on("request", lambda sent: sent.url.startswith((bot.address, "data:", "blob:")) or faults.append(sent.url))

    def make(bot: Bot | None = None, **settings: object) -> Person:
        at = bot or request.getfixturevalue("bot")
        context = browser.new_context(**{"viewport": PHONE, "locale": "en-US", "reduced_motion": "reduce", **settings})
        context.on("page", lambda page: watch(page, at))
        contexts.append(context)
        return Person(context.new_page(), at)

    yield make
    for context in contexts:
        context.close()
    assert faults == []


def _note(faults: list[str], kind: str, text: str) -> None:
    """A fault that the page tells its console: a rule of its own broken. That the bot is away is none."""
    if kind == "error" and "Failed to load resource" not in text:
        faults.append(text)
