"""Takes the pictures of a candidate's page at the bench: `python -m tests.desk.bench_picture`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.desk.members import Office
from tests.desk.test_bench import SLIP, begin, open_for, save
from tests.photos.papers import photographs
from tests.web.conftest import ARGUMENTS
from tests.web.pictures import someone, take
from tests.web.running import Bot
from tests.web.test_photos import READING

DESKTOP = {"width": 1200, "height": 900}
ANSWERED = ("cd7", "other_antigens", "life_expectancy")


def fill_in(page: Page) -> None:
    """A candidate half way: some findings are met, one is not, one value is doubtful."""
    begin(page, "HK-012")
    page.get_by_label("Lab slip or answers").fill(f"{SLIP}\nage 34, male, kps 90, spo2 88, hiv, hcv: no")
    page.get_by_label("Total bilirubin").fill("2")
    for question in ANSWERED:
        page.locator(f'[name="q.{question}"][value="yes"]').check()
    save(page)


def photograph(page: Page) -> None:
    """A photographed slip, read and not yet taken."""
    paper = next(photographs([0], seed=3))
    page.get_by_role("link", name="All open patients").click()
    begin(page, "HK-013")
    page.locator("#photo").set_input_files({"name": paper.name, "mimeType": "image/jpeg", "buffer": paper.data})
    page.get_by_role("button", name="Read the picture").click(timeout=READING)
    page.locator("figure img").wait_for()


def main() -> None:
    """Take the pictures, on a screen of a desk."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bot = Bot(Path(folder)).start()
        office = Office(bot)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        with someone(browser, bot, viewport=DESKTOP, device_scale_factor=1, locale="en-US") as nurse:
            open_for(office.member("staff", "Nurse Ma", "haikou"), nurse.page)
            fill_in(nurse.page)
            take(nurse, "desk-bench")
            photograph(nurse.page)
            take(nurse, "desk-photo")
        browser.close()
        office.close()
        bot.end()


if __name__ == "__main__":
    main()
