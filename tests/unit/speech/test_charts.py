"""The figures of the log: nobody is lost on the way, and the two pictures of a figure are the same."""

from __future__ import annotations

import io
from datetime import date, timedelta
from functools import partial
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageColor

from bot.speech import charts_png
from bot.speech.catalogue import Catalogue, languages
from bot.speech.charts import INK, WEEKS, Box, Figure, Label, Screened, by_week, flow, room, steps, svg, weekly
from bot.speech.charts_png import SCALE, png

TODAY = date(2026, 11, 25)
PEOPLE = [
    Screened(TODAY, "not_eligible", "E03a"),
    Screened(TODAY, "not_eligible", "E03a"),
    Screened(TODAY - timedelta(weeks=1), "not_eligible", "I02a"),
    Screened(TODAY, "not_yet", "E05"),
    Screened(TODAY - timedelta(weeks=2), "undetermined"),
    Screened(TODAY, "likely_eligible", outcome="visit_booked"),
    Screened(TODAY - timedelta(weeks=1), "likely_eligible", outcome="requested"),
]
NAMESPACE = "{http://www.w3.org/2000/svg}"


def words(locale: str) -> partial[str]:
    """The words of a language."""
    return partial(Catalogue().text, locale)


def test_everybody_is_in_one_box_of_each_step() -> None:
    """Those who leave and those who go on make up the step before."""
    first, second, third = steps(PEOPLE, words("en"))
    assert first.lines == ("Pre-screened (n = 7)",)
    assert first.leaving == ("Not eligible (n = 3)", " E03a: 2", " I02a: 1", "Not yet (n = 1)", " E05: 1")
    assert second.lines == ("May be eligible (n = 3)", " some points open: 1")
    assert second.leaving == ("Asked for no contact (n = 1)",)
    assert third.lines == ("Referred to a site (n = 2)", " new, nobody has it yet: 1", " visit booked: 1")


def test_who_was_referred_and_turned_out_not_eligible_is_counted_once() -> None:
    """A corrected answer may change the verdict after the referral: the numbers still add up."""
    first, second, third = steps([Screened(TODAY, "not_eligible", "E01", "closed")], words("en"))
    assert first.leaving[0] == "Not eligible (n = 1)"
    assert second.lines == ("May be eligible (n = 0)",)
    assert third.lines == ("Referred to a site (n = 0)",)


def test_each_week_counts_its_own_and_no_other() -> None:
    """Weeks begin on Monday; what is older than the first one shown is not squeezed into it."""
    old = Screened(TODAY - timedelta(weeks=WEEKS), "likely_eligible")
    weeks = by_week([*PEOPLE, old], TODAY)
    assert len(weeks) == WEEKS
    assert [monday.isoweekday() for monday, _ in weeks] == [1] * WEEKS
    assert [counts for _, counts in weeks[-3:]] == [(1, 1, 0), (2, 1, 1), (4, 1, 1)]
    assert sum(counts[0] for _, counts in weeks) == len(PEOPLE)


@pytest.mark.parametrize("locale", languages())
def test_every_text_is_in_the_picture_and_in_its_box(locale: str) -> None:
    """In every language, also for an empty log, and with characters that mean something in XML."""
    odd = Screened(TODAY, "not_eligible", "<A&B>")
    for people in ([], [*PEOPLE, odd]):
        for figure in (flow(people, words(locale)), weekly(people, TODAY, words(locale))):
            picture = ET.fromstring(svg(figure))  # noqa: S314 - made here
            texts = [each.text for each in picture.iter(f"{NAMESPACE}text")]
            assert texts == [each.text for each in figure.shapes if isinstance(each, Label)]
            _assert_within(figure)


def _assert_within(figure: Figure) -> None:
    for each in figure.shapes:
        if isinstance(each, Label):
            half = room(each.text) / 2 if each.centred else 0
            assert each.x - half >= 0, each
            assert each.x - half + room(each.text) <= figure.width, each
            assert 0 < each.y < figure.height, each
        if isinstance(each, Box):
            assert each.left + each.width <= figure.width, each
            assert each.top + each.height <= figure.height, each


def test_a_bar_is_as_tall_as_its_count() -> None:
    """The tallest bar is the largest count, and half of it is half as tall."""
    bars = [each for each in weekly(PEOPLE, TODAY, words("en")).shapes if isinstance(each, Box)][3:]
    heights = sorted(bar.height for bar in bars)
    assert heights[-1] == 4 * heights[0] == 2 * heights[-2]


@pytest.mark.parametrize("locale", languages())
def test_the_png_shows_the_boxes_of_the_same_figure(locale: str) -> None:
    """Its size is the figure's, every bar has its colour in its middle, and its labels leave ink."""
    laid_out: list[Figure] = []

    def make(language: str) -> Figure:
        laid_out.append(weekly(PEOPLE, TODAY, words(language)))
        return laid_out[-1]

    image = Image.open(io.BytesIO(png(make, locale))).convert("RGB")
    [figure] = laid_out
    assert image.size == (figure.width * SCALE, figure.height * SCALE)
    for each in figure.shapes:
        if isinstance(each, Box):
            middle = (int((each.left + each.width / 2) * SCALE), int((each.top + each.height / 2) * SCALE))
            assert image.getpixel(middle) == ImageColor.getrgb(each.fill)
    title = image.crop((0, 0, image.width, 40 * SCALE))
    assert ImageColor.getrgb(INK) in [colour for _, colour in title.getcolors(title.width * title.height) or ()]


def test_without_a_font_of_the_language_the_labels_are_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Better another language than boxes in the place of characters; a machine without any font draws all the same."""
    monkeypatch.setattr(charts_png, "_font", lambda _: None)
    languages_drawn: list[str] = []

    def make(language: str) -> Figure:
        languages_drawn.append(language)
        return flow(PEOPLE, words(language))

    assert png(make, "zh_Hans").startswith(b"\x89PNG")
    assert languages_drawn == ["en"]
