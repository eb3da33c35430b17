"""What a member of staff, or a page's script, is told where a request cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.channels.desk.desk import Desk
from bot.channels.desk.signed import PATH, SignInNeeded
from bot.channels.http.html import tag
from bot.errors import Mendable

REASONS = {403: "forbidden", 404: "not_found", 413: "too_large", 429: "too_many"}
RETRY_SECONDS = 5

log = structlog.get_logger()


class Refusals:
    """Answers for what was raised at the desk. None of them says what was sent, or what failed inside."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> Mapping[Any, Callable[..., Any]]:
        """The answers, by what was raised."""
        return {SignInNeeded: self.send_to_door, HTTPException: self.refuse, Mendable: self.ask_to_wait}

    async def send_to_door(self, request: Request, _: SignInNeeded) -> Response:
        """Nobody is signed in: a person gets the page where one signs in, the script a status."""
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"{PATH}/sign-in", 303)
        return JSONResponse({"error": "sign_in"}, 401)

    async def refuse(self, request: Request, error: HTTPException) -> Response:
        """A request that cannot be done as it is."""
        return self._answer(request, error.status_code, error.headers)

    async def ask_to_wait(self, request: Request, error: Mendable) -> Response:
        """The database is away: nothing was kept."""
        log.warning("request not handled", reason=str(error))
        return self._answer(request, 503, {"Retry-After": str(RETRY_SECONDS)})

    def _answer(self, request: Request, status: int, headers: Mapping[str, str] | None) -> Response:
        reason = REASONS.get(status, "other")
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": reason}, status, headers)
        layout, locale = self._desk.layout, self._desk.locale(request)
        words = layout.words(locale)
        back = tag("p", tag("a", words.text("shell.error.back"), href=PATH))
        page = layout.outside(
            locale, words.text("web.error.title"), tag("p", words.text(f"shell.error.{reason}")), back
        )
        return HTMLResponse(page, status, headers)
