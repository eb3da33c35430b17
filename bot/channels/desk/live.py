"""The stream of a member's chat: which referrals have changed, so that open pages show it without being loaded again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.channels.desk.desk import Desk
from bot.channels.desk.signed import Signed
from bot.services.unbroken import unbroken

MOST_STREAMS = 16  # of one member: more pages than a person has open
BEAT_SECONDS = 20.0  # between signs of life, and looks at whether the member is still signed in
HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}
HELLO = "retry: 2000\nevent: hello\ndata:\n\n"  # milliseconds after which a browser that lost its stream comes back
BEAT = "event: beat\ndata:\n\n"
OUT = "event: out\ndata:\n\n"


def routes(desk: Desk) -> list[Route]:
    """The routes."""
    return [Route("/stream", Live(desk).stream, name="stream")]


class Live:
    """Tells open pages of changes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def stream(self, request: Request) -> Response:
        """References as they change. It ends as soon as the member is signed in no more."""
        signed = await self._desk.signed(request)
        if self._desk.hub.streams(signed.address) >= MOST_STREAMS:
            raise HTTPException(429, headers={"Retry-After": "30"})
        return StreamingResponse(self._events(request, signed), media_type="text/event-stream", headers=HEADERS)

    async def _events(self, request: Request, signed: Signed) -> AsyncIterator[str]:
        """The events of a stream: `hello` at once, `changed` with a reference, a `beat` where there was nothing, `out`."""
        desk = self._desk
        last = (await unbroken(desk.history.counts([signed.address]))).get(signed.address, 0)
        with desk.hub.open(signed.address, last) as stream:
            yield HELLO
            while not desk.hub.closing:
                rows = await stream.take(desk.history, signed.address)
                if not await desk.still_signed(request):
                    yield OUT
                    return
                for reference in dict.fromkeys(row.message.event.get("reference") for row in rows):
                    if reference:
                        yield f"event: changed\ndata: {json.dumps({'reference': reference})}\n\n"
                if not await stream.wait(BEAT_SECONDS):
                    yield BEAT
