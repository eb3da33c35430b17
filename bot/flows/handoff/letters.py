"""What one chat tells another, and who is meant.

A turn changes its own chat alone. What concerns another one goes to it as a letter, which that chat takes as an input
of its own. Referrals, sites and members of staff are chats too: each has a session, and letters are all it hears.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from bot.flows.handoff.stages import Action, Stage
from bot.flows.session import Reach

REFERRALS = "referral"
SITES = "site"
MEMBERS = "staff"
ACTORS = (REFERRALS, SITES, MEMBERS)
"""The channels of the chats that are no person's."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat, by its channel and its name there."""

    channel: str
    name: str


class Role(StrEnum):
    """What a member of staff may do. Managers and administrators may act in place of the one who holds a referral."""

    STAFF = "staff"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


DEPUTIES = (Role.MANAGER, Role.ADMINISTRATOR)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Staff(_Part):
    """Who acts, and the chat in which they do."""

    id: str
    name: str
    role: Role
    chat: Chat


class Person(_Part):
    """Who is to be contacted, and how. Shown to the one who claims the referral, and to nobody else."""

    name: str | None
    reach: Reach
    chat: Chat
    locale: str


class Card(_Part):
    """A referral as a site sees it: the answers, no name and no way to reach the person.

    `today`: the date that the answers were assessed on. `holder`: the name of the one who claimed it.
    """

    reference: str
    trial: str
    trial_version: str
    site: str
    respondent: Respondent
    locale: str
    today: dt.date
    requested_at: dt.datetime
    answers: dict[str, Reading]
    stage: Stage = Stage.REQUESTED
    holder: str | None = None
    detail: str = ""


class Room(_Part):
    """A chat of staff as its channel describes it. `forum`: a group with topics."""

    locale: str = "en"
    group: bool = False
    forum: bool = False


# --- to a referral


class Requested(_Part):
    """The person asks to be contacted; again, with other answers, while the referral is open."""

    card: Card
    person: Person
    kind: Literal["requested"] = "requested"


class Act(_Part):
    """Somebody does something about it. `detail`: a note, or why the person is not suitable."""

    action: Action
    by: Staff
    detail: str = ""
    kind: Literal["act"] = "act"


class ShowTo(_Part):
    """A chat that has just been added wants the card."""

    chat: Chat
    kind: Literal["show_to"] = "show_to"


class FromStaff(_Part):
    """The one who holds it writes to the person."""

    text: str
    by: Staff
    kind: Literal["from_staff"] = "from_staff"


class FromCandidate(_Part):
    """The person writes to the one who holds it."""

    text: str
    kind: Literal["from_candidate"] = "from_candidate"


class Withdrawn(_Part):
    """The person deletes everything."""

    kind: Literal["withdrawn"] = "withdrawn"


# --- to a site


class Enlist(_Part):
    """A chat wants to be told of the site's referrals from now on."""

    chat: Chat
    kind: Literal["enlist"] = "enlist"


class Delist(_Part):
    """A chat is to be told no more."""

    chat: Chat
    kind: Literal["delist"] = "delist"


class CardPosted(_Part):
    """A referral is new here (`fresh`), or has changed."""

    card: Card
    fresh: bool = False
    kind: Literal["card_posted"] = "card_posted"


class SiteReminded(_Part):
    """Nobody has claimed a referral yet."""

    reference: str
    kind: Literal["site_reminded"] = "site_reminded"


# --- to a member of staff


class Invited(_Part):
    """Somebody may join, until then. `site`: None for all."""

    role: Role
    site: str | None
    name: str | None
    expires_at: dt.datetime
    kind: Literal["invited"] = "invited"


class Redeemed(_Part):
    """Somebody has shown the code in a chat. `name`: what the channel calls them."""

    chat: Chat
    name: str
    room: Room = Room()
    kind: Literal["redeemed"] = "redeemed"


class Revoked(_Part):
    """They are no member any more."""

    kind: Literal["revoked"] = "revoked"


# --- to a chat of staff


class Joined(_Part):
    """The code was good: the chat belongs to staff now."""

    staff: Staff
    site: str | None
    room: Room = Room()
    kind: Literal["joined"] = "joined"


class JoinRefused(_Part):
    """The code was not good, or no longer."""

    kind: Literal["join_refused"] = "join_refused"


class Dismissed(_Part):
    """The chat belongs to staff no more."""

    kind: Literal["dismissed"] = "dismissed"


class CardShown(_Part):
    """A referral to be shown, or shown anew. `locale`: the language of the site."""

    card: Card
    fresh: bool = False
    locale: str = "en"
    kind: Literal["card_shown"] = "card_shown"


class ContactShown(_Part):
    """Who the person is and how to reach them, for the one who claimed the referral."""

    reference: str
    trial: str
    person: Person
    kind: Literal["contact_shown"] = "contact_shown"


Refusal = Literal["taken", "not_holder", "impossible", "gone", "role", "ended"]


class StepRefused(_Part):
    """A step was not taken. `holder`: who has the referral."""

    reference: str
    reason: Refusal
    holder: str | None = None
    kind: Literal["step_refused"] = "step_refused"


class Noted(_Part):
    """A note is kept, or a message has gone to the person."""

    reference: str
    what: Literal["note", "message"]
    kind: Literal["noted"] = "noted"


class CandidateWrote(_Part):
    """The person has written."""

    reference: str
    text: str
    kind: Literal["candidate_wrote"] = "candidate_wrote"


class ReferralReminded(_Part):
    """A referral still waits to be claimed."""

    reference: str
    kind: Literal["referral_reminded"] = "referral_reminded"


# --- to a person's chat


class TeamNews(_Part):
    """What a person hears of their referral. `text`: what the team wrote, or the site's public phone number."""

    reference: str
    news: Literal["seen", "message", "silent", "ended"]
    text: str = ""
    kind: Literal["team_news"] = "team_news"


Letter = (
    Requested
    | Act
    | ShowTo
    | FromStaff
    | FromCandidate
    | Withdrawn
    | Enlist
    | Delist
    | CardPosted
    | SiteReminded
    | Invited
    | Redeemed
    | Revoked
    | Joined
    | JoinRefused
    | Dismissed
    | CardShown
    | ContactShown
    | StepRefused
    | Noted
    | CandidateWrote
    | ReferralReminded
    | TeamNews
)
LETTER: TypeAdapter[Letter] = TypeAdapter(Annotated[Letter, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Post:
    """A letter and the chat that it goes to."""

    to: Chat
    letter: Letter


def referral(reference: str) -> Chat:
    """The chat of a referral."""
    return Chat(REFERRALS, reference)


def site(name: str) -> Chat:
    """The chat of a site."""
    return Chat(SITES, name)


def member(digest: str) -> Chat:
    """The chat of a member of staff: the digest of the code that they were invited with."""
    return Chat(MEMBERS, digest)
