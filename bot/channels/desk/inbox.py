"""The inbox: the referrals of the member's site, what waits first, and who has each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.layout import post_form
from bot.channels.desk.signed import PATH, Signed
from bot.channels.http.html import Html, tag
from bot.channels.http.words import Words
from bot.criteria.assess import assess
from bot.criteria.findings import Verdict
from bot.flows.handoff.stages import Stage
from bot.services import talk
from bot.services.talk import Subject
from bot.services.worklist import TABS, Listed, Listing, Wanted, stages_of
from bot.speech.card import open_questions
from bot.speech.formats import ago

MOST_PAGES = 10_000
MOST_SAID = 40  # characters


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    inbox = Inbox(desk)
    return [
        Route("/inbox", inbox.page, name="inbox"),
        Route("/inbox/find", inbox.find, methods=["POST"], name="inbox.find"),
    ]


class Inbox:
    """Shows the list."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: Request) -> Response:
        """A page of the list, as the address narrows it down."""
        desk = self._desk
        signed = await desk.signed(request)
        wanted = wanted_of(request.query_params)
        listing = await desk.worklist.listing(signed.viewer, wanted, desk.clock.now())
        words = desk.words(signed)
        narrowing = tag("div", self._filters(signed, words, wanted), _search(signed, words), class_="narrowing")
        body = (_tabs(words, wanted, listing), narrowing, self._list(words, wanted, listing, signed.site))
        title = words.text("inbox.title")
        return HTMLResponse(desk.layout.page(signed, title, *body, active="inbox", scripts=("desk.js",)))

    async def find(self, request: Request) -> Response:
        """The card of a reference or a code; where several have the code, their list. What was typed is in no address."""
        desk = self._desk
        signed, form = await desk.signed(request), await desk.form(request)
        now = desk.clock.now()
        found = await desk.worklist.find(signed.viewer, form.get("said", "").strip(), now)
        if len(found) == 1:
            return RedirectResponse(f"{PATH}/referral/{found[0].reference}", 303)
        words = desk.words(signed)
        lines = (tag("li", self._line(words, each, now, signed.site)) for each in found)
        none = tag("p", words.text("inbox.find.none"), class_="empty", role="status")
        back = tag("p", tag("a", words.text("referral.back"), href=f"{PATH}/inbox"), class_="back")
        shown = tag("ol", *lines, class_="referrals") if found else none
        page = desk.layout.page(signed, words.text("inbox.find"), back, _search(signed, words), shown, active="inbox")
        return HTMLResponse(page)

    def _filters(self, signed: Signed, words: Words, wanted: Wanted) -> Html:
        """What narrows the tab down."""
        stages = {stage.value: words.text(f"stage.{stage}") for stage in stages_of(wanted.tab)}
        verdicts = {verdict.value: words.text(f"inbox.verdict.{verdict}") for verdict in Verdict}
        sites = {} if signed.site else {site: site_name(self._desk, words.locale, site) for site in self._desk.sites()}
        fields = (
            select(words, "stage", stages, wanted.stage and wanted.stage.value) if len(stages) > 1 else None,
            select(words, "verdict", verdicts, wanted.verdict),
            select(words, "site", sites, wanted.site) if sites else None,
        )
        tab = tag("input", type="hidden", name="tab", value=wanted.tab)
        show = tag("button", words.text("inbox.show"), class_="quiet")
        return tag("form", tab, *fields, show, method="get", action=f"{PATH}/inbox", class_="filters")

    def _list(self, words: Words, wanted: Wanted, listing: Listing, own: str | None) -> Html:
        if not listing.lines:
            return tag("p", words.text(f"inbox.empty.{wanted.tab}"), id="list", class_="empty", data_live=True)
        now = self._desk.clock.now()
        lines = (tag("li", self._line(words, each, now, own)) for each in listing.lines)
        return tag(
            "div", tag("ol", *lines, class_="referrals"), _paging(words, wanted, listing), id="list", data_live=True
        )

    def _line(self, words: Words, listed: Listed, now: datetime, own: str | None) -> Html:
        """A referral. `own`: the site of who reads, which they need not be told."""
        holder = listed.hand_off.holder if listed.hand_off else None
        subject = self._desk.subjects.get(listed.trial)
        asks = questions_left(subject, listed) if subject else 0
        waits = listed.stage is Stage.REQUESTED
        return tag(
            "a",
            tag("strong", listed.reference),
            tag("span", words.text(f"stage.{listed.stage}"), class_=f"stage {listed.stage}"),
            tag("span", words.text("inbox.held", holder=holder.name)) if holder else None,
            tag("span", words.text(f"inbox.verdict.{listed.verdict}")),
            tag("span", words.text("inbox.asks", count=str(asks))) if asks else None,
            None if listed.site == own else tag("span", site_name(self._desk, words.locale, listed.site)),
            tag("time", ago(words.locale, now - listed.requested_at), datetime=listed.requested_at.isoformat()),
            id=f"referral-{listed.reference}",
            href=f"{PATH}/referral/{listed.reference}",
            class_="waits" if waits else None,
        )


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """What an address asks for. Raises the HTTP error where it asks for something that there is not."""
    try:
        page = int(given.get("page") or 0)
        wanted = Wanted(
            tab=given.get("tab") or "open",
            stage=Stage(given["stage"]) if given.get("stage") else None,
            site=given.get("site") or None,
            verdict=Verdict(given["verdict"]).value if given.get("verdict") else None,
            page=page,
        )
    except ValueError:
        raise HTTPException(400) from None
    if wanted.tab not in TABS or not 0 <= page < MOST_PAGES:
        raise HTTPException(400)
    return wanted


