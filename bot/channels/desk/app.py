"""The desk as a part of the web server: its routes, who may use each, and what is said where one cannot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.channels.desk import account, bench, card, home, inbox, live, log, people, relay, signing_in, steps
from bot.channels.desk.desk import Desk
from bot.channels.desk.permissions import PERMISSIONS, PUBLIC, UPLOADS, allowed
from bot.channels.desk.refusals import Refusals
from bot.channels.desk.signed import PATH
from bot.channels.http.guard import AddressLimit, Unframed

Endpoint = Callable[[Request], Awaitable[Response]]

PAGES = (home, signing_in, people, account, inbox, card, steps, relay, live, log, bench)
"""The modules of the desk's pages: each has `routes(desk)`, whose paths are those under `/desk`."""


def routes(desk: Desk) -> list[Route]:
    """All routes of the desk, each behind its line in the table of permissions. Raises KeyError where it has none."""
    static = Route("/static/{version}/{name}", desk.layout.assets.serve, name="static")
    return [_guarded(desk, route) for route in (static, *(route for page in PAGES for route in page.routes(desk)))]


def mount(desk: Desk) -> Mount:
    """The desk, to be served beside other pages."""
    around = [
        Middleware(Unframed),
        Middleware(ExceptionMiddleware, handlers=Refusals(desk).handlers()),
        Middleware(AddressLimit, desk.limits.requests),
    ]
    return Mount(PATH, routes=routes(desk), middleware=around)


def _guarded(desk: Desk, route: Route) -> Route:
    """A route that asks who it is and what they may do; a form is checked before it is acted upon."""
    name, endpoint = route.name, route.endpoint
    if name in PUBLIC:
        return route
    if name not in PERMISSIONS:
        raise KeyError(f"the route {name} has no line in the table of permissions")

    async def answer(request: Request) -> Response:
        signed = await desk.signed(request)
        if not allowed(signed.role, name):
            raise HTTPException(403)
        if request.method == "POST":
            await (desk.upload(request) if name in UPLOADS else desk.form(request))
        return await _answer(endpoint, request)

    return Route(route.path, answer, methods=[each for each in route.methods or () if each != "HEAD"], name=name)


async def _answer(endpoint: Endpoint, request: Request) -> Response:
    return await endpoint(request)
