"""A photographed slip on a candidate's page: the way to send one, its numbered picture, and its rows until they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.desk.layout import post_form
from bot.channels.desk.signed import Signed
from bot.channels.http.html import Html, tag
from bot.channels.http.pictures import ACCEPTED, FIELD
from bot.channels.http.words import Words
from bot.flows.bench.shown import ScreenShown
from bot.flows.events.slips import SlipRow
from bot.flows.screening import READING
from bot.speech.bench_screen import Screen
from bot.speech.tables import slip_row

DAY = "day"
"""The field for the day on which the sample was taken."""


@dataclass(frozen=True, slots=True)
class PicturedSlip:
    """Builds what a candidate's page has of photographs. `path`: of the page."""

    words: Words
    signed: Signed
    shown: ScreenShown
    screen: Screen
    path: str

    def upload(self) -> Html:
        """The form that sends pictures or PDF files of a slip."""
        text = self.words.text
        picker = tag(
            "input",
            type="file",
            id="photo",
            name=FIELD,
            accept=ACCEPTED,
            multiple=True,
            required=True,
            aria_describedby="photo-hint",
        )
        fields = (
            tag("label", text("bench.page.photo"), for_="photo"),
            picker,
            tag("p", text("bench.page.photo.hint"), id="photo-hint", class_="hint"),
            tag("button", text("bench.page.photo.read"), class_="choice"),
        )
        action = f"{self.path}/photo"
        return post_form(self.signed, action, *fields, nonce=True, class_="panel upload", enctype="multipart/form-data")

    def picture(self, content: str) -> Html:
        """The numbered picture, as the answer to sending it: it is kept nowhere."""
        alt = self.words.text("bench.page.photo.alt")
        shown = tag("img", src=f"data:image/jpeg;base64,{content}", alt=alt)
        return tag("figure", shown, tag("figcaption", self.words.text("bench.page.photo.once")), class_="slip")

    def rows(self) -> Html | None:
        """The rows that wait, the day that they lack, and the ways to take them or to put them aside.

        Both ways name the step of the candidate: rows that came since the page was made were not read on it.
        """
        if not self.shown.slip:
            return None
        text = self.words.text
        caption = tag("caption", text("bench.photo.title"))
        table = tag("table", caption, tag("tbody", *map(self._row, self.shown.slip)), class_="sheet rows")
        step = self.shown.case.step
        use = tag("button", self.screen.use(), name="tap", value=f"take.{step}", class_="choice primary")
        aside = tag(
            "button",
            text("bench.photo.aside"),
            name="tap",
            value=f"aside.{step}",
            class_="quiet",
            formnovalidate=True,
        )
        ends = tag("div", use, aside, class_="ends")
        return post_form(
            self.signed, f"{self.path}/tap", table, *self._day(), ends, nonce=True, class_="panel pictured"
        )

    def _row(self, row: SlipRow) -> Html:
        shown = slip_row(self.screen.voice, row)
        mark, status = ("✓", "pass") if shown.clear else ("?", "undetermined")
        known = tag(
            "span", self.words.text("bench.page.row.sure" if shown.clear else "bench.page.row.doubt"), class_="vh"
        )
        return tag(
            "tr",
            tag("td", tag("span", mark, aria_hidden="true"), known),
            tag("th", shown.name, scope="row"),
            tag("td", " ".join(filter(None, (shown.answer, shown.note)))),
            class_=status,
        )

    def _day(self) -> Iterator[Html]:
        """The day of the sample, where the picture gives none: chosen, if it can be one of several, else filled in."""
        if not self.shown.undated:
            return
        days = self.shown.case.session.days
        if days:
            values = self.screen.voice.values
            options = {each.isoformat(): values.day(each) for each in days} | {
                "": self.words.text("bench.page.day.none")
            }
            chosen = (_option(DAY, value, label) for value, label in options.items())
            legend = tag("legend", self.words.text("bench.photo.days"))
            yield tag("fieldset", legend, tag("div", *chosen, class_="options"))
        else:
            today = self.shown.today.isoformat()
            yield tag("label", self.words.text("bench.page.day"), for_=DAY)
            yield tag("input", type="date", id=DAY, name=DAY, max=today, aria_describedby="day-hint")
            yield tag("p", self.words.text("bench.page.day.hint"), id="day-hint", class_="hint")

    def doubtful(self, question: str) -> Html:
        """What a doubtful row may say, to choose from: nothing of it is filled in by itself."""
        meanings = self.screen.voice.meanings(question, self.shown.case.unclear[question])
        options = (_option(f"q.{question}", f"{READING}{place}", label) for place, label in enumerate(meanings, 1))
        return tag("div", *options, class_="options")


def _option(name: str, value: str, label: str) -> Html:
    picker = tag("input", type="radio", name=name, value=value, required=True if name == DAY else None)
    return tag("label", picker, tag("span", label))
