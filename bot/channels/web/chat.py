"""The conversation: its page, what a person sends, and what the bot says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from bot.channels.http.forms import read_form
from bot.channels.http.guard import check_limit, check_origin, content_policy, read_body
from bot.channels.web.inputs import MOST_BODY, NotReadable, from_form, from_json
from bot.channels.web.office import Office
from bot.channels.web.thread import CONTEXT, Item, Thread
from bot.channels.web.visitors import Visitor, visitor_of
from bot.ports import Address, Inbound
from bot.services.unbroken import unbroken

MOST_STREAMS = 8  # of one conversation: more places than a person has
MARK_LENGTH = 12  # characters of a chat's id that are enough to tell it from others in one browser
BEAT_SECONDS = 20.0  # between signs of life on a stream
FORM_GROWTH = 3  # a form writes a byte as three characters
STREAM_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}
HELLO = "retry: 2000\nevent: hello\ndata:\n\n"  # milliseconds after which a browser that lost its stream comes back
BEAT = "event: beat\ndata:\n\n"
MOST_NUMBER = 2**31 - 1


class Chat:
    """The pages and messages of a conversation, for the browser that has its secret."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def page(self, request: Request) -> Response:
        """The conversation as it stands. Opening it says nothing and changes nothing."""
        subject = self._office.subject(request)
        trial = subject.setting.trial.protocol.id
        visitor = visitor_of(request)
        rows = await self._office.history.said(visitor.address) if visitor else []
        items = self._thread(request).items(rows)
        panel = next((item.panel for item in reversed(items) if item.panel), None)
        if visitor is None or panel is None:
            return RedirectResponse(f"/t/{trial}", 303)
        words = self._office.words(request, items[-1].locale)
        mark = visitor.address.chat[:MARK_LENGTH]
        page = self._office.views.chat(words, trial, mark, items, panel)
        policy = content_policy(self._office.embed_origins, pictures="blob:")
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def say(self, request: Request) -> Response:
        """Take what the person sends. Answered once it is stored with all that it leads to; the same again changes nothing.

        Once all is deleted, what a tab still sends that was open before is not taken: it would begin a conversation anew.
        """
        check_origin(request)
        trial = self._office.subject(request).setting.trial.protocol.id
        visitor = known_visitor(request)
        check_limit(self._office.limits.messages, visitor.address.chat)
        by_script = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
        try:
            inbound = await self._read(request, visitor.address, trial, by_script=by_script)
        except NotReadable:
            raise HTTPException(400) from None
        if not await self._office.history.is_erased(visitor.address):
            await self._office.take(inbound)
        elif by_script:
            raise HTTPException(410)
        if by_script:
            return Response(status_code=202)
        return RedirectResponse(f"/t/{trial}/chat", 303)

    async def _read(self, request: Request, address: Address, trial: str, *, by_script: bool) -> Inbound:
        if by_script:
            return from_json(await read_body(request, MOST_BODY), address, trial)
        return from_form(await read_form(request, MOST_BODY * FORM_GROWTH), address, trial)

    async def messages(self, request: Request) -> Response:
        """What was said after a message: for a browser whose stream does not come through."""
        address = known_visitor(request).address
        return JSONResponse({"items": await self._items(request, address, _after(request))})

    async def _items(self, request: Request, address: Address, after: int) -> list[dict[str, object]]:
        rows = await self._office.history.said(address, after - CONTEXT)
        return [item.as_json() for item in self._thread(request).items(rows) if item.number > after]

    def _thread(self, request: Request) -> Thread:
        subject = self._office.subject(request)
        return Thread(subject.catalogue, subject.setting.trial.protocol.id, photos=subject.setting.photos)

    async def stream(self, request: Request) -> Response:
        """What the bot says, as it says it, from the message after the last one that the browser has."""
        address = known_visitor(request).address
        thread = self._thread(request)
        if self._office.hub.streams(address) >= MOST_STREAMS:
            raise HTTPException(429, headers={"Retry-After": "30"})
        return StreamingResponse(
            self._events(address, thread, _after(request)), media_type="text/event-stream", headers=STREAM_HEADERS
        )

    async def _events(self, address: Address, thread: Thread, after: int) -> AsyncIterator[str]:
        """The events of a stream: `hello` at once, then messages, and a `beat` where there was none for a while."""
        hub, history = self._office.hub, self._office.history
        with hub.open(address, after) as stream:
            yield HELLO
            thread.items(await unbroken(history.said(address, after - CONTEXT)))
            while not hub.closing:
                for item in thread.items(await stream.take(history, address)):
                    yield event(item)
                if not await stream.wait(BEAT_SECONDS):
                    yield BEAT


def event(item: Item) -> str:
    """A message as an event: its number is what a browser that comes back asks to go on from."""
    return f"id: {item.number}\ndata: {json.dumps(item.as_json(), ensure_ascii=False)}\n\n"


def known_visitor(request: Request) -> Visitor:
    """The visitor who asks. Raises the HTTP error where the browser has no conversation."""
    visitor = visitor_of(request)
    if visitor is None:
        raise HTTPException(401)
    return visitor


def _after(request: Request) -> int:
    """The number of the last message that the browser has."""
    given = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    if not (given.isascii() and given.isdigit()) or int(given) > MOST_NUMBER:
        raise HTTPException(400)
    return int(given)
