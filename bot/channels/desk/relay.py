"""What the holder of a referral writes to the person: neither sees how to reach the other."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.steps import back_to, message_of, put_through, visible
from bot.flows.handoff.desk import LONGEST_TEXT, WRITE


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    return [Route("/referral/{reference}/message", Relay(desk).write, methods=["POST"], name="referral.message")]


class Relay:
    """Takes messages to people."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def write(self, request: Request) -> Response:
        """Send a message to the person, and show the conversation."""
        desk = self._desk
        signed, form = await desk.signed(request), await desk.form(request)
        reference = await visible(desk, signed, request)
        text = form.get("text", "").strip()[:LONGEST_TEXT]
        if not text:
            raise HTTPException(400)
        told = await put_through(desk, signed, message_of(form), f"{WRITE}.{reference}.{text}", reference)
        return back_to(reference, told, "#relay")
