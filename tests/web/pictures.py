"""Takes the pictures of the documentation: the main steps, on a phone and on a desktop.

Run: python -m tests.web.pictures (or make pictures). It needs a browser, and pngquant to make them small.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.desk.at_work import references, shows, sign_in, step, write
from tests.desk.candidates import referred
from tests.desk.members import Office
from tests.photos.papers import photographs
from tests.web.conftest import ARGUMENTS, PHONE
from tests.web.person import Person
from tests.web.running import ROOT, Bot

FOLDER = ROOT / "docs" / "pictures"
DESKTOP = {"width": 1100, "height": 780}
TALL = {"width": 420, "height": 1150}
WIDE = {"width": 1000, "height": 580}
SIDE_BY_SIDE = """
body { display: flex; justify-content: center; gap: 36px; margin: 0; padding: 30px; background: #dcebec }
img { width: 280px; height: 498px; border: 6px solid #15323a; border-radius: 26px }
"""
COLOURS = 128  # of a picture; more are not to be seen in these
SLIP = """Hemoglobin 9.2 g/dL
Creatinine 0.9 mg/dL (0.6-1.2)
AST 31 U/L (10-40)
ALT 28 U/L (10-40)
Total bilirubin 14"""


def take_all(browser: Browser, bot: Bot) -> None:
    """All pictures."""
    with someone(browser, bot) as ana:
        ana.page.goto(bot.url("?lang=en"))
        take(ana, "study")
        ana.begin()
        take(ana, "start")
        ana.answer_until(question="hemoglobin")
        ana.type("9.2 g/dL")
        take(ana, "question")
        ana.answer_until("reviewing")
        take(ana, "review")
    with someone(browser, bot) as ana:
        ana.begin().answer_until(question="lvef")
        ana.type(SLIP)
        take(ana, "slip")
    photograph(browser, bot)
    with someone(browser, bot) as ana:
        ana.begin("?lang=zh_Hans").answer_until(question="hemoglobin")
        ana.type("92 g/L")
        take(ana, "question-zh")
        ana.answer_until("choosing_site", "offering_contact")
        take(ana, "result-zh")
    with someone(browser, bot, color_scheme="dark") as ana:
        ana.begin("?lang=es")
        ana.answers["infection"] = "yes"
        ana.answer_until("finished")
        take(ana, "not-yet-es")
    with someone(browser, bot, viewport=DESKTOP) as ana:
        ana.begin()
        ana.answers |= {"cd7": "unknown", "alt": "unknown"}
        ana.answer_until("choosing_site", "offering_contact")
        take(ana, "desktop")
    with someone(browser, bot, viewport=WIDE) as ana:
        ana.page.set_content(side_by_side("question", "review", "result-zh"))
        take(ana, "chat")


def photograph(browser: Browser, bot: Bot) -> None:
    """A photographed slip, read back beside its picture."""
    paper = next(photographs([0], seed=3))
    with someone(browser, bot, viewport=TALL) as ana:
        ana.begin().answer_until(question="spo2")
        ana.page.locator("#file").set_input_files({"name": paper.name, "mimeType": "image/jpeg", "buffer": paper.data})
        ana.page.locator(".slip_read img").wait_for()
        take(ana, "photo-web")


def take_desk(browser: Browser, bot: Bot) -> None:
    """The pages on which a coordinator works."""
    office = Office(bot)
    mei = office.member("coordinator", "Mei", "shenzhen")
    for answers in ({}, {"cd7": "unknown"}, {"cd7": "unknown", "alt": "unknown"}):
        candidate = referred(office, "shenzhen", **answers)
    reference = references(mei)[-1]
    step(mei, reference, "claim", str(uuid.uuid4()))
    write(mei, reference, "Good morning. May I call you about the open points?")
    candidate.say(text="Yes, tomorrow at ten.")
    shows(mei, reference, "tomorrow at ten")
    with someone(browser, bot, viewport=DESKTOP, device_scale_factor=1) as desk:
        sign_in(desk.page, mei)
        for name, path in (("desk-inbox", "inbox"), ("desk-card", f"referral/{reference}")):
            desk.page.goto(f"{bot.address}/desk/{path}")
            take(desk, name)
    office.close()


def side_by_side(*names: str) -> str:
    """A page that shows pictures as phones lying side by side."""
    pictures = (base64.b64encode((FOLDER / f"{name}.png").read_bytes()).decode() for name in names)
    phones = "".join(f'<img src="data:image/png;base64,{picture}">' for picture in pictures)
    return f"<style>{SIDE_BY_SIDE}</style>{phones}"


@contextmanager
def someone(browser: Browser, bot: Bot, **settings: object) -> Iterator[Person]:
    """A person with a browser of their own, whose screen is as sharp as a phone's."""
    context = browser.new_context(
        **{"viewport": PHONE, "device_scale_factor": 2, "reduced_motion": "reduce", **settings}  # type: ignore[arg-type]
    )
    yield Person(context.new_page(), bot)
    context.close()


def take(person: Person, name: str) -> None:
    """Take a picture of what the person sees, and make it small."""
    path = FOLDER / f"{name}.png"
    person.page.mouse.move(0, 0)
    person.page.wait_for_timeout(300)
    person.page.evaluate("document.activeElement?.blur()")
    person.page.screenshot(path=path)
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--strip", "--ext", ".png", str(COLOURS), path], check=True)


def main() -> None:
    """Take them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bot = Bot(Path(folder)).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        take_all(browser, bot)
        take_desk(browser, bot)
        browser.close()
        bot.end()


if __name__ == "__main__":
    main()
