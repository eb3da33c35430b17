"""Steps about a referral, and what is written about it or to the person: forms that become inputs of the member's chat.

Each goes through the pipeline as a button in Telegram does, with the form's own id: sent twice, it counts once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.signed import PATH, Signed
from bot.flows.handoff.desk import LONGEST_TEXT, MARK, WHY
from bot.flows.handoff.stages import Action
from bot.flows.inputs import ButtonPressed
from bot.ports import Inbound
from bot.services.worklist import NotForYou

STEPS = (
    Action.CLAIM,
    Action.CONTACT,
    Action.BOOK,
    Action.ENROL,
    Action.REJECT,
    Action.MISS,
    Action.CLOSE,
    Action.UNDO,
    Action.NOTE,
)
"""What a form may ask for; whether it fits the stage is the referral's own to say."""

REFUSED = "desk.refused."
"""How the events begin that say that a step was not taken."""

CARD = "card_shown"
"""The event that shows a referral anew, to whom it was shown."""

SETTLED_SECONDS = 10.0  # for what became of a step to arrive, on a full machine too; a page that is shown earlier is mended by the stream
_NONCE = re.compile(r"[0-9a-f-]{36}")


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    return [Route("/referral/{reference}/step", Steps(desk).take, methods=["POST"], name="referral.step")]


class Steps:
    """Takes steps."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def take(self, request: Request) -> Response:
        """Take a step, and show the card again."""
        desk = self._desk
        signed, form = await desk.signed(request), await desk.form(request)
        reference = await visible(desk, signed, request)
        told = await put_through(desk, signed, message_of(form), choice_of(form, reference), reference)
        return back_to(reference, told)


def choice_of(form: Mapping[str, str], reference: str) -> str:
    """The button that a form stands for. Raises the HTTP error where there is no such step."""
    action = form.get("action", "")
    if action not in STEPS:
        raise HTTPException(400)
    text = form.get("text", "").strip()[:LONGEST_TEXT]
    if action == Action.REJECT:
        reason = ": ".join(part for part in (form.get("code", "").strip(), text) if part)
        return f"{WHY}.{reference}.{reason}"
    if action == Action.NOTE:
        if not text:
            raise HTTPException(400)
        return f"{action}.{reference}.{text}"
    return f"{action}.{reference}"


async def visible(desk: Desk, signed: Signed, request: Request) -> str:
    """The referral that a request is about. Raises the HTTP error where the member sees no such one."""
    reference: str = request.path_params["reference"]
    try:
        await desk.worklist.opened(signed.viewer, reference)
    except NotForYou:
        raise HTTPException(404) from None
    return reference


def message_of(form: Mapping[str, str]) -> str:
    """The id of a form, by which it counts once. Raises the HTTP error where it has none of its own."""
    message = form.get("message", "")
    if _NONCE.fullmatch(message) is None:
        raise HTTPException(400)
    return message


async def put_through(desk: Desk, signed: Signed, message: str, choice: str, reference: str) -> str:
    """Put a button through the member's chat, and wait a moment for what becomes of it: the event that says so, or none.

    message: the id under which it counts once. Of a repeat nothing becomes: it is not waited for.
    """
    if await desk.history.was_taken(signed.address, message):
        return ""
    before = (await desk.history.counts([signed.address])).get(signed.address, 0)
    with desk.hub.open(signed.address, before) as stream:
        await desk.take(Inbound(signed.address, message, ButtonPressed(choice, 0, MARK)))
        try:
            async with asyncio.timeout(SETTLED_SECONDS):
                while True:
                    for row in await stream.take(desk.history, signed.address):
                        if answers(row.message.event, choice, reference):
                            return str(row.message.event["event"])
                    await stream.wait(SETTLED_SECONDS)
        except TimeoutError:
            return ""


def answers(event: Mapping[str, object], choice: str, reference: str) -> bool:
    """Whether an event says what became of a button. Who claims hears that it is theirs or taken, never by the card alone:
    that also changes when somebody else claims first.
    """
    changed = event.get("event") == CARD and choice.startswith(f"{Action.CLAIM}.")
    return event.get("reference") == reference and not changed


def back_to(reference: str, told: str = "", place: str = "") -> Response:
    """Back to the card. `told`: an event that it tells of; `place`: where on the page."""
    query = f"?told={told}" if told.startswith("desk.") else ""
    return RedirectResponse(f"{PATH}/referral/{reference}{query}{place}", 303)
