"""What one chat tells another, and who is meant.

A turn changes its own chat alone. What concerns another one goes to it as a letter, which that chat takes as an input
of its own. Referrals, sites and members of staff are chats too: each has a session, and letters are all it hears.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.handoff.people import Again, Card, Chat, Note, Part, Person, Role, Room, Staff
from bot.flows.handoff.stages import Action, Stage

REFERRALS = "referral"
SITES = "site"
MEMBERS = "staff"
PERSONS = "person"
ACTORS = (REFERRALS, SITES, MEMBERS, PERSONS)
"""The channels of the chats in which nobody writes."""


# --- to a referral


class Requested(Part):
    """The person asks to be contacted; again, with other answers, while the referral is open."""

    card: Card
    person: Person
    kind: Literal["requested"] = "requested"


class Act(Part):
    """Somebody does something about it. `detail`: a note, or why the person is not suitable."""

    action: Action
    by: Staff
    detail: str = ""
    kind: Literal["act"] = "act"


class ShowTo(Part):
    """A chat that has just been added wants the card."""

    chat: Chat
    kind: Literal["show_to"] = "show_to"


class FromStaff(Part):
    """The one who holds it writes to the person."""

    text: str
    by: Staff
    kind: Literal["from_staff"] = "from_staff"


class FromCandidate(Part):
    """The person writes to the one who holds it."""

    text: str
    kind: Literal["from_candidate"] = "from_candidate"


class HolderLeft(Part):
    """A chat belongs to staff no more: what was claimed in it is nobody's."""

    chat: Chat
    kind: Literal["holder_left"] = "holder_left"


class Withdrawn(Part):
    """The person deletes everything."""

    kind: Literal["withdrawn"] = "withdrawn"


# --- to a referral, about the same person's requests in other conversations


class Placed(Part):
    """Which of them is the open referral: this one, or `first`."""

    first: str | None
    kind: Literal["placed"] = "placed"


class AskedAgain(Part):
    """The person has asked in another conversation, too."""

    again: Again
    kind: Literal["asked_again"] = "asked_again"


class TookBack(Part):
    """The request in another conversation is no more."""

    reference: str
    kind: Literal["took_back"] = "took_back"


class LaterWrote(Part):
    """The person writes to the study team in the conversation of another request."""

    reference: str
    text: str
    kind: Literal["later_wrote"] = "later_wrote"


class NotOpen(Part):
    """The `first` referral is not the open one: it has ended, is gone, or `follows` another itself."""

    first: str
    follows: bool = False
    kind: Literal["not_open"] = "not_open"


class Unplaced(Part):
    """The referral was begun by a release that gave persons no chat: none of them knows of it."""

    kind: Literal["unplaced"] = "unplaced"


class FirstStands(Part):
    """Somebody of the staff has done something about the `first` referral, which stands there now."""

    first: str
    stage: Stage
    kind: Literal["first_stands"] = "first_stands"


# --- to the chat of a person in a trial


class Asked(Part):
    """A referral wants to be the open one. `later`: those that follow it; `begun`: somebody of the staff has it already."""

    reference: str
    later: tuple[str, ...] = ()
    begun: bool = False
    kind: Literal["asked"] = "asked"


class Released(Part):
    """A referral is the open one no more. `later`: those that followed it; `ended`: they have ended with it."""

    reference: str
    later: tuple[str, ...] = ()
    ended: bool = False
    kind: Literal["released"] = "released"


# --- to a site


class Enlist(Part):
    """A chat wants to be told of the site's referrals from now on."""

    chat: Chat
    kind: Literal["enlist"] = "enlist"


class Delist(Part):
    """A chat is to be told no more."""

    chat: Chat
    kind: Literal["delist"] = "delist"


class CardPosted(Part):
    """A referral is new here (`fresh`), or has changed."""

    card: Card
    fresh: bool = False
    kind: Literal["card_posted"] = "card_posted"


class SiteReminded(Part):
    """Nobody has claimed a referral yet."""

    reference: str
    kind: Literal["site_reminded"] = "site_reminded"


# --- to a member of staff


class Invited(Part):
    """Somebody may join, until then. `site`: None for all."""

    role: Role
    site: str | None
    name: str | None
    expires_at: dt.datetime
    kind: Literal["invited"] = "invited"


class Redeemed(Part):
    """Somebody has shown the code in a chat. `name`: what the channel calls them."""

    chat: Chat
    name: str
    room: Room = Room()
    kind: Literal["redeemed"] = "redeemed"


class Revoked(Part):
    """They are no member any more."""

    kind: Literal["revoked"] = "revoked"


# --- to a chat of staff


class Joined(Part):
    """The code was good: the chat belongs to staff now."""

    staff: Staff
    site: str | None
    room: Room = Room()
    kind: Literal["joined"] = "joined"


class JoinRefused(Part):
    """The code was not good, or no longer."""

    kind: Literal["join_refused"] = "join_refused"


class Dismissed(Part):
    """The chat belongs to staff no more."""

    kind: Literal["dismissed"] = "dismissed"


class CardShown(Part):
    """A referral to be shown, or shown anew. `locale`: the language of the site."""

    card: Card
    fresh: bool = False
    locale: str = "en"
    kind: Literal["card_shown"] = "card_shown"


class ContactShown(Part):
    """Who the person is and how to reach them, and the notes about them, for the one who claimed the referral."""

    reference: str
    person: Person
    notes: tuple[Note, ...] = ()
    kind: Literal["contact_shown"] = "contact_shown"


Refusal = Literal["taken", "not_holder", "impossible", "gone", "role", "ended"]


class StepRefused(Part):
    """A step was not taken. `holder`: who has the referral."""

    reference: str
    reason: Refusal
    holder: str | None = None
    kind: Literal["step_refused"] = "step_refused"


class Noted(Part):
    """A note is kept, or a message has gone to the person."""

    reference: str
    what: Literal["note", "message"]
    kind: Literal["noted"] = "noted"


class CandidateWrote(Part):
    """The person has written. `later`: in the conversation of a later request with the same contact."""

    reference: str
    text: str
    later: bool = False
    kind: Literal["candidate_wrote"] = "candidate_wrote"


class ReferralReminded(Part):
    """A referral still waits to be claimed."""

    reference: str
    kind: Literal["referral_reminded"] = "referral_reminded"


class Erased(Part):
    """All that was kept of somebody who was handed over from here is erased."""

    reference: str
    kind: Literal["erased"] = "erased"


# --- to a person's chat


class TeamNews(Part):
    """What a person hears of their referral. `text`: what the team wrote, or the site's public phone number.

    `trial`, `locale`: of a referral whose end was undone: its conversation may be gone by then, and begins anew with them.
    """

    reference: str
    news: Literal["seen", "message", "silent", "booked", "unbooked", "ended"]
    text: str = ""
    trial: str | None = None
    locale: str | None = None
    kind: Literal["team_news"] = "team_news"


Letter = (
    Requested
    | Act
    | ShowTo
    | FromStaff
    | FromCandidate
    | HolderLeft
    | Withdrawn
    | Placed
    | AskedAgain
    | TookBack
    | LaterWrote
    | Unplaced
    | FirstStands
    | NotOpen
    | Asked
    | Released
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
    | Erased
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
