"""Who is at the other end: a browser is known by a secret in a cookie, of which the store has only the digest."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from bot.channels.web import NAME
from bot.ports import Address

COOKIE = "prescreen"
TOKEN_BYTES = 32  # 256 bits: not to be guessed
COOKIE_SECONDS = 180 * 24 * 3600

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that has a conversation. `token` is its secret: it is never stored, logged, or shown."""

    token: str

    @property
    def address(self) -> Address:
        """The chat."""
        return Address(NAME, hashlib.sha256(self.token.encode()).hexdigest())


def new_visitor() -> Visitor:
    """Someone who comes for the first time."""
    return Visitor(secrets.token_urlsafe(TOKEN_BYTES))


def visitor_of(request: HTTPConnection) -> Visitor | None:
    """The visitor whose cookie this is; None where there is none."""
    token = request.cookies.get(COOKIE, "")
    return Visitor(token) if _TOKEN.fullmatch(token) else None


def cookie(visitor: Visitor, trial: str, *, secure: bool, embedded: bool) -> str:
    """The header that keeps a visitor's secret in the browser, for this trial's pages alone.

    `embedded`: the pages may lie in a frame of another site, where a browser sends only cookies that say so, each kept
    apart for the site around it; that needs TLS.
    """
    same_site = "None; Partitioned" if embedded and secure else "Lax"
    parts = [f"{COOKIE}={visitor.token}", f"Path=/t/{trial}", f"Max-Age={COOKIE_SECONDS}", "HttpOnly"]
    return "; ".join([*parts, *(["Secure"] if secure else []), f"SameSite={same_site}"])
