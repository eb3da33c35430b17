"""A chat of staff: cards come in, steps go out, and what is written goes where it was said to go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.flows.bench.case import Bench
from bot.flows.handoff import letters
from bot.flows.handoff.letters import (
    Act,
    CandidateWrote,
    CardShown,
    ContactShown,
    Dismissed,
    FromStaff,
    HolderLeft,
    Joined,
    JoinRefused,
    Letter,
    Noted,
    Post,
    ReferralReminded,
    StepRefused,
)
from bot.flows.handoff.people import Chat, Role, Room, Staff
from bot.flows.handoff.stages import UNSEEN, Action, Stage
from bot.flows.inputs import ButtonPressed, Command, CommandGiven, Input, Joining, MediaSent, Opened, PhotoSent, Reply

MARK = "desk"
"""The mark of a staff chat's buttons, by which they are known from a conversation's."""

WRITE = "write"
WHY = "why"
LONGEST_TEXT = 2_000  # characters of a note or a message that are taken
ASKED = {Action.NOTE.value: "note", Action.REJECT.value: "why", WRITE: "write"}
"""The buttons after which the next text is taken, and what is asked for."""


class Desk(BaseModel):
    """A chat of staff. `referrals`: the open ones that were shown, with their trials; `contacts`: those whose person was.

    `mode`: what the next text is taken for, about the referral `about`. `forum`: the group has topics. `bench`: the candidates
    whom the member pre-screens.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["desk"] = "desk"
    staff: Staff
    site: str | None = None
    locale: str = "en"
    group: bool = False
    forum: bool = False
    referrals: dict[str, str] = Field(default_factory=dict)
    contacts: list[str] = Field(default_factory=list)
    mode: str = ""
    about: str = ""
    bench: Bench = Field(default_factory=Bench)

    @property
    def joined(self) -> bool:
        """Whether a code made it one; otherwise it is one as long as the site file names it."""
        return self.staff.id != by_file(self.staff.chat)


def by_file(chat: Chat) -> str:
    """By which id a chat acts that the site file names."""
    return f"{chat.channel}:{chat.name}"


@dataclass(frozen=True, slots=True)
class Notice:
    """A short text, by its key. `reference`: the referral that it is about."""

    key: str
    reference: str = ""
    text: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class ContactHidden:
    """The person has withdrawn: who they are is shown no more where it was."""

    reference: str


@dataclass(frozen=True, slots=True)
class ReasonAsked:
    """Why somebody is not suitable: a criterion, or in words."""

    reference: str
    trial: str


Shown = Notice | ContactHidden | ReasonAsked | CardShown | ContactShown
"""What a staff chat says; `bot.speech.desk` makes the words."""


@dataclass
class Work:
    """One input's work in a staff chat. `desk` is None where the chat is none (any more)."""

    chat: Chat
    desk: Desk | None
    posts: list[Post] = field(default_factory=list)
    said: list[Shown] = field(default_factory=list)

    def say(self, key: str, reference: str = "", *, text: str = "", holder: str | None = None) -> None:
        """Say a short text."""
        self.said.append(Notice(key, reference, text, holder or ""))

    def act(self, desk: Desk, reference: str, action: Action, detail: str = "") -> None:
        """Take a step about a referral."""
        self.posts.append(Post(letters.referral(reference), Act(action=action, by=desk.staff, detail=detail)))

    def let_go(self, reference: str) -> None:
        """Say that whoever acts in this chat holds a referral no more."""
        self.posts.append(Post(letters.referral(reference), HolderLeft(chat=self.chat)))


def receive(work: Work, letter: Letter) -> None:
    """Take a letter to a staff chat."""
    if isinstance(letter, Joined):
        _join(work, letter)
    elif isinstance(letter, JoinRefused):
        work.say("join_refused")
    elif isinstance(letter, Dismissed):
        _dismiss(work)
    elif isinstance(letter, CardShown):
        _show(work, letter)
    elif isinstance(letter, ContactShown):
        _reveal(work, letter)
    elif isinstance(letter, StepRefused):
        _refused(work, letter)
    elif isinstance(letter, Noted):
        work.say(f"kept.{letter.what}", letter.reference)
    elif isinstance(letter, CandidateWrote):
        _repeat(work, letter)
    elif isinstance(letter, ReferralReminded):
        work.say("reminded", letter.reference)


def _join(work: Work, joined: Joined) -> None:
    before = work.desk
    kept = {"referrals": before.referrals, "contacts": before.contacts, "bench": before.bench} if before else {}
    work.desk = Desk(staff=joined.staff, site=joined.site, **joined.room.model_dump(), **kept)
    work.say(f"joined.{joined.staff.role}")


def _dismiss(work: Work) -> None:
    """Take the chat out of the staff. Whoever claimed a referral here was shown its person."""
    for reference in work.desk.contacts if work.desk else ():
        work.let_go(reference)
    work.desk = None
    work.say("dismissed")


