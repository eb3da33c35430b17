"""One person's conversation: all that is known of it between two turns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from bot.flows.events import Event
from bot.flows.events.referral import ContactKind
from bot.flows.patience import Alarm
from bot.flows.states import State
from bot.flows.stored import entries
from bot.record import record

REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O: it is read out on the phone
REFERENCE_LENGTH = 10
MARK_LENGTH = 8
_RESPONDENTS = {each.value: each for each in Respondent}  # asked for many times a turn


class Reach(BaseModel):
    """How the coordinator may reach the person. `detail` is empty for this chat; for `site`, the code that the site knows."""

    kind: ContactKind | Literal["site"]
    detail: str = ""


class Session(BaseModel):
    """A conversation, serialisable as JSON. All that it holds is immutable: what changes is put in its place.

    `question`: the one that is asked, where one is. `step` numbers what is waited for, so that an old button is known
    as old. `trail`: the answered questions in the order of answering. `pending`: a reading that waits for a choice;
    `slip`: the rows of a slip that wait to be accepted; `numbers`: those that these rows have in its picture, `days`: as which
    the day in it can be read, where that is in doubt; `row`: the one that is being changed. `photos`: the pictures that wait to be read, by what their channel fetches them by. `interrupted`: the
    state to come back to. `confirmed`: questions whose ruling-out answer was confirmed; `pressed`: those whose exact
    figure was asked for. `refs`: messages that can be edited, by the channel's id, with the question that they answered.
    `active_at`: when the person last did something, or the last of their requests ended; `nudges`: how often they were reminded
    since.
    `referral`: the reference of the one that is open, also after a restart; `others`: of those that are open beside it, since
    their end was undone; `asked`: the last request before this round; `team`: the study team can be written to.
    `recheck_on`, `recheck`: the day on which to come back to the criteria that failed, and their codes.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    trial: str
    trial_version: str
    locale: str = "en"
    source: str | None = None
    round: int = 1
    state: State = State.LANGUAGE
    step: int = 0
    interrupted: State | None = None
    question: str | None = None
    consented_on: date | None = None
    answers: Mapping[str, Reading] = Field(default_factory=dict)
    trail: tuple[str, ...] = ()
    pending: Reading | None = None
    slip: Mapping[str, Reading] = Field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    numbers: Mapping[str, int] = Field(default_factory=dict)
    days: tuple[date, ...] = ()
    photos: tuple[str, ...] = ()
    row: str | None = None
    confirmed: tuple[str, ...] = ()
    pressed: tuple[str, ...] = ()
    carry_on: bool = False
    site: str | None = None
    name: str | None = None
    contact_kind: ContactKind | None = None
    reach: Reach | None = None
    reference: str | None = None
    refs: Mapping[str, str] = Field(default_factory=dict)
    active_at: datetime | None = None
    nudges: int = 0
    referral: str | None = None
    others: tuple[str, ...] = ()
    asked: str | None = None
    team: bool = False
    recheck_on: date | None = None
    recheck: tuple[str, ...] = ()

    if not TYPE_CHECKING:
        __setattr__ = object.__setattr__  # pydantic would also note which fields were ever set, which nobody asks

    @property
    def mark(self) -> str:
        """A short mark of this conversation, by which its buttons are told from those of an earlier one in the chat."""
        return self.id[:MARK_LENGTH]

    @property
    def respondent(self) -> Respondent:
        """Who is answering; the patient until we know."""
        reading = self.answers.get("respondent")
        return _RESPONDENTS[reading.choice] if reading and reading.choice else Respondent.PATIENT

    def make_reference(self) -> str:
        """The reference of this conversation's referral: always the same one, so that a repeat cannot make a second."""
        digest = hashlib.sha256(f"{self.id}/{self.round}".encode()).digest()
        letters = "".join(REFERENCE_ALPHABET[byte % len(REFERENCE_ALPHABET)] for byte in digest[:REFERENCE_LENGTH])
        return _grouped(letters)

    def dump(self) -> str:
        """The session as JSON; `Session.model_validate_json` reads it back. An answer is written out once, not at every turn."""
        rest = self.__pydantic_serializer__.to_json(self, exclude_defaults=True, exclude=_APART).decode()
        return f'{rest[:-1]},"answers":{{{entries(self.answers)}}}}}' if self.answers else rest


_APART = {"answers"}


def reference_of(said: str) -> str | None:
    """The reference that somebody read out or typed, however it is grouped and in whatever case; None where it is none."""
    letters = "".join(said.split()).replace("-", "").upper()
    good = len(letters) == REFERENCE_LENGTH and set(letters) <= set(REFERENCE_ALPHABET)
    return _grouped(letters) if good else None


def _grouped(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:7]}-{letters[7:]}"


@record
class Sprint:
    """What one input brought about. `alarms`: the timers after it.

    `erase`: all that is kept of this chat is to be deleted; `withdraw`: the person's word takes their requests back, too;
    `refer`: the session asks for a referral; `relayed`: what is to be handed to the study team.
    """

    session: Session
    events: tuple[Event, ...]
    alarms: tuple[Alarm, ...] = ()
    erase: bool = False
    withdraw: bool = False
    refer: bool = False
    relayed: str | None = None
