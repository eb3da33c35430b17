"""The pages of the bench: the list of open candidates, and one page for each, with the findings beside what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.channels.desk.bench_pictures import PicturedSlip
from bot.channels.desk.layout import Layout, post_form
from bot.channels.desk.signed import PATH, Signed
from bot.channels.http.html import Html, tag
from bot.channels.http.words import Words
from bot.criteria.findings import Finding, Status
from bot.criteria.protocol import UNKNOWN
from bot.flows.bench.codes import LONGEST, Flaw, flaw
from bot.flows.bench.shown import ListShown, ScreenShown
from bot.flows.bench.work import is_tapped
from bot.flows.review import REFERRED
from bot.services.talk import Subject
from bot.speech.bench_screen import Findings, Screen, screen_of
from bot.speech.card import MARKS

SLIP_ROWS = 6
ORDER = (Status.FAIL, Status.UNDETERMINED, Status.PASS)


def bench(layout: Layout, signed: Signed, known: ListShown, news: Sequence[str], refused: str | None) -> Html:
    """Who is open, the field for another code, and what was said to the member of late.

    refused: a code that cannot be used. It is not shown again.
    """
    words = layout.words(signed.locale)
    wrong = None if refused is None else (flaw(refused) or Flaw.FORM)
    field = (
        tag("label", words.text("bench.page.code"), for_="code"),
        tag(
            "input",
            id="code",
            name="code",
            maxlength=LONGEST,
            autocomplete="off",
            required=True,
            aria_invalid="true" if wrong else None,
            aria_describedby="wrong" if wrong else "hint",
        ),
        tag("p", words.text("bench.page.code.hint"), id="hint", class_="hint"),
        tag("p", words.text(f"bench.code.{wrong}"), id="wrong", role="alert") if wrong else None,
        tag("button", words.text("bench.page.open"), class_="choice primary"),
    )
    form = post_form(signed, f"{PATH}/bench/new", *field, nonce=True, class_="panel")
    title = words.text("bench.page.title")
    return layout.page(signed, title, _open_ones(words, known), form, _news(words, news), active="bench")


def _news(words: Words, news: Sequence[str]) -> Html | None:
    if not news:
        return None
    lines = (tag("li", line) for line in news)
    return tag("section", tag("h2", words.text("bench.page.news")), tag("ul", *lines), class_="news")


def _open_ones(words: Words, known: ListShown) -> Html:
    if not known.cases:
        return tag("p", words.text("bench.page.empty"), class_="empty")
    head = (words.text(f"bench.page.{name}") for name in ("column.code", "column.verdict", "column.open"))
    rows = (
        tag(
            "tr",
            tag("th", tag("a", case.code, href=f"{PATH}/bench/{case.number}"), scope="row"),
            tag("td", words.text(f"bench.verdict.{verdict}")),
            tag("td", words.text("bench.page.open_count", count=str(open_))),
        )
        for case, verdict, open_ in known.cases
    )
    columns = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in head)))
    return tag(
        "table", tag("caption", words.text("bench.page.open_ones")), columns, tag("tbody", *rows), class_="sheet"
    )


def candidate(  # noqa: PLR0913, PLR0917 - all that the page shows
    layout: Layout, signed: Signed, subject: Subject, shown: ScreenShown, sites: Sequence[str], picture: str = ""
) -> Html:
    """A candidate's page. `sites`: those to which they may be handed over, where the member is of none. `picture`: of the slip
    that was just read, as base64.
    """
    words = layout.words(signed.locale)
    trial = subject.setting.trial
    screen = screen_of(trial, subject.catalogue, signed.locale, shown)
    findings = Findings(trial, subject.catalogue, signed.locale)
    page = CandidatePage(words, signed, shown, screen, findings)
    back = tag("p", tag("a", words.text("bench.page.back"), href=f"{PATH}/bench"))
    asked = tag("div", page.upload() if subject.setting.photos else None, page.asked(), class_="asking")
    body = tag("div", asked, page.known(), class_="bench")
    ends = page.ends(subject, sites)
    return layout.page(signed, shown.case.code, back, page.pictured(picture), body, ends, active="bench")


class CandidatePage:
    """Builds a candidate's page: what is asked on one side, what is known on the other."""

    def __init__(self, words: Words, signed: Signed, shown: ScreenShown, screen: Screen, findings: Findings) -> None:
        self._words = words
        self._signed = signed
        self._shown = shown
        self._screen = screen
        self._findings = findings
        self._path = f"{PATH}/bench/{shown.case.number}"
        self._slip = PicturedSlip(words, signed, shown, screen, self._path)

    def pictured(self, picture: str) -> Html | None:
        """The numbered picture of a slip and the rows of it that wait, side by side to be compared; None where there is neither."""
        parts = (self._slip.picture(picture) if picture else None, self._slip.rows())
        return tag("div", *parts, class_="compare") if any(parts) else None

    def upload(self) -> Html:
        """The way to send a photograph."""
        return self._slip.upload()

    def asked(self) -> Html:
        """The form: a field for a slip or typed answers, one for each value, and a row of choices for each question."""
        text = self._words.text
        fields = (
            tag("label", text("bench.page.slip"), for_="text"),
            tag("textarea", name="text", id="text", rows=SLIP_ROWS, aria_describedby="slip-hint"),
            tag("p", text("bench.page.slip.hint"), id="slip-hint", class_="hint"),
            *self._noted(),
            *map(self._typed, self._typed_questions()),
            *map(self._choices, self._screen.open_tapped()),
            tag("button", text("bench.page.fill"), class_="choice primary"),
        )
        return post_form(self._signed, f"{self._path}/fill", *fields, nonce=True, class_="panel asked")

    def _typed_questions(self) -> list[str]:
        by_id = self._screen.voice.trial.protocol.by_id
        return [each for each in self._shown.open if not is_tapped(by_id[each])]

    def _noted(self) -> Iterator[Html]:
        """What of the last message could not be used."""
        lines = [*self._screen.noted()]
        if lines:
            yield tag("ul", *(tag("li", line) for line in lines), class_="noted", role="status")

    def _typed(self, question: str) -> Html:
        """A field; what was typed and is doubtful stands in it, with the reason below. What a picture gave is to be chosen."""
        unclear = self._shown.case.unclear.get(question)
        seen = question in self._shown.case.rows
        doubt = tag("p", self._screen.unclear(question), id=f"doubt-{question}", class_="doubt") if unclear else None
        return tag(
            "div",
            tag("label", self._screen.voice.name(question), for_=f"q-{question}"),
            self._slip.doubtful(question) if seen else None,
            tag(
                "input",
                name=f"q.{question}",
                id=f"q-{question}",
                value=unclear.reply.strip() if unclear and not seen else None,
                autocomplete="off",
                aria_describedby=f"doubt-{question}" if unclear else None,
            ),
            doubt,
            class_="field",
        )

    def _choices(self, question: str) -> Html:
        voice = self._screen.voice
        own = voice.trial.protocol.by_id[question].choices
        unclear = question in self._shown.case.unclear
        options = (
            tag(
                "label",
                tag("input", type="radio", name=f"q.{question}", value=choice),
                tag("span", voice.choice(question if choice != UNKNOWN else None, choice)),
            )
            for choice in (own if UNKNOWN in own else (*own, UNKNOWN))
        )
        return tag(
            "fieldset",
            tag("legend", self._screen.asked(question)),
            tag("div", *options, class_="options"),
            tag("p", self._screen.unclear(question), class_="doubt") if unclear else None,
        )

    def known(self) -> Html:
        """The verdict, the findings, and the answers, each of which can be taken back."""
        assessment = self._shown.assessment
        findings = sorted(assessment.findings.values(), key=lambda each: ORDER.index(each.status))
        return tag(
            "div",
            tag("p", self._findings.verdict(assessment), class_=f"verdict {assessment.verdict}", role="status"),
            tag(
                "table",
                tag("caption", self._words.text("bench.page.findings")),
                tag("tbody", *map(self._finding, findings)),
                class_="sheet findings",
            ),
            self._answers(),
            class_="known",
        )

    def _finding(self, finding: Finding) -> Html:
        status = self._words.text(f"bench.page.status.{finding.status}")
        mark = tag("span", MARKS[finding.status], aria_hidden="true")
        return tag(
            "tr",
            tag("td", mark, tag("span", status, class_="vh")),
            tag("th", finding.code, scope="row"),
            tag("td", self._findings.evidence(finding)),
            class_=finding.status.value,
        )

    def _answers(self) -> Html | None:
        voice = self._screen.voice
        answers = self._shown.case.session.answers
        asked = [each for each in voice.trial.protocol.order if each in answers and each != "respondent"]
        if not asked:
            return None
        told = voice.answers(answers)
        rows = (
            tag(
                "tr",
                tag("th", voice.name(each), scope="row"),
                tag("td", told[each]),
                tag("td", self._take_back(each)),
            )
            for each in asked
        )
        summary = tag("summary", self._words.text("bench.page.answers", count=str(len(asked))))
        return tag("details", summary, tag("table", tag("tbody", *rows), class_="sheet"))

    def _take_back(self, question: str) -> Html:
        label = self._words.text("bench.page.change")
        name = self._screen.voice.name(question)
        return self._tap(f"anew.{question}", label, "quiet", f"{label}: {name}")

    def _tap(self, tapped: str, label: str, class_: str, aria_label: str | None = None) -> Html:
        button = tag("button", label, name="tap", value=tapped, class_=class_, aria_label=aria_label)
        return post_form(self._signed, f"{self._path}/tap", button, nonce=True)

    def ends(self, subject: Subject, sites: Sequence[str]) -> Html:
        """How the screening ends."""
        text = self._words.text
        close = self._tap("done", text("bench.page.close"), "choice")
        if self._shown.assessment.verdict not in REFERRED:
            return tag("div", close, class_="ends")
        names = {site: subject.catalogue.text(self._words.locale, f"site.{site}") for site in sites}
        own = () if sites else (self._tap("refer", text("bench.page.refer"), "choice"),)
        chosen = (
            self._tap(f"site.{site}", text("bench.page.refer_to", site=name), "choice") for site, name in names.items()
        )
        return tag("div", close, *own, *chosen, class_="ends")
