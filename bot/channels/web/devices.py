"""Going on at another device: a code, good once and for a short time, stands for the browser's secret."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.channels.http.forms import read_form
from bot.channels.http.guard import check_limit, check_origin, network_of
from bot.channels.http.qr import qr_code
from bot.channels.web.chat import known_visitor
from bot.channels.web.office import Office
from bot.channels.web.views import device
from bot.channels.web.visitors import Visitor

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O: it is read from one screen and typed on another
LENGTH = 15  # letters of 5 bits each: 75 bits
GROUP = 5
GOOD_FOR = timedelta(minutes=15)


class Devices:
    """Makes codes, and takes them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def make(self, request: Request) -> Response:
        """A new code for this conversation, to be scanned or typed. The code before it is good no more."""
        office = self._office
        check_origin(request)
        visitor = known_visitor(request)
        check_limit(office.limits.codes, visitor.address.chat)
        code = new_code()
        trial = office.subject(request).setting.trial.protocol.id
        expires_at = office.clock.now() + GOOD_FOR
        await office.codes.add_code(visitor.address, digest(code, trial), visitor.token, expires_at)
        words = office.words(request)
        # After the number sign it stays in the browser: a code is in no server's log.
        address = f"{request.url.scheme}://{request.url.netloc}/t/{trial}/code#{code}"
        return JSONResponse({"html": device(words, qr_code(address, words.web("device.qr")), code)})

    async def page(self, request: Request) -> Response:
        """Where a code is typed."""
        office = self._office
        trial = office.subject(request).setting.trial.protocol.id
        return HTMLResponse(office.views.code(office.words(request), trial))

    async def redeem(self, request: Request) -> Response:
        """Take a code: this browser goes on with the conversation."""
        office = self._office
        check_origin(request)
        check_limit(office.limits.codes, network_of(request))
        trial = office.subject(request).setting.trial.protocol.id
        code = (await read_form(request)).get("code", "")
        token = await office.codes.redeem_code(digest(code, trial), office.clock.now())
        if token is None:
            return HTMLResponse(office.views.code(office.words(request), trial, wrong=True), 400)
        headers = {"Set-Cookie": office.cookie(request, Visitor(token))}
        return RedirectResponse(f"/t/{trial}/chat", 303, headers=headers)


def new_code() -> str:
    """A code, in groups that are easy to read."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def digest(code: str, trial: str) -> str:
    """What is stored of a code for a trial, however it was typed: small letters, blanks and dashes do not matter."""
    letters = "".join(character for character in code.upper() if character in ALPHABET)
    return hashlib.sha256(f"{trial}\n{letters}".encode()).hexdigest()
