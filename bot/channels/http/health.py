"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

Check = Callable[[], Awaitable[object]]

READY_SECONDS = 5.0  # what takes longer counts as not working


class Health:
    """Answers those who watch over the process. `checks`: what must work, by name; each raises where it does not."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks

    async def alive(self, _: Request) -> Response:
        """That the process answers at all."""
        return PlainTextResponse("ok")

    async def ready(self, _: Request) -> Response:
        """What works, by name; status 503 where something does not."""
        works = {name: await _works(check) for name, check in self._checks.items()}
        return JSONResponse(works, 200 if all(works.values()) else 503)


async def _works(check: Check) -> bool:
    try:
        async with asyncio.timeout(READY_SECONDS):
            await check()
    except Exception:  # noqa: BLE001 - whatever it is, it does not work
        return False
    return True
