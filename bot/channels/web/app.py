"""The application: its routes, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from bot.channels.http.guard import AddressLimit, Guard
from bot.channels.http.health import Check, Health
from bot.channels.web.chat import Chat
from bot.channels.web.devices import Devices
from bot.channels.web.entrance import Entrance
from bot.channels.web.office import Office
from bot.channels.web.photos import Photos
from bot.channels.web.refusals import Refusals

SMALLEST_TO_COMPRESS = 500  # bytes


def build_app(
    office: Office, *, checks: Mapping[str, Check] = MappingProxyType({}), more: Sequence[BaseRoute] = ()
) -> ASGIApp:
    """The application. `checks`: what must work for it to be ready, by name; each raises where it does not.

    `more`: routes of other channels, such as a webhook.
    """
    entrance, chat, devices, health = Entrance(office), Chat(office), Devices(office), Health(checks)
    photos = Photos(office)
    study = [
        Route("/", entrance.study),
        Route("/start", entrance.start, methods=["POST"]),
        Route("/chat", chat.page),
        Route("/chat/say", chat.say, methods=["POST"]),
        Route("/chat/photo", photos.take, methods=["POST"]),
        Route("/chat/messages", chat.messages),
        Route("/chat/stream", chat.stream),
        Route("/chat/code", devices.make, methods=["POST"]),
        Route("/code", devices.page),
        Route("/code", devices.redeem, methods=["POST"]),
    ]
    routes: list[BaseRoute] = [
        Route("/", entrance.studies),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/static/{version}/{name}", office.views.assets.serve),
        Route("/t/{trial}", entrance.study),
        Mount("/t/{trial}", routes=study, middleware=[Middleware(AddressLimit, office.limits.requests)]),
        *more,
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=SMALLEST_TO_COMPRESS)],
        exception_handlers=Refusals(office).handlers(),
    )
    return Guard(app, office.embed_origins)
