"""What a person, or the page's script, is told where a request cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.channels.web.office import Office
from bot.errors import Mendable

REASONS = {400: "link", 403: "forbidden", 404: "not_found", 413: "too_large", 429: "too_many"}
"""What is said about each status; about any other, that it was not the person's fault."""

RETRY_SECONDS = 5

log = structlog.get_logger()


class Refusals:
    """Answers for everything that was raised. None of them says what was sent, or what failed inside."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def handlers(self) -> Mapping[Any, Callable[..., Any]]:
        """The answers, by what was raised."""
        return {HTTPException: self.refuse, Mendable: self.ask_to_wait, Exception: self.fail}

    async def refuse(self, request: Request, error: HTTPException) -> Response:
        """A request that cannot be done as it is."""
        return self._answer(request, error.status_code, error.headers)

    async def ask_to_wait(self, request: Request, error: Mendable) -> Response:
        """The database is away: nothing was kept, and the browser sends it again."""
        log.warning("request not handled", reason=str(error))
        return self._answer(request, 503, {"Retry-After": str(RETRY_SECONDS)})

    async def fail(self, request: Request, error: Exception) -> Response:
        """A fault of the program. The error's text may hold what somebody answered: only its type is logged."""
        log.error("request failed", error=type(error).__name__)
        return self._answer(request, 500, {"Retry-After": str(RETRY_SECONDS)})

    def _answer(self, request: Request, status: int, headers: Mapping[str, str] | None) -> Response:
        """A page for a person; for the script, the status says it all."""
        reason = REASONS.get(status, "other")
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": reason}, status, headers)
        page = self._office.views.error(self._office.words(request), reason)
        return HTMLResponse(page, status, headers)
