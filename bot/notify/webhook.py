"""Webhooks: JSON signed as Standard Webhooks has it, with an id that a repeat keeps."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.ports import Clock, Outbound
from bot.ports.channels import Blocked, RetryLater

NAME = "webhook"
"""The channel's name in addresses."""

SECONDS = 15.0
GONE = 410
COME_AGAIN = (429, 503)
USUAL_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 3_600.0
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with


class NotTakenError(Exception):
    """The receiver answered with something else than success."""


class Hook:
    """Posts what there is to the URL that is the chat. `secret`: `whsec_` and bytes in base64."""

    def __init__(self, client: aiohttp.ClientSession, secret: str, clock: Clock) -> None:
        self._client = client
        self._key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
        self._clock = clock

    async def send(self, outbound: Outbound) -> None:
        """Post one. Raises `RetryLater`, `Blocked` where the receiver is gone, or that it was not taken."""
        url = outbound.address.chat
        body = payload(outbound)
        headers = signed(message_id(outbound), int(self._clock.now().timestamp()), body, self._key)
        async with self._client.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            if answer.ok:
                return
            if answer.status == GONE:
                raise Blocked
            if answer.status in COME_AGAIN:
                raise RetryLater(_seconds(answer.headers.get("Retry-After", "")))
            raise NotTakenError


def message_id(outbound: Outbound) -> str:
    """The id of a message, by which the receiver knows a repeat."""
    place = f"{outbound.address.chat}/{outbound.number}/{outbound.message.event['reference']}"
    return f"msg_{hashlib.sha256(place.encode()).hexdigest()[:32]}"


def payload(outbound: Outbound) -> bytes:
    """The JSON that is posted: `{"type", "timestamp", "data"}`, the same at a repeat."""
    event = dict(outbound.message.event)
    kind, at = event.pop("event"), event.pop("at")
    return json.dumps({"type": kind, "timestamp": at, "data": event}, separators=(",", ":")).encode()


def signed(id_: str, timestamp: int, body: bytes, key: bytes) -> dict[str, str]:
    """The headers, with the signature of id, time (seconds since 1970) and body."""
    content = b".".join((id_.encode(), str(timestamp).encode(), body))
    signature = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def _seconds(retry_after: str) -> float:
    """How long the receiver asks to wait; a minute where it does not say in seconds."""
    return min(float(retry_after), LONGEST_WAIT_SECONDS) if retry_after.isdecimal() else USUAL_WAIT_SECONDS


@asynccontextmanager
async def hook(secret: str, clock: Clock) -> AsyncIterator[Hook]:
    """The channel, with its connections open."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as client:
        yield Hook(client, secret, clock)
