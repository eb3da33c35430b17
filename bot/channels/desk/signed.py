"""Who works at the desk: what a request is known by, and what its forms must carry."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows.handoff.people import Role
from bot.ports import Address
from bot.services.worklist import Viewer

SESSION_COOKIE = "desk"
DEVICE_COOKIE = "desk_device"
LANGUAGE_COOKIE = "desk_language"
PATH = "/desk"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf"
BY_ITSELF_HEADER = "x-by-itself"
"""What the script says where a page renews itself, and nobody asked for it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A member of staff at an open page.

    `member`: what they are known by in the record of a referral. `site`: theirs, None for all. `address`: their chat at
    the desk, in which their steps are inputs. `locale`: the language of the pages. `csrf`: what each form carries.
    """

    member: str
    name: str
    role: Role
    site: str | None
    address: Address
    locale: str
    csrf: str

    @property
    def viewer(self) -> Viewer:
        """Who they are to what reads referrals."""
        return Viewer(self.member, self.role, self.site)


class SignInNeeded(Exception):
    """Nobody is signed in here, or not any more."""


def is_sign_of_life(headers: Mapping[str, str]) -> bool:
    """Whether somebody works at the page that sends these headers: it is neither a page renewing itself, nor its stream."""
    return BY_ITSELF_HEADER not in headers and "text/event-stream" not in headers.get("accept", "")


def csrf_of(token: str) -> str:
    """What the forms of a session carry: known to its own pages alone, and no way back to the token."""
    digest = hmac.new(token.encode(), b"csrf", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def cookie(name: str, value: str, *, secure: bool, seconds: int | None = None) -> str:
    """The header that keeps a value in the browser, for the desk's pages alone. `seconds`: how long; None, until it closes."""
    parts = [f"{name}={value}", f"Path={PATH}", "HttpOnly", "SameSite=Strict"]
    return "; ".join([*parts, *(["Secure"] if secure else []), *([] if seconds is None else [f"Max-Age={seconds}"])])
