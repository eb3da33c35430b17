"""The pages for everyone: what a screen reader, a small screen, a keyboard and a hostile text make of them."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.talks import own_phone
from tests.web.conftest import NewPerson
from tests.web.person import Person

SCRIPT = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
SLIP = "\n".join(
    [
        "Hemoglobin 11.2 g/dL",
        "Creatinine 0.9 mg/dL (0.6-1.2)",
        "AST 32 U/L (10-40)",
        "ALT 50 U/L (10-40)",
        "Total bilirubin 14",
    ]
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALLEST_TARGET = 44


def assert_accessible(page: Page) -> None:
    """The page breaks no rule that a program can check."""
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def assert_easy_to_hit(page: Page) -> None:
    """Whatever is tapped is large enough for an unsteady thumb."""
    small = page.locator("button:visible, summary:visible, .languages a, .start > a").evaluate_all(
        f"all => all.filter(e => {{const b = e.getBoundingClientRect(); "
        f"return b.height < {SMALLEST_TARGET} || b.width < {SMALLEST_TARGET}}}).map(e => e.outerHTML)"
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible(person: NewPerson, scheme: str) -> None:
    """The study, the code, a question, a slip, the review, the result and the menu: no fault, every target large."""
    ana = person(color_scheme=scheme)
    for path in ("?lang=es", "/code?lang=zh_Hans", "?site=nowhere"):
        ana.page.goto(ana.bot.url(path))
        assert_accessible(ana.page)
        assert_easy_to_hit(ana.page)
    ana.begin().answer_until(question="kps")
    assert_accessible(ana.page)
    ana.answer_until(question="lvef")
    ana.type(SLIP)
    assert ana.state == "checking_slip"
    assert_accessible(ana.page)
    assert_easy_to_hit(ana.page)
    ana.answer_until("reviewing")
    ana.page.locator("summary").click()
    assert_accessible(ana.page)
    ana.page.keyboard.press("Escape")
    ana.answer_until("giving_contact")
    ana.type(own_phone())
    assert_accessible(ana.page)
    assert_easy_to_hit(ana.page)


def test_a_screening_needs_no_mouse(person: NewPerson) -> None:
    """Tab and Enter go through the questions; what has the keyboard is always on the page."""
    ana = person()
    ana.page.goto(ana.bot.url("?lang=en"))
    ana.page.locator(".start button").focus()
    ana.page.keyboard.press("Enter")
    expect(ana.panel).to_be_visible()
    ana.page.locator("[value=patient]").focus()
    with ana.next_panel():
        ana.page.keyboard.press("Enter")
    expect(ana.panel).to_be_focused()
    with ana.next_panel():
        ana.page.keyboard.press("Tab")
        ana.page.keyboard.press("Enter")
    assert ana.question == "age"
    ana.page.locator("#answer").focus()
    with ana.next_panel():
        ana.page.keyboard.type("34")
        ana.page.keyboard.press("Enter")
    expect(ana.page.locator("#answer")).to_be_focused()
    assert ana.question == "sex"


def test_what_the_bot_says_is_announced(person: NewPerson) -> None:
    """The conversation is a live log, each message in its language and with its speaker."""
    ana = person().begin("?lang=es")
    log = ana.page.get_by_role("log")
    expect(log.locator("article").last).to_have_attribute("lang", "es")
    expect(log.locator("article .vh").last).to_have_text("Ayuda:")
    expect(ana.page.get_by_role("progressbar")).to_have_attribute("aria-label", "Pregunta 1 de 18")


def test_numbers_are_typed_on_a_number_keypad(person: NewPerson) -> None:
    """A measured value first shows the keys for numbers, a date or an age those for text; one tap changes it."""
    ana = person().begin().answer_until(question="age")
    assert ana.page.locator("#answer").get_attribute("inputmode") is None
    ana.answer_until(question="lvef")
    expect(ana.page.locator("#answer")).to_have_attribute("inputmode", "decimal")
    ana.page.locator(".keyboard").click()
    expect(ana.page.locator("#answer")).to_have_attribute("inputmode", "text")
    assert ana.page.evaluate("document.activeElement.id") == "answer"


def test_a_read_back_answer_is_changed_at_any_step(person: NewPerson) -> None:
    """The button beside an answer asks its question again, whatever is asked by then."""
    ana = person().begin().answer_until(question="gene_therapy")
    with ana.next_panel():
        ana.page.get_by_role("button", name="Change: Age").click()
    assert ana.question == "age"
    ana.type("35")
    assert ana.question == "gene_therapy"


def test_what_people_write_is_shown_as_text(person: NewPerson) -> None:
    """A script in any field where one may write is shown letter by letter, and does nothing: now, and after a reload."""
    ana = person().begin()
    for question in ("age", "cd7", "lvef"):
        ana.answer_until(question=question)
        _write_a_script(ana)
    ana.answer_until("giving_name")
    _write_a_script(ana)
    ana.answer_until("giving_contact")
    _write_a_script(ana)


def _write_a_script(ana: Person) -> None:
    ana.send(SCRIPT)
    expect(ana.page.locator(".own:not(.pending)").last).to_contain_text(SCRIPT)
    ana.page.reload()
    expect(ana.page.locator(".own").last).to_contain_text(SCRIPT)
    assert "broken" not in ana.page.title()
    assert ana.page.locator("#log img, #log script").count() == 0


def test_a_long_paste_is_taken_whole(person: NewPerson) -> None:
    """A slip of 4,000 characters is read; what is shown of it is short."""
    ana = person().begin().answer_until(question="lvef")
    ana.type(SLIP + "\n" + "Ward 7, printed twice. " * 170)
    assert len(ana.page.locator(".own").last.inner_text()) < 700
    assert ana.state == "checking_slip"


def test_a_slip_is_read_from_a_file(person: NewPerson) -> None:
    """A text file is read in the browser and sent as text; what is too large or no text is refused there."""
    ana = person().begin().answer_until(question="lvef")
    ana.page.locator("#file").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"\x00\x01\xff"})
    expect(ana.page.locator("#notice")).to_contain_text("only read text files")
    ana.page.locator("#file").set_input_files({"name": "b.csv", "mimeType": "text/csv", "buffer": b"a" * 30_000})
    expect(ana.page.locator("#notice")).to_contain_text("too large")
    with ana.next_panel():
        slip = {"name": "c.csv", "mimeType": "text/csv", "buffer": SLIP.encode()}
        ana.page.locator("#file").set_input_files(slip)
    expect(ana.page.locator("#notice")).to_be_hidden()
    rows = ana.page.locator(".slip_read table tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.last).to_contain_text("11.2 g/dL")


def test_the_result_is_printed_with_what_a_doctor_needs(person: NewPerson) -> None:
    """On paper: the verdict with its reasons, every value, the date and the reference; and nothing else of the chat."""
    ana = person().begin()
    ana.answers["infection"] = "unknown"
    ana.answer_until("giving_contact")
    ana.type(own_phone())
    ana.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    ana.page.emulate_media(media="print")
    paper = ana.page.locator("main")
    for text in ("Result of the pre-screening", "110 g/L", "infection", "Printed on"):
        expect(paper).to_contain_text(text)
    expect(ana.page.locator("article:visible")).to_have_count(3)
    expect(ana.page.locator("svg.qr")).to_be_visible()
    expect(ana.page.locator("button:visible")).to_have_count(0)
    assert ana.page.locator("#printed").inner_text()


def test_the_page_holds_at_twice_the_size(person: NewPerson) -> None:
    """At 200 % on a small phone nothing is cut off: there is no scrolling sideways, and the question can be answered."""
    ana = person(viewport={"width": 320, "height": 480}).begin()
    ana.page.add_style_tag(url=_twice_the_size(ana.page))
    assert ana.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ana.answer_until(question="sex")
    assert ana.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _twice_the_size(page: Page) -> str:
    address: str = page.locator("link[rel=stylesheet]").last.get_attribute("href") or ""
    page.route(f"**{address}?large", _enlarged)
    return f"{address}?large"


def _enlarged(route: Any) -> None:
    route.fulfill(content_type="text/css", body="html { font-size: 200% !important }")


def test_a_slow_phone_gets_its_first_question_soon(person: NewPerson) -> None:
    """On a 2G line the first question can be answered from little more than one page of a few kilobytes."""
    ana = person()
    sizes: dict[str, int] = {}
    ana.page.on("response", lambda got: sizes.update({got.url: int(got.headers.get("content-length", 0))}))
    line = ana.page.context.new_cdp_session(ana.page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": 35_000, "uploadThroughput": 30_000}
    line.send("Network.emulateNetworkConditions", slow)
    ana.begin()
    expect(ana.panel.locator("[name=choice]").first).to_be_enabled()
    pages = [size for url, size in sizes.items() if "/static/" not in url]
    assert sum(sizes.values()) < 60_000
    assert sum(pages) < 12_000
