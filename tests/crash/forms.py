"""What is talked about in the lab: a numbered form that shows every input ever taken, and the real screening."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.flows.inputs import Input, Reply
from bot.ports import Address, TalkResult
from bot.services.talk import Conversations
from bot.speech.message import Message
from tests.talks import ELIGIBLE, about

CHANNEL = "lab"
SCREENING = "screening"
"""Chats whose name begins so hold the real conversation; all others fill in the form."""

CLOCKED = ("active_at", "consented_on", "recheck_on")
"""What a session holds of the time at which it was lived through."""


class Forms(Conversations):
    """Talks in every chat of the lab. The bot and the model both run it, so that they must come to the same."""

    def __init__(self) -> None:
        super().__init__({"4scar7u": about("4scar7u")})

    def talk(self, stored: str | None, address: Address, entry: Input, now: datetime) -> TalkResult:
        """What an input leads to; a chat's conversations get their ids from its name."""
        if not address.chat.startswith(SCREENING):
            return fill_in(stored, entry)
        result = Conversations(self.subjects, lambda: address.chat).talk(stored, address, entry, now)
        if result.referral is None:
            return result
        return replace(result, referral=replace(result.referral, details={}))


def fill_in(stored: str | None, entry: Input) -> TalkResult:
    """The form: it counts its inputs, and keeps a digest of all of them in order; two messages say both."""
    form = json.loads(stored) if stored else {"count": 0, "trace": ""}
    said = entry.text if isinstance(entry, Reply) else entry.kind
    count, trace = form["count"] + 1, hashlib.sha256(f"{form['trace']}/{said}".encode()).hexdigest()[:16]
    messages = tuple(Message(f"{count} {part} {trace}", {"event": "noted"}) for part in ("read", "next"))
    return TalkResult(json.dumps({"count": count, "trace": trace}), "asking", "form", messages)


def next_reply(messages: tuple[Message, ...], number: int) -> str:
    """What the person in a chat says next, after these messages: never the same twice in the form."""
    waiting = messages[-1].waiting if messages else None
    if waiting is None:
        return f"answer {number}"
    if waiting.question is not None:
        return ELIGIBLE[waiting.question]
    choices = [choice.id for choice in waiting.choices]
    return "restart" if "restart" in choices or not choices else choices[0]


def timeless(session: str | None) -> dict[str, Any]:
    """A session, without what it holds of the time."""
    kept: dict[str, Any] = json.loads(session or "{}")
    return {name: value for name, value in kept.items() if name not in CLOCKED}
