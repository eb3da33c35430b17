"""The prescreening log as a page: figures, lines, and files to take away. Of nobody's identity there is a word in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.inbox import select, site_name
from bot.channels.desk.signed import PATH, Signed
from bot.channels.http.html import Html, tag
from bot.channels.http.words import Words
from bot.criteria.findings import Verdict
from bot.ports import LogLine
from bot.services.logbook import COLUMNS, WRITERS, LogFilter, NoWorkbooks, Row, rows_of
from bot.services.statistics import screened
from bot.speech.charts import Figure, flow, svg, weekly

SHOWN = 200  # lines on the page, the newest first; a file has all
FIGURES = ("flow", "weekly")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    log = Log(desk)
    return [
        Route("/log", log.page, name="log"),
        Route("/log/file/{kind}", log.file, name="log.file"),
        Route("/log/figure/{figure}", log.figure, name="log.figure"),
    ]


class Log:
    """Shows the log."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: Request) -> Response:
        """The lines that the address asks for, with their figures."""
        desk = self._desk
        signed, given = await desk.signed(request), request.query_params
        lines = await self._lines(signed, given)
        words = desk.words(signed)
        query = urlencode([(name, value) for name, value in given.items() if value])
        body = (
            self._filters(signed, words, given),
            tag("p", words.text("log.count", count=str(len(lines))), " ", *_files(words, query)),
            tag("div", *(_picture(words, figure, query) for figure in FIGURES), class_="figures") if lines else None,
            self._table(words, lines[: -SHOWN - 1 : -1]) if lines else None,
        )
        return HTMLResponse(desk.layout.page(signed, words.text("log.title"), *body, active="log"))

    async def file(self, request: Request) -> Response:
        """The lines as a file. Raises the HTTP error where its kind is not to be had."""
        signed, kind = await self._desk.signed(request), request.path_params["kind"]
        if kind not in WRITERS:
            raise HTTPException(404)
        lines = await self._lines(signed, request.query_params)
        try:
            content = WRITERS[kind](rows_of(lines))
        except NoWorkbooks:
            raise HTTPException(404) from None
        headers = {"Content-Disposition": f'attachment; filename="prescreening-log.{kind}"'}
        return Response(content, media_type=TYPES[kind], headers=headers)

    async def figure(self, request: Request) -> Response:
        """A figure of the lines."""
        desk, figure = self._desk, request.path_params["figure"]
        signed = await desk.signed(request)
        if figure not in FIGURES:
            raise HTTPException(404)
        lines = await self._lines(signed, request.query_params)
        drawn = _drawn(figure, lines, desk.clock.now().date(), partial(desk.layout.catalogue.text, signed.locale))
        return Response(svg(drawn), media_type="image/svg+xml")

    async def _lines(self, signed: Signed, given: Mapping[str, str]) -> list[LogLine]:
        return await self._desk.logbook.lines(signed.viewer, filter_of(given))

    def _filters(self, signed: Signed, words: Words, given: Mapping[str, str]) -> Html:
        verdicts = {verdict.value: words.text(f"inbox.verdict.{verdict}") for verdict in Verdict}
        sites = {} if signed.site else {site: site_name(self._desk, words.locale, site) for site in self._desk.sites()}
        return tag(
            "form",
            *(_day(words, name, given.get(name)) for name in ("since", "until")),
            select(words, "verdict", verdicts, given.get("verdict")),
            select(words, "site", sites, given.get("site")) if sites else None,
            tag("button", words.text("inbox.show"), class_="quiet"),
            method="get",
            action=f"{PATH}/log",
            class_="filters",
        )

    def _table(self, words: Words, lines: Sequence[LogLine]) -> Html:
        """The lines, the newest first, with their codes in words."""
        head = tag("tr", *(tag("th", words.text(f"log.column.{name}"), scope="col") for name in COLUMNS))
        body = (tag("tr", *(tag("td", cell) for cell in self._in_words(words, row))) for row in rows_of(lines))
        table = tag("table", tag("thead", head), tag("tbody", *body), class_="sheet")
        return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=words.text("log.title"))

    def _in_words(self, words: Words, row: Row) -> Iterable[str]:
        spoken = {
            "verdict": words.text(f"inbox.verdict.{row['verdict']}"),
            "site": row["site"] and site_name(self._desk, words.locale, row["site"]),
            "outcome": row["outcome"] and words.text(f"stage.{row['outcome']}"),
        }
        return (row | spoken).values()


def filter_of(given: Mapping[str, str]) -> LogFilter:
    """What an address asks for. Raises the HTTP error where it asks for something that there is not."""
    try:
        since, until = (dt.date.fromisoformat(given[name]) if given.get(name) else None for name in ("since", "until"))
        verdict = Verdict(given["verdict"]).value if given.get("verdict") else None
    except ValueError:
        raise HTTPException(400) from None
    return LogFilter(since, until, given.get("site") or None, verdict)


def _drawn(figure: str, lines: Sequence[LogLine], today: dt.date, words: Callable[..., str]) -> Figure:
    people = screened(lines)
    return flow(people, words) if figure == "flow" else weekly(people, today, words)


def _day(words: Words, name: str, value: str | None) -> Html:
    return tag(
        "label", tag("span", words.text(f"log.{name}")), tag("input", type="date", name=name, value=value or None)
    )


def _files(words: Words, query: str) -> list[Html]:
    """The ways to take the lines away."""
    links = (tag("a", kind.upper(), href=f"{PATH}/log/file/{kind}?{query}", download=True) for kind in WRITERS)
    pieces = (piece for link in links for piece in (link, " "))
    return [tag("span", words.text("log.files"), " ", *pieces, class_="files")]


def _picture(words: Words, figure: str, query: str) -> Html:
    return tag("figure", tag("img", src=f"{PATH}/log/figure/{figure}?{query}", alt=words.text(f"log.figure.{figure}")))
