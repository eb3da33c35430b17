"""What holds for every request: who may ask, how much, from where, and what a browser may do with the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from urllib.parse import unquote_plus, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.http.limits import Limiter

NETWORK_BITS = 64  # an IPv6 customer has a network of its own: it counts as one address
HSTS = "max-age=31536000"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""The characters that no address of ours has, whatever is asked for; of NUL a PostgreSQL database takes none."""


def content_policy(embed_origins: Sequence[str], *, pictures: str = "") -> str:
    """The Content-Security-Policy: everything from here, nothing inline, and no frame but of these sites.

    `pictures`: the scheme of pictures that the page itself holds, if it holds some.
    """
    around = " ".join(embed_origins) or "'none'"
    images = f"'self' {pictures}".rstrip()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {around}"
    )


class Guard:
    """Puts the headers of safety on every answer of the application, whatever went wrong in it, but where a stricter one is.

    An address with control characters is refused here, before anything looks it up.
    """

    def __init__(self, app: ASGIApp, embed_origins: Sequence[str]) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_policy(embed_origins),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            **({} if embed_origins else {"X-Frame-Options": "DENY"}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        secure = scope.get("scheme") == "https"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._guard(MutableHeaders(scope=message), secure=secure)
            await send(message)

        app = Response(status_code=400) if _has_controls(scope) else self._app
        await app(scope, receive, send_guarded)

    def _guard(self, headers: MutableHeaders, *, secure: bool) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        if secure:
            headers["Strict-Transport-Security"] = HSTS


def _has_controls(scope: Scope) -> bool:
    """Whether the path or the query of an address has a control character."""
    query = unquote_plus(scope.get("query_string", b"").decode("latin-1"))
    return CONTROL.search(f"{scope.get('path', '')}{query}") is not None


class Unframed:
    """Lets no site hold the answer in a frame, whatever is said of other pages. A page's own policy must hold to that."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""

        async def send_unframed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", content_policy(()))
                headers["X-Frame-Options"] = "DENY"
            await send(message)

        await self._app(scope, receive, send_unframed)


class AddressLimit:
    """Lets no address ask without end."""

    def __init__(self, app: ASGIApp, limiter: Limiter) -> None:
        self._app = app
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, unless there were too many."""
        check_limit(self._limiter, network_of(HTTPConnection(scope)))
        await self._app(scope, receive, send)


def network_of(connection: HTTPConnection) -> str:
    """What the requests of a client are counted under: its address, or the network that it has for itself alone."""
    try:
        address = ip_address(connection.client.host if connection.client else "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, NETWORK_BITS), strict=False))
    return str(address)


def check_limit(limiter: Limiter, key: str) -> None:
    """Count a request. Raises the HTTP error that says how long to wait where there were too many."""
    wait = limiter.wait(key)
    if wait:
        raise HTTPException(429, headers={"Retry-After": str(ceil(wait))})


def check_origin(request: Request) -> None:
    """See that a request which changes something comes from a page of ours. Raises the HTTP error where it does not.

    Every browser says where such a request comes from, and no page can make it say anything else.
    """
    if urlsplit(request.headers.get("origin", "")).netloc != request.url.netloc:
        raise HTTPException(403)


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request. Raises the HTTP error where it is longer than `most` bytes, without reading the rest."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413)
    return bytes(body)
