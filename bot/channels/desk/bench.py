"""The bench at the desk: who is open, and each candidate as one page. Its forms become inputs of the member's chat.

What is sent goes through the pipeline with the form's own id, so that sent twice it counts once; what the page shows is the
bench as it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.desk import bench_pages
from bot.channels.desk.bench_pictures import DAY
from bot.channels.desk.desk import Desk as Pages
from bot.channels.desk.signed import PATH, Signed
from bot.channels.http.guard import content_policy
from bot.channels.http.html import Html
from bot.channels.http.pictures import FIELD, came_of
from bot.flows.bench.case import Case
from bot.flows.bench.codes import flaw, same
from bot.flows.bench.commands import MARK
from bot.flows.handoff.desk import Desk
from bot.flows.inputs import BenchFilled, ButtonPressed, Input, Reply
from bot.flows.photos import MOST
from bot.ports import Inbound
from bot.services.bench import listed, screen
from bot.services.talk import Subject

TAKE = "take"
"""The button that takes the rows of a picture, with the day that is filled in beside it."""
TAPS = ("anew", "done", "refer", "site", TAKE, "aside")
"""The buttons of a candidate's page, beside that which sends what was filled in."""
ANSWER = "q."
"""How the fields begin that answer a question."""
LATEST = 100  # messages of the chat among which the news are looked for
MOST_NEWS = 5
_NONCE = re.compile(r"[0-9a-f-]{36}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_DETAIL = re.compile(r"[A-Za-z0-9_.-]{0,50}")


def routes(desk: Pages) -> list[Route]:
    """The routes."""
    bench = BenchAtDesk(desk)
    return [
        Route("/bench", bench.all_open, name="bench"),
        Route("/bench/new", bench.open, methods=["POST"], name="bench.new"),
        Route("/bench/{number}", bench.page, name="bench.page"),
        Route("/bench/{number}/fill", bench.fill, methods=["POST"], name="bench.fill"),
        Route("/bench/{number}/tap", bench.tap, methods=["POST"], name="bench.tap"),
        Route("/bench/{number}/photo", bench.photo, methods=["POST"], name="bench.photo"),
    ]


class BenchAtDesk:
    """Shows a member's bench, and takes what is done at it."""

    def __init__(self, desk: Pages) -> None:
        self._desk = desk

    async def all_open(self, request: Request) -> Response:
        """Who is open, and the field for the code of another one."""
        return self._shown(await self._list(request))

    async def open(self, request: Request) -> Response:
        """Open a candidate under a code, or go on with the one who has it."""
        signed, form = await self._desk.signed(request), await self._desk.form(request)
        code = form.get("code", "").strip()
        if not code or flaw(code) is not None:
            return self._shown(await self._list(request, code), 422)
        await self._put(signed, form, Reply(f"/new {code}"))
        mine = await self._bench(signed)
        case = next((each for each in mine.bench.cases if same(each.code, code)), None)
        return RedirectResponse(f"{PATH}/bench/{case.number}" if case else f"{PATH}/bench", 303)

    async def page(self, request: Request) -> Response:
        """A candidate's page."""
        page = await self._page(request)
        return RedirectResponse(f"{PATH}/bench", 303) if page is None else self._shown(page)

    async def _page(self, request: Request, picture: str = "") -> Html | None:
        """A candidate's page as the bench is now, with the picture just sent; None for one who has left the bench."""
        desk, signed = self._desk, await self._desk.signed(request)
        shown = screen(await self._bench(signed), _number(request), desk.subjects, desk.clock.now())
        if shown is None:
            return None
        subject = self._subject(shown.case)
        sites = () if signed.site else subject.setting.sites
        return bench_pages.candidate(desk.layout, signed, subject, shown, sites, picture)

    def _subject(self, case: Case) -> Subject:
        return self._desk.subjects.get(case.trial) or next(iter(self._desk.subjects.values()))

    async def fill(self, request: Request) -> Response:
        """Take what was filled in, and show the page as it is then."""
        signed, form = await self._desk.signed(request), await self._desk.form(request)
        answers = {name.removeprefix(ANSWER): said for name, said in form.items() if name.startswith(ANSWER)}
        await self._put(signed, form, BenchFilled(_number(request), form.get("text", ""), answers))
        return RedirectResponse(f"{PATH}/bench/{_number(request)}", 303)

    async def tap(self, request: Request) -> Response:
        """Take a tap on one of the page's other buttons. One who has left the bench then leads back to the list."""
        signed, form = await self._desk.signed(request), await self._desk.form(request)
        word, _, detail = form.get("tap", "").partition(".")
        if word == TAKE and form.get(DAY):
            detail = f"{detail}.{form[DAY]}"
        if word not in TAPS or _DETAIL.fullmatch(detail) is None:
            raise HTTPException(400)
        choice = ".".join(part for part in (word, str(_number(request)), detail) if part)
        await self._put(signed, form, ButtonPressed(choice, 0, MARK))
        return RedirectResponse(f"{PATH}/bench/{_number(request)}", 303)

    async def photo(self, request: Request) -> Response:
        """Read the slip in the pictures that were sent. The answer is the candidate's page with the numbered picture, this once."""
        desk, signed, number = self._desk, await self._desk.signed(request), _number(request)
        sent = await desk.upload(request)
        case, files = (await self._bench(signed)).bench.case(number), sent.files.get(FIELD, [])
        if desk.reader is None or case is None:
            raise HTTPException(404)
        if len(files) > MOST:
            raise HTTPException(400)
        picture = ""
        if files:
            came, picture = await came_of(desk.reader, files, self._subject(case).setting, desk.clock.now(), number)
            await self._put(signed, sent.fields, came)
        page = await self._page(request, picture)
        if page is None:
            return RedirectResponse(f"{PATH}/bench", 303)
        return HTMLResponse(page, headers={"Content-Security-Policy": content_policy((), pictures="data:")})

    async def _list(self, request: Request, refused: str | None = None) -> Html:
        desk, signed = self._desk, await self._desk.signed(request)
        known = listed(await self._bench(signed), desk.subjects, desk.clock.now())
        return bench_pages.bench(desk.layout, signed, known, await self._news(signed), refused)

    async def _news(self, signed: Signed) -> list[str]:
        """The short texts that were said of late in the member's chat, the latest first: what a coordinator did or wrote."""
        history = self._desk.history
        count = (await history.counts([signed.address])).get(signed.address, 0)
        said = await history.said(signed.address, max(0, count - LATEST))
        told = [each.message.text for each in said if each.message.session == MARK and each.message.text]
        return told[-MOST_NEWS:][::-1]

    async def _bench(self, signed: Signed) -> Desk:
        """The member's chat at the desk as it is stored. Raises the HTTP error where it is none yet."""
        stored = await self._desk.staffing.session_of(signed.address)
        if stored is None or stored.session is None:
            raise HTTPException(503)
        return Desk.model_validate_json(stored.session)

    async def _put(self, signed: Signed, form: Mapping[str, str], entry: Input) -> None:
        """Put an input through the pipeline; it is durable then. Raises the HTTP error where the form has no id of its own."""
        message = form.get("message", "")
        if _NONCE.fullmatch(message) is None:
            raise HTTPException(400)
        await self._bench(signed)
        await self._desk.take(Inbound(signed.address, message, entry))

    @staticmethod
    def _shown(page: Html, status: int = 200) -> Response:
        return HTMLResponse(page, status)


def _number(request: Request) -> int:
    """The number of the candidate that a request is about. Raises the HTTP error where it is none."""
    number: str = request.path_params["number"]
    if _NUMBER.fullmatch(number) is None:
        raise HTTPException(404)
    return int(number)
