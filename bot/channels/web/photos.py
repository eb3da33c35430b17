"""Photographs of a lab slip that a browser sends: read, taken as one slip, and shown once more, but never kept."""

from __future__ import annotations

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.channels.http.guard import check_limit, check_origin, content_policy
from bot.channels.http.pictures import FIELD, MOST_UPLOAD, came_of
from bot.channels.http.uploads import read_upload
from bot.channels.web.chat import known_visitor
from bot.channels.web.office import Office
from bot.flows.photos import MOST
from bot.ports import Inbound


class Photos:
    """Takes photographs of slips, where they can be read."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def take(self, request: Request) -> Response:
        """Read the slip in the files. Answered once it is stored what came of them; the same again changes nothing.

        The answer has the picture with its rows numbered: a page of its own for a browser without a script.
        """
        check_origin(request)
        subject = self._office.subject(request)
        trial = subject.setting.trial.protocol.id
        reader = self._office.reader
        visitor = known_visitor(request)
        if reader is None:
            raise HTTPException(404)
        check_limit(self._office.limits.photos, visitor.address.chat)
        sent = await read_upload(request, MOST_UPLOAD)
        message_id, files = _id(sent.fields.get("message", "")), sent.files.get(FIELD, [])
        if not 0 < len(files) <= MOST:
            raise HTTPException(400)
        if await self._office.history.is_erased(visitor.address):
            raise HTTPException(410)
        came, picture = await came_of(reader, files, subject.setting, self._office.clock.now())
        await self._office.take(Inbound(visitor.address, message_id, came))
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"picture": picture})
        return self._page(request, trial, picture) if picture else RedirectResponse(f"/t/{trial}/chat", 303)

    def _page(self, request: Request, trial: str, picture: str) -> Response:
        page = self._office.views.photo(self._office.words(request), trial, picture)
        policy = content_policy(self._office.embed_origins, pictures="data:")
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _id(given: str) -> str:
    """The message's id, made by the browser. Raises the HTTP error where it is none."""
    try:
        return str(UUID(given, version=4))
    except ValueError:
        raise HTTPException(400) from None
