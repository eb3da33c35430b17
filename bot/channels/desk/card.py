"""The page of one referral, and the look at who it is about."""

from __future__ import annotations

import uuid

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.desk.card_pages import TOLD, CardPages
from bot.channels.desk.desk import Desk
from bot.channels.desk.signed import Signed
from bot.channels.desk.steps import REFUSED, back_to, put_through
from bot.flows.handoff.people import Person
from bot.flows.handoff.stages import Action
from bot.services.worklist import NotForYou, Opened


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    cards = Cards(desk)
    return [
        Route("/referral/{reference}", cards.page, name="referral"),
        Route("/referral/{reference}/contact", cards.contact, methods=["POST"], name="referral.contact"),
    ]


class Cards:
    """Shows referrals one by one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: Request) -> Response:
        """The card as it stands. `told`: what became of the step that led here, where there is something to say.

        The reference of a repeat leads to the referral that the person has already.
        """
        signed, reference = await self._desk.signed(request), request.path_params["reference"]
        opened = await opened_for(self._desk, signed, reference)
        if opened.listed.reference != reference:
            return back_to(opened.listed.reference)
        told = request.query_params.get("told", "")
        return self._answer(signed, opened, told=told if told in TOLD else "")

    async def contact(self, request: Request) -> Response:
        """The card with who the person is and how to reach them: shown this once, and on record.

        Each look is one of its own, also where a browser sends the form again: the person is shown again, too.
        """
        desk = self._desk
        signed, reference = await desk.signed(request), request.path_params["reference"]
        try:
            person = await desk.worklist.person(signed.viewer, reference, desk.clock.now())
        except NotForYou:
            raise HTTPException(404) from None
        told = await put_through(desk, signed, str(uuid.uuid4()), f"{Action.LOOK}.{reference}", reference)
        if told.startswith(REFUSED):
            return back_to(reference, told)
        return self._answer(signed, await opened_for(desk, signed, reference), person=person)

    def _answer(self, signed: Signed, opened: Opened, *, told: str = "", person: Person | None = None) -> Response:
        desk = self._desk
        pages = CardPages(desk.layout, desk.subjects, desk.clock.now())
        return HTMLResponse(pages.card(signed, opened, told, person))


async def opened_for(desk: Desk, signed: Signed, reference: str) -> Opened:
    """A referral. Raises the HTTP error where there is none, or it is not for who asks."""
    try:
        return await desk.worklist.opened(signed.viewer, reference)
    except NotForYou:
        raise HTTPException(404) from None
