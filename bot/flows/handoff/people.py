"""Who takes part in a hand-off, in which chat, and what of a referral they see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.criteria.protocol import Respondent
from bot.flows.handoff.stages import Stage
from bot.flows.session import Reach
from bot.flows.stored import Answers


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat, by its channel and its name there."""

    channel: str
    name: str


class Role(StrEnum):
    """What a member of staff may do. Managers may act in place of the one who holds a referral; administrators keep accounts."""

    STAFF = "staff"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


DEPUTIES = (Role.MANAGER,)
WITHOUT_REFERRALS = (Role.STAFF, Role.ADMINISTRATOR)
"""Those who only pre-screen, and those who only keep accounts: they are told of no referral, and act on none."""


class Part(BaseModel):
    """Base of all that letters are made of: it never changes, and what it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Staff(Part):
    """Who acts, and the chat in which they do."""

    id: str
    name: str
    role: Role
    chat: Chat


class Person(Part):
    """Who is to be contacted, and how. Shown to the one who claims the referral, and to nobody else."""

    name: str | None
    reach: Reach
    chat: Chat
    locale: str


class Again(Part):
    """The same person's request in another conversation: when, what came of that pre-screening, and the site wished there."""

    reference: str
    on: dt.date
    verdict: str
    site: str


class Card(Part):
    """A referral as a site sees it: the answers, no name and no way to reach the person.

    `today`: the date that the answers were assessed on. `verdict`: what the person was told then. `holder`: the name of the one
    who claimed it. `again`: the same person's requests in other conversations.
    """

    reference: str
    trial: str
    trial_version: str
    site: str
    respondent: Respondent
    locale: str
    today: dt.date
    requested_at: dt.datetime
    answers: Answers
    verdict: str = ""
    stage: Stage = Stage.REQUESTED
    holder: str | None = None
    detail: str = ""
    again: tuple[Again, ...] = ()


class Room(Part):
    """A chat of staff as its channel describes it. `forum`: a group with topics."""

    locale: str = "en"
    group: bool = False
    forum: bool = False


class Note(Part):
    """What a member of staff wrote down about a referral. `by`: their name."""

    by: str
    text: str


class Said(Part):
    """What was written between the person and who holds the referral. `by`: the name of the latter; None for the person.

    `later`: the reference of the request in whose conversation it was written, where that is another one than the referral's
    own. `heard`: somebody held the referral when it came, or claimed it since.
    """

    by: str | None
    text: str
    at: dt.datetime
    later: str | None = None
    heard: bool = True
