"""Updates by webhook: a route that answers 200 once what came is durable."""

from __future__ import annotations

import hmac
import json
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.hearing import ALLOWED_UPDATES
from bot.channels.telegram.polling import Receive, readable_update
from bot.errors import Mendable

SECRET_BYTES = 32
HEADER = "X-Telegram-Bot-Api-Secret-Token"  # it has the secret
LARGEST_UPDATE = 1_048_576  # bytes
CONNECTIONS = 40  # that Telegram may open at a time
DEFAULT_PATH = "/telegram"


def new_secret() -> str:
    """A secret that only Telegram and the bot know."""
    return secrets.token_urlsafe(SECRET_BYTES)


class Webhook:
    """The place that Telegram posts updates to. `url`: what it is called from outside."""

    def __init__(self, bot: Bot, url: str, secret: str) -> None:
        path = urlsplit(url).path.rstrip("/")
        self._bot = bot
        self._url = url if path else url.rstrip("/") + DEFAULT_PATH
        self._secret = secret.encode()
        self._receive: Receive | None = None
        self.route = Route(path or DEFAULT_PATH, self.take, methods=["POST"])

    def open(self, receive: Receive) -> None:
        """From now on updates are received; until then Telegram is told to come again."""
        self._receive = receive

    async def announce(self) -> None:
        """Have Telegram post updates here."""
        await self._bot.set_webhook(
            self._url,
            max_connections=CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            secret_token=self._secret.decode(),
        )

    async def withdraw(self) -> None:
        """Have Telegram keep updates until they are asked for again."""
        await self._bot.delete_webhook()

    async def take(self, request: Request) -> Response:
        """Take an update: 200 once it is durable, 401 for who does not know the secret, 503 to come again."""
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret):
            return Response(status_code=401)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        return await self._received(raw)

    async def _received(self, raw: object) -> Response:
        if self._receive is None:
            return Response(status_code=503)
        update = readable_update(raw, self._bot)
        if update is not None:
            try:
                await self._receive([update])
            except Mendable:
                return Response(status_code=503)
        return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    """What was posted; None where it is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_UPDATE:
            return None
    return bytes(body)
