"""A database with something in every sealed column, put there by the code that puts it there in earnest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.bootstrap import in_background
from bot.flows.inputs import Input, Reply
from bot.ports import Address, Inbound, ReferralStep, TalkResult
from bot.services.factor import Factor
from bot.services.turns import Turns
from bot.storage.store import SqlStore
from tests.integration.conftest import apologise, keep_replies

ANA = Address("test", "ana")
KEPT = Address("kept", "ben")
REFERENCE = "REF-ana"
STEPS = {"claim": "received", "contact": "contacted", "reject": "not_suitable", "close": "closed"}


def talk(session: str | None, address: Address, happened: Input, now: datetime) -> TalkResult:
    """The conversation of the fixtures; the words of `STEPS` are steps of a referral, each with a note."""
    result = keep_replies(session, address, happened, now)
    if not isinstance(happened, Reply) or happened.text not in STEPS:
        return result
    step = ReferralStep(f"REF-{address.chat}", happened.text, STEPS[happened.text], "li", "a secret note")
    return replace(result, steps=(step,))


async def say(store: SqlStore, clock: Any, address: Address, *texts: str) -> None:
    """Inputs of a chat, each with its text as its id, and the turns that they lead to."""
    turns = Turns(store, talk, apologise, clock, lambda _: None)
    async with in_background(turns.run()):
        for text in texts:
            await turns.take(Inbound(address, text, Reply(text)))


async def fill(store: SqlStore, clock: Any) -> None:
    """Ana asks for a referral, which is claimed; Ben's channel keeps what it says; one input cannot be handled."""
    await say(store, clock, ANA, "one", "remind me", "refer me", "fail", "claim")
    await say(store, clock, KEPT, "two", "three")
    await store.add_code(KEPT, "digest", "secret", clock.now() + timedelta(minutes=15))
    await store.accounts.change_factor("li", lambda _: (Factor(secret="BASE32"), None))