def _show(work: Work, shown: CardShown) -> None:
    """Show a card, in a chat that the site file names also without its having joined."""
    card = shown.card
    named = Staff(id=by_file(work.chat), name=work.chat.name, role=Role.COORDINATOR, chat=work.chat)
    work.desk = desk = work.desk or Desk(staff=named, locale=shown.locale)
    desk.referrals.pop(card.reference, None)
    if card.stage not in UNSEEN:
        desk.referrals[card.reference] = card.trial
    elif desk.about == card.reference:
        desk.mode = desk.about = ""
    work.said.append(shown)
    if card.stage is Stage.WITHDRAWN and card.reference in desk.contacts:
        desk.contacts.remove(card.reference)
        work.said.append(ContactHidden(card.reference))


def _reveal(work: Work, shown: ContactShown) -> None:
    """Show who the person is, and remember that it was shown here; nothing in a chat that is of staff no more."""
    if work.desk is None:
        work.let_go(shown.reference)  # it was claimed here just before
        return
    if shown.reference not in work.desk.contacts:
        work.desk.contacts.append(shown.reference)
    work.said.append(shown)


def _repeat(work: Work, wrote: CandidateWrote) -> None:
    """Say what the person wrote, unless nobody of staff is here any more: the referral keeps it, for a deputy."""
    if work.desk is not None:
        key = "candidate_wrote.later" if wrote.later else "candidate_wrote"
        work.say(key, wrote.reference, text=wrote.text)


def _refused(work: Work, refused: StepRefused) -> None:
    if work.desk is not None and work.desk.about == refused.reference and refused.reason in ("ended", "gone"):
        work.desk.mode = work.desk.about = ""
    work.say(f"refused.{refused.reason}", refused.reference, holder=refused.holder)


def join(work: Work, joining: Joining) -> None:
    """Show the code that a chat was given to the member that it makes."""
    if not joining.digest:
        work.say("join_refused")
        return
    room = Room(locale=joining.locale or "en", group=joining.group, forum=joining.forum)
    redeemed = letters.Redeemed(chat=work.chat, name=joining.name, room=room)
    work.posts.append(Post(letters.member(joining.digest), redeemed))


def take(work: Work, desk: Desk, entry: Input) -> None:
    """Take what a member of staff did in their chat."""
    if isinstance(entry, ButtonPressed):
        _press(work, desk, entry)
    elif isinstance(entry, Reply) and desk.mode and entry.text.strip():
        _hear(work, desk, entry.text.strip()[:LONGEST_TEXT])
    elif isinstance(entry, MediaSent | PhotoSent):
        work.say("text_only")
    elif isinstance(entry, CommandGiven) and entry.command is Command.STOP and desk.mode:
        desk.mode = desk.about = ""
        work.say("stopped")
    elif isinstance(entry, Opened | Reply | CommandGiven) and not desk.group:
        work.say("help.staff" if desk.staff.role is Role.STAFF else "help")


def _press(work: Work, desk: Desk, pressed: ButtonPressed) -> None:
    word, _, rest = pressed.choice.partition(".")
    reference, _, detail = rest.partition(".")
    if pressed.session != MARK or not reference:
        work.say("help")
    elif word == WHY:
        desk.mode = desk.about = ""
        work.act(desk, reference, Action.REJECT, detail[:LONGEST_TEXT])
    elif word in (WRITE, Action.NOTE.value) and detail.strip():
        _pass_on(work, desk, word, reference, detail.strip()[:LONGEST_TEXT])
    elif word in ASKED:
        _ask(work, desk, word, reference)
    elif word in {each.value for each in Action}:
        work.act(desk, reference, Action(word))


def _ask(work: Work, desk: Desk, word: str, reference: str) -> None:
    """Ask for the text that belongs to a button."""
    if reference not in desk.referrals:
        desk.mode = desk.about = ""  # what is typed next was meant for nobody else
        work.say("refused.gone", reference)
        return
    desk.mode, desk.about = word, reference
    if word == Action.REJECT.value:
        work.said.append(ReasonAsked(reference, desk.referrals[reference]))
    else:
        work.say(f"ask.{ASKED[word]}", reference)


def _hear(work: Work, desk: Desk, text: str) -> None:
    """Take a text for what was asked; messages to a person go on until they are stopped."""
    reference, mode = desk.about, desk.mode
    if mode != WRITE:
        desk.mode = desk.about = ""
    _pass_on(work, desk, mode, reference, text)


def _pass_on(work: Work, desk: Desk, mode: str, reference: str, text: str) -> None:
    """Pass on a text with what it is for: pages send both at once."""
    if mode == WRITE:
        work.posts.append(Post(letters.referral(reference), FromStaff(text=text, by=desk.staff)))
    else:
        work.act(desk, reference, Action(mode), text)
