"""The people of the desk: invited, listed, let in anew, revoked. No health data is here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.people_pages import PeoplePages
from bot.channels.desk.signed import PATH
from bot.errors import Mendable
from bot.flows.handoff.people import Role
from bot.services import staff

LONGEST_NAME = 60
_ID = re.compile(r"[0-9a-f]{16}")


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    people = People(desk)
    return [
        Route("/people", people.page, name="people"),
        Route("/people/invite", people.invite, methods=["POST"], name="people.invite"),
        Route("/people/link", people.link, methods=["POST"], name="people.link"),
        Route("/people/revoke", people.revoke, methods=["POST"], name="people.revoke"),
        Route("/people/reset-factor", people.reset_factor, methods=["POST"], name="people.reset_factor"),
    ]


class People:
    """Keeps the accounts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages = PeoplePages(desk.layout)

    async def page(self, request: Request) -> Response:
        """All who were ever invited, and the form that invites another."""
        signed = await self._desk.signed(request)
        listed = await staff.members(self._desk.staffing)
        lines = await self._desk.audit.lines(self._pages.latest)
        return HTMLResponse(self._pages.people(signed, listed, self._desk.sites(), lines))

    async def invite(self, request: Request) -> Response:
        """Invite somebody; the page with their link, which is shown this once."""
        desk = self._desk
        signed, form = await desk.signed(request), await desk.form(request)
        role, site = self._role(form), form.get("site") or None
        if site is not None and site not in desk.sites():
            raise HTTPException(400)
        name = form.get("name", "").strip()[:LONGEST_NAME] or None
        now = desk.clock.now()
        code = await staff.invite(desk.staffing, now, role=role, site=site, name=name, by=signed.member)
        link = self._link(request, code)
        return HTMLResponse(self._pages.code(signed, link, "invited", join=code if desk.telegram else None))

    async def link(self, request: Request) -> Response:
        """A new link for a member; the page that shows it this once."""
        desk = self._desk
        signed, member = await desk.signed(request), await self._member(request)
        try:
            code = await staff.link(desk.staffing, member, desk.clock.now(), staff.LINK_LIFETIME, signed.member)
        except Mendable:
            raise HTTPException(404) from None
        return HTMLResponse(self._pages.code(signed, self._link(request, code), "link"))

    async def revoke(self, request: Request) -> Response:
        """End a membership: nobody ends their own, so that somebody is left who can invite."""
        desk = self._desk
        signed, member = await desk.signed(request), await self._member(request)
        if member == signed.member:
            raise HTTPException(403)
        await staff.revoke(desk.staffing, member, desk.clock.now(), signed.member)
        return RedirectResponse(f"{PATH}/people", 303)

    async def reset_factor(self, request: Request) -> Response:
        """Forget a member's second factor: they need a new link then."""
        desk = self._desk
        signed, member = await desk.signed(request), await self._member(request)
        await staff.reset_factor(desk.staffing, member, desk.clock.now(), signed.member)
        return RedirectResponse(f"{PATH}/people", 303)

    async def _member(self, request: Request) -> str:
        """The member that a form is about. Raises the HTTP error where there is none of that id."""
        member = (await self._desk.form(request)).get("member", "")
        if not _ID.fullmatch(member) or member not in {each.id for each in await staff.members(self._desk.staffing)}:
            raise HTTPException(404)
        return member

    @staticmethod
    def _role(form: Mapping[str, str]) -> Role:
        try:
            return Role(form.get("role", ""))
        except ValueError:
            raise HTTPException(400) from None

    def _link(self, request: Request, code: str) -> str:
        """Where the code lets one in. After the number sign it stays in the browser: it is in no server's log."""
        reached = f"{request.url.scheme}://{request.url.netloc}"
        return f"{(self._desk.web_url or reached).rstrip('/')}{PATH}/sign-in#{code}"
