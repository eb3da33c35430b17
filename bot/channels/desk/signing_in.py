"""The way in: a link that is good once, or a browser that is remembered; then a code of the authenticator app."""

from __future__ import annotations

from hmac import compare_digest

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.door import Door
from bot.channels.desk.signed import (
    CSRF_FIELD,
    DEVICE_COOKIE,
    PATH,
    SESSION_COOKIE,
    SignInNeeded,
    cookie,
    csrf_of,
)
from bot.channels.http.forms import read_form
from bot.channels.http.guard import check_limit, check_origin, network_of
from bot.services.accounts import DEVICE_LIFETIME, Account, Proof
from bot.services.factor import Outcome


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    way = SigningIn(desk)
    return [
        Route("/sign-in", way.page, name="sign_in"),
        Route("/sign-in", way.take_code, methods=["POST"], name="sign_in.code"),
        Route("/factor", way.factor, name="factor"),
        Route("/factor", way.take_factor, methods=["POST"], name="factor.code"),
    ]


class SigningIn:
    """Takes the two factors, one after the other."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._door = Door(desk.layout)

    async def page(self, request: Request) -> Response:
        """Where a link's code is typed, and where a remembered browser goes on."""
        known = await self._half(request, DEVICE_COOKIE)
        return HTMLResponse(self._door.sign_in(self._desk.locale(request), known[0] if known else None))

    async def take_code(self, request: Request) -> Response:
        """Take a link's code: what is shown next is the second factor."""
        desk = self._desk
        check_origin(request)
        check_limit(desk.limits.guesses, network_of(request))
        code = (await read_form(request)).get("code", "")
        locale = desk.locale(request)
        token = await desk.accounts.come_in(code, locale, desk.clock.now())
        if token is None:
            return HTMLResponse(self._door.sign_in(locale, None, wrong=True), 400)
        kept = cookie(SESSION_COOKIE, token, secure=_is_secure(request))
        return RedirectResponse(f"{PATH}/factor", 303, headers={"Set-Cookie": kept})

    async def factor(self, request: Request) -> Response:
        """Where the code of the app is typed; where there is none yet, how to set the app up."""
        account, token = await self._known(request)
        return HTMLResponse(await self._factor_page(request, account, token))

    async def take_factor(self, request: Request) -> Response:
        """Take the code of the app: the session begins."""
        desk = self._desk
        check_origin(request)
        check_limit(desk.limits.guesses, network_of(request))
        account, token = await self._known(request)
        form = await read_form(request)
        if not compare_digest(form.get(CSRF_FIELD, "").encode(), csrf_of(token).encode()):
            raise HTTPException(403)
        remember, now = "remember" in form, desk.clock.now()
        proof = await desk.accounts.prove(account, form.get("code", ""), now, remember=remember)
        if proof is None:
            raise SignInNeeded
        if not proof.token:
            page = await self._factor_page(request, account, token, proof)
            return HTMLResponse(page, 429 if proof.outcome is Outcome.WAIT else 400)
        return self._let_in(request, proof)

    def _let_in(self, request: Request, proof: Proof) -> Response:
        secure = _is_secure(request)
        answer: Response = RedirectResponse(f"{PATH}/", 303)
        if proof.recovery:
            answer = HTMLResponse(self._door.recovery(self._desk.locale(request), proof.recovery))
        answer.headers.append("Set-Cookie", cookie(SESSION_COOKIE, proof.token, secure=secure))
        if proof.device:
            seconds = int(DEVICE_LIFETIME.total_seconds())
            answer.headers.append("Set-Cookie", cookie(DEVICE_COOKIE, proof.device, secure=secure, seconds=seconds))
        return answer

    async def _factor_page(self, request: Request, account: Account, token: str, proof: Proof | None = None) -> str:
        factor = await self._desk.accounts.enrolling(account)
        return self._door.factor(self._desk.locale(request), account, csrf_of(token), factor, proof)

    async def _known(self, request: Request) -> tuple[Account, str]:
        """Whose second factor it is, with the token that says so. Raises `SignInNeeded`."""
        known = await self._half(request, SESSION_COOKIE) or await self._half(request, DEVICE_COOKIE)
        if known is None:
            raise SignInNeeded
        return known

    async def _half(self, request: Request, name: str) -> tuple[Account, str] | None:
        token = request.cookies.get(name, "")
        account = await self._desk.accounts.half(token, self._desk.clock.now()) if token else None
        return None if account is None else (account, token)


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