def site_name(desk: Desk, locale: str, site: str) -> str:
    """What a site is called, in the words of the first trial that has it."""
    return talk.site_name(desk.subjects, locale, site)


def questions_left(subject: Subject, listed: Listed) -> int:
    """How many questions are open about a referral."""
    if listed.hand_off is None:
        return 0
    card = listed.hand_off.card
    return len(open_questions(assess(subject.setting.trial, card.answers, card.respondent, card.today)))


def select(words: Words, name: str, options: Mapping[str, str], chosen: str | None) -> Html:
    """A field to choose from; nothing chosen means all."""
    choices = (tag("option", label, value=value, selected=value == chosen) for value, label in options.items())
    every = tag("option", words.text("inbox.filter.all"), value="")
    label = words.text(f"inbox.filter.{name}")
    return tag("label", tag("span", label), tag("select", every, *choices, name=name))


def _search(signed: Signed, words: Words) -> Html:
    """Where a reference that somebody reads out is typed, or the code of a patient whom the site knows."""
    field = tag("input", name="said", maxlength=MOST_SAID, required=True, autocomplete="off", spellcheck="false")
    label = tag("label", tag("span", words.text("inbox.find.said")), field)
    go = tag("button", words.text("inbox.find.go"), class_="quiet")
    return post_form(signed, f"{PATH}/inbox/find", label, go, class_="filters")


def _tabs(words: Words, wanted: Wanted, listing: Listing) -> Html:
    tabs = (
        tag(
            "a",
            words.text(f"inbox.tab.{tab}"),
            " ",
            tag("b", str(listing.counts[tab])),
            href=f"{PATH}/inbox?tab={tab}",
            aria_current="true" if tab == wanted.tab else None,
        )
        for tab in TABS
    )
    return tag("nav", *tabs, id="tabs", class_="tabs", aria_label=words.text("inbox.tabs"), data_live=True)


def _paging(words: Words, wanted: Wanted, listing: Listing) -> Html | None:
    pages = {
        "inbox.newer": wanted.page - 1 if wanted.page else None,
        "inbox.older": wanted.page + 1 if listing.more else None,
    }
    links: Iterable[Html] = [
        tag("a", words.text(key), href=f"{PATH}/inbox?{_address(wanted, page)}")
        for key, page in pages.items()
        if page is not None
    ]
    return tag("nav", *links, class_="paging", aria_label=words.text("inbox.pages")) if links else None


def _address(wanted: Wanted, page: int) -> str:
    narrowed = {"tab": wanted.tab, "stage": wanted.stage, "site": wanted.site, "verdict": wanted.verdict, "page": page}
    return urlencode({name: value for name, value in narrowed.items() if value not in (None, "")})
