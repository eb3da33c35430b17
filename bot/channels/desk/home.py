"""What is about no page in particular: where one comes in, the language, the way out."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.layout import NAVIGATION
from bot.channels.desk.permissions import allowed
from bot.channels.desk.signed import LANGUAGE_COOKIE, PATH, SESSION_COOKIE, cookie
from bot.speech.catalogue import known_language

LANGUAGE_SECONDS = 365 * 24 * 3600


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    home = Home(desk)
    return [
        Route("/", home.page, name="home"),
        Route("/language", home.language, methods=["POST"], name="language"),
        Route("/sign-out", home.sign_out, methods=["POST"], name="sign_out"),
    ]


class Home:
    """Leads to where a member of staff works."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: Request) -> Response:
        """The first place that the member's role has."""
        signed = await self._desk.signed(request)
        return RedirectResponse(next(path for route, path in NAVIGATION.values() if allowed(signed.role, route)), 303)

    async def language(self, request: Request) -> Response:
        """Show the pages in another language, in this browser."""
        locale = known_language((await self._desk.form(request)).get("locale"))
        if locale is None:
            raise HTTPException(400)
        secure = request.url.scheme == "https"
        kept = cookie(LANGUAGE_COOKIE, locale, secure=secure, seconds=LANGUAGE_SECONDS)
        return RedirectResponse(f"{PATH}/", 303, headers={"Set-Cookie": kept})

    async def sign_out(self, request: Request) -> Response:
        """End this session."""
        desk = self._desk
        signed = await desk.signed(request)
        now = desk.clock.now()
        await desk.accounts.sign_out(request.cookies[SESSION_COOKIE])
        await desk.audit.add(signed.member, "signed_out", None, now)
        gone = cookie(SESSION_COOKIE, "", secure=request.url.scheme == "https", seconds=0)
        return RedirectResponse(f"{PATH}/sign-in", 303, headers={"Set-Cookie": gone})
