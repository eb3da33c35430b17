"""Conversations about the real trial and the small one, for tests: real words, real readings, fixed ids and time."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.flows.inputs import Input, Opened, Reply
from bot.flows.session import Session
from bot.library.trials import load_compiled, locale_folder
from bot.library.words import load_lexicon
from bot.ports import Address, Referral, TimerRow
from bot.services.talk import Conversations, Subject, subject
from bot.speech.catalogue import Catalogue
from bot.speech.message import Message, Waiting

NOW = dt.datetime(2026, 11, 22, 4, 0, tzinfo=dt.UTC)  # noon at the sites
SMALL_TRIAL = Path(__file__).parent / "trials" / "small.yaml"

_numbers = itertools.count(10_000_000)


def own_phone() -> str:
    """A phone number that nobody has been given before, in E.164: two people with one number are taken for one."""
    return f"+86138{next(_numbers)}"


@cache
def about(name: str) -> Subject:
    """All that a conversation about a trial needs."""
    trial = load_compiled(name)
    return subject(trial, load_lexicon(), Catalogue(trial.protocol.id, locale_folder(name)))


@cache
def conversations(name: str = "4scar7u") -> Conversations:
    """The bot, knowing one trial. It has no session at hand: each is read from its JSON."""
    known = {about(name).setting.trial.protocol.id: about(name)}
    return Conversations(known, new_id=lambda: "a-conversation", at_hand=0)


@dataclass
class Talk:
    """One conversation, stored and reloaded between every two inputs."""

    bot: Conversations
    stored: str | None = None
    now: dt.datetime = NOW
    said: list[Message] = field(default_factory=list)
    referral: Referral | None = None
    alarms: tuple[TimerRow, ...] = ()

    def give(self, entry: Input) -> tuple[Message, ...]:
        """Give an input; the messages that answer it."""
        result = self.bot.talk(self.stored, Address("test", "ana"), entry, self.now)
        self.stored = result.session
        self.said += result.messages
        self.alarms = tuple(row for row in result.timers if row.of is None)
        self.referral = result.referral or self.referral
        return result.messages

    def type(self, *texts: str) -> Talk:
        """Type replies, one after the other."""
        for text in texts:
            self.give(Reply(text))
        return self

    @property
    def session(self) -> Session:
        """The conversation as stored."""
        assert self.stored is not None
        return Session.model_validate_json(self.stored)

    @property
    def waiting(self) -> Waiting:
        """What is waited for."""
        waiting = self.said[-1].waiting
        assert waiting is not None
        return waiting

    def events(self, name: str) -> list[dict[str, Any]]:
        """All events of that name so far."""
        return [message.event for message in self.said if message.event["event"] == name]


def opened(locale: str = "en", name: str = "4scar7u") -> Talk:
    """A conversation that has just begun in a language."""
    talk = Talk(conversations(name))
    talk.give(Opened(locale=locale))
    return talk


ELIGIBLE = {
    "respondent": "patient",
    "age": "34",
    "sex": "male",
    "gene_therapy": "no",
    "hiv": "no",
    "hcv": "no",
    "pregnancy": "no",
    "cd7": "yes",
    "other_antigens": "yes",
    "kps": "90",
    "life_expectancy": "yes",
    "cell_separation": "no",
    "severe_illness": "no",
    "compliance": "no",
    "infection": "no",
    "steroid": "no",
    "consent": "yes",
    "lvef": "60%",
    "spo2": "98%",
    "hemoglobin": "110 g/L",
    "bilirubin": "0.8 mg/dL",
    "creatinine": "70 umol/L",
    "ast": "30 U/L",
    "alt": "30 U/L",
}
"""Replies with which every criterion that the respondent is asked about is met."""


def answer_all(talk: Talk, replies: dict[str, str], until: Iterable[str] = ("reviewing",)) -> Talk:
    """Answer each question that is asked with its reply; choose what goes on in all other states."""
    for _ in range(200):
        waiting = talk.waiting
        if waiting.state in until:
            return talk
        if waiting.question is not None:
            talk.type(replies[waiting.question])
        else:
            talk.type(waiting.choices[0].id)
    raise AssertionError(f"the conversation never came to {until}")
