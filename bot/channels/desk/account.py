"""A member's own account: who they are here, and where they are signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.layout import post_form
from bot.channels.desk.signed import PATH, SESSION_COOKIE, SignInNeeded
from bot.channels.http.html import Html, tag
from bot.channels.http.words import Words
from bot.services.accounts import Account, Session


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    own = OwnAccount(desk)
    return [
        Route("/account", own.page, name="account"),
        Route("/account/sign-out-everywhere", own.sign_out_everywhere, methods=["POST"], name="account.sign_out"),
    ]


class OwnAccount:
    """Shows a member's sessions, and ends them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: Request) -> Response:
        """Where the member is signed in."""
        desk = self._desk
        signed, account = await desk.signed(request), await self._account(request)
        words = desk.words(signed)
        sessions = await desk.accounts.sessions(account, desk.clock.now())
        rows = (_row(words, each, here=each.token == account.session.token) for each in reversed(sessions))
        table = tag(
            "table",
            tag("caption", words.text("account.sessions")),
            tag("thead", tag("tr", *(tag("th", words.text(f"account.{name}"), scope="col") for name in COLUMNS))),
            tag("tbody", *rows),
            class_="sheet",
        )
        out = tag("button", words.text("account.everywhere"), class_="choice")
        everywhere = post_form(signed, f"{PATH}/account/sign-out-everywhere", out, class_="step")
        note = tag("p", words.text("account.note"), class_="hint")
        title = words.text("account.title")
        return HTMLResponse(desk.layout.page(signed, title, table, everywhere, note, active="account"))

    async def sign_out_everywhere(self, request: Request) -> Response:
        """End all sessions of the member, this one too, and forget the browsers that are remembered."""
        account = await self._account(request)
        await self._desk.accounts.sign_out_everywhere(account, self._desk.clock.now())
        return RedirectResponse(f"{PATH}/sign-in", 303)

    async def _account(self, request: Request) -> Account:
        account = await self._desk.accounts.account(request.cookies[SESSION_COOKIE], self._desk.clock.now())
        if account is None:
            raise SignInNeeded
        return account


COLUMNS = ("kind", "begun", "seen")


def _row(words: Words, session: Session, *, here: bool) -> Html:
    kind = words.text("account.here" if here else f"account.kind.{session.kind}")
    moments = (f"{moment:%Y-%m-%d %H:%M} UTC" for moment in (session.begun_at, session.seen_at))
    return tag("tr", tag("th", kind, scope="row"), *(tag("td", moment) for moment in moments))
