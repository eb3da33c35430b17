"""The course of one referral: a letter or a timer in, the new referral and what follows out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from bot.flows.handoff import letters
from bot.flows.handoff.letters import (
    Act,
    CandidateWrote,
    CardPosted,
    CardShown,
    ContactShown,
    FromCandidate,
    FromStaff,
    Letter,
    Noted,
    Post,
    Refusal,
    Requested,
    ShowTo,
    SiteReminded,
    StepRefused,
    TeamNews,
    Withdrawn,
)
from bot.flows.handoff.people import DEPUTIES, WITHOUT_REFERRALS, Card, Chat, Note, Person, Role, Said, Staff
from bot.flows.handoff.sites import SiteBook
from bot.flows.handoff.stages import ENDED, WAITING, Action, IllegalStepError, Stage, step
from bot.flows.patience import Alarm

REMIND = "remind"
ESCALATE = "escalate"
SILENCE = "silence"
TIMERS = (REMIND, ESCALATE, SILENCE)
MOST_SAID = 200  # messages between a person and the study team that are kept to be read again: the latest ones
SILENT_DAYS = 2  # office days without a sign of the study team, after which the person gets a phone number


@dataclass(frozen=True, slots=True)
class Rules:
    """How referrals are handled: the sites, and the office time in which one should be claimed."""

    book: SiteBook
    wait: dt.timedelta = dt.timedelta(hours=2)


class Taken(BaseModel):
    """A step that led to a stage, and can be undone. `by`: the id of who took it."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    holder: Staff | None
    detail: str = ""


class HandOff(BaseModel):
    """A referral under way. `desks`: the sites that see it; `taken`: the steps until now, but for those undone.

    `said`: what the person and the study team wrote to each other.
    """

    model_config = ConfigDict(extra="forbid")

    card: Card
    person: Person
    desks: list[str]
    taken: list[Taken] = []
    notes: list[Note] = []
    said: list[Said] = []

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        return self.taken[-1].stage if self.taken else Stage.REQUESTED

    @property
    def holder(self) -> Staff | None:
        """Who has claimed it."""
        return self.taken[-1].holder if self.taken else None

    def may_handle(self, member: str, role: Role) -> bool:
        """Whether a member of staff may take its steps and see who the person is: who holds it, or a deputy."""
        return self.holder is not None and (self.holder.id == member or role in DEPUTIES)

    def keep(self, text: str, by: str | None, now: dt.datetime) -> None:
        """Keep what was written, to be read again."""
        self.said = [*self.said, Said(by=by, text=text, at=now)][-MOST_SAID:]

    def shown(self) -> Card:
        """The card as it stands."""
        detail = self.taken[-1].detail if self.taken else ""
        holder = self.holder.name if self.holder else None
        return self.card.model_copy(update={"stage": self.stage, "holder": holder, "detail": detail})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a referral's record. `by`: the id of the member of staff, None for the person and the program."""

    action: Action
    stage: Stage
    by: str | None
    detail: str = ""


@dataclass
class Move:
    """One input's work on a referral. `erase`: nothing of it is kept but its record."""

    reference: str
    rules: Rules
    now: dt.datetime
    referral: HandOff | None
    posts: list[Post] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    record: list[Entry] = field(default_factory=list)

    def post(self, to: Chat, letter: Letter) -> None:
        """Send a letter."""
        self.posts.append(Post(to, letter))

    def refuse(self, by: Staff, reason: Refusal) -> None:
        """Tell who wanted a step that it was not taken."""
        holder = self.referral.holder if self.referral else None
        self.post(by.chat, StepRefused(reference=self.reference, reason=reason, holder=holder.name if holder else None))

    def spread(self, referral: HandOff, *, fresh: bool = False) -> None:
        """Show the card as it stands wherever it is seen."""
        for desk in referral.desks:
            self.post(letters.site(desk), CardPosted(card=referral.shown(), fresh=fresh))

    def tell(self, referral: HandOff, news: TeamNews) -> None:
        """Tell the person."""
        self.post(referral.person.chat, news)

    def enter(self, action: Action, stage: Stage, by: Staff | None = None, detail: str = "") -> None:
        """Put a line on record."""
        self.record.append(Entry(action, stage, by.id if by else None, detail))


def receive(move: Move, letter: Letter) -> None:
    """Take a letter to a referral. One that is of no use here changes nothing."""
    if isinstance(letter, Requested):
        _request(move, letter)
    elif move.referral is None:
        if isinstance(letter, Act | FromStaff):
            move.refuse(letter.by, "gone")
    elif isinstance(letter, Act):
        _act(move, move.referral, letter)
    elif isinstance(letter, ShowTo):
        move.post(letter.chat, CardShown(card=move.referral.shown(), fresh=True))
    elif isinstance(letter, FromStaff):
        _write(move, move.referral, letter)
    elif isinstance(letter, FromCandidate):
        _hear(move, move.referral, letter.text)
    elif isinstance(letter, Withdrawn):
        _withdraw(move, move.referral)


def _request(move: Move, letter: Requested) -> None:
    """Begin, or renew the answers of one that is open."""
    before = move.referral
    if before is not None and before.stage not in ENDED:
        move.referral = before.model_copy(update={"card": letter.card, "person": letter.person})
        move.enter(Action.RENEW, before.stage)
        move.spread(move.referral, fresh=True)
        return
    move.referral = HandOff(card=letter.card, person=letter.person, desks=[letter.card.site])
    if before is not None:
        move.enter(Action.RENEW, Stage.REQUESTED)
    move.spread(move.referral, fresh=True)
    _wait(move, move.referral)


def _wait(move: Move, referral: HandOff) -> None:
    """Set the timers of a referral that nobody has claimed."""
    office = move.rules.book.office(referral.card.site)
    move.alarms.append(Alarm(REMIND, office.after(move.now, move.rules.wait)))
    move.alarms.append(Alarm(SILENCE, office.end_of_day(move.now, SILENT_DAYS)))


def _act(move: Move, referral: HandOff, act: Act) -> None:
    if act.by.role in WITHOUT_REFERRALS:
        move.refuse(act.by, "role")
    elif act.action is Action.CLAIM:
        _claim(move, referral, act.by)
    elif not referral.may_handle(act.by.id, act.by.role):
        move.refuse(act.by, "taken" if referral.holder else "not_holder")
    elif act.action is Action.UNDO:
        _undo(move, referral, act.by)
    elif act.action is Action.LOOK:
        _show_contact(move, referral, act.by)
    elif act.action is Action.NOTE:
        referral.notes.append(Note(by=act.by.name, text=act.detail))
        move.enter(Action.NOTE, referral.stage, act.by, act.detail)
        move.post(act.by.chat, Noted(reference=move.reference, what="note"))
    else:
        _advance(move, referral, act)


def _claim(move: Move, referral: HandOff, by: Staff) -> None:
    """The first one gets it; whoever comes later is told who that was."""
    if referral.holder is not None and referral.holder.id != by.id:
        move.refuse(by, "taken")
        return
    if referral.holder is None:
        referral.taken.append(Taken(stage=step(Stage.REQUESTED, Action.CLAIM), holder=by))
        move.enter(Action.CLAIM, referral.stage, by)
        move.alarms += [Alarm(REMIND, None), Alarm(ESCALATE, None)]
        move.tell(referral, TeamNews(reference=move.reference, news="seen"))
        move.spread(referral)
    _show_contact(move, referral, by)


def _show_contact(move: Move, referral: HandOff, by: Staff) -> None:
    """Show who the person is: each look is on record."""
    move.enter(Action.LOOK, referral.stage, by)
    move.post(by.chat, ContactShown(reference=move.reference, person=referral.person, notes=tuple(referral.notes)))


def _advance(move: Move, referral: HandOff, act: Act) -> None:
    try:
        stage = step(referral.stage, act.action)
    except IllegalStepError:
        move.refuse(act.by, "impossible")
        return
    ended_before = referral.stage in ENDED
    referral.taken.append(Taken(stage=stage, holder=referral.holder, detail=act.detail))
    move.enter(act.action, stage, act.by, act.detail)
    move.alarms.append(Alarm(SILENCE, None))
    if stage in ENDED and not ended_before:
        move.tell(referral, TeamNews(reference=move.reference, news="ended"))
    elif stage is Stage.VISIT_BOOKED:
        move.tell(referral, TeamNews(reference=move.reference, news="booked"))
    move.spread(referral)


def _undo(move: Move, referral: HandOff, by: Staff) -> None:
    """Take the last step back; what is closed stays closed, as the cards offer it."""
    if referral.stage is Stage.CLOSED:
        move.refuse(by, "impossible")
        return
    undone = referral.taken.pop()
    move.enter(Action.UNDO, referral.stage, by, undone.stage.value)
    if referral.stage is Stage.REQUESTED:
        _wait(move, referral)
    if undone.stage in ENDED and referral.stage not in ENDED:
        move.tell(referral, TeamNews(reference=move.reference, news="seen"))
    elif undone.stage is Stage.VISIT_BOOKED:
        move.tell(referral, TeamNews(reference=move.reference, news="unbooked"))
    move.spread(referral)


def _write(move: Move, referral: HandOff, letter: FromStaff) -> None:
    """Hand what the holder wrote to the person, without the number or the account of either."""
    if referral.holder is None or referral.holder.id != letter.by.id:
        move.refuse(letter.by, "not_holder")
    elif referral.stage in ENDED:
        move.refuse(letter.by, "ended")
    else:
        referral.keep(letter.text, letter.by.name, move.now)
        move.tell(referral, TeamNews(reference=move.reference, news="message", text=letter.text))
        move.post(letter.by.chat, Noted(reference=move.reference, what="message"))


def _hear(move: Move, referral: HandOff, text: str) -> None:
    if referral.holder is not None and referral.stage not in ENDED:
        referral.keep(text, None, move.now)
        move.post(referral.holder.chat, CandidateWrote(reference=move.reference, text=text))


def _withdraw(move: Move, referral: HandOff) -> None:
    """Take back what every desk shows; nothing of the person is kept."""
    move.enter(Action.WITHDRAW, step(referral.stage, Action.WITHDRAW))
    blank = referral.card.model_copy(update={"answers": {}, "stage": Stage.WITHDRAWN})
    for desk in referral.desks:
        move.post(letters.site(desk), CardPosted(card=blank))
    move.alarms += [Alarm(timer, None) for timer in TIMERS]
    move.referral = None


def fire(move: Move, timer: str) -> None:
    """Do what a timer was set for; one that no longer fits does nothing."""
    referral = move.referral
    if referral is None or referral.stage not in WAITING:
        return
    if timer == SILENCE:
        phone = move.rules.book.phone(referral.card.site) or ""
        move.tell(referral, TeamNews(reference=move.reference, news="silent", text=phone))
    elif referral.stage is Stage.REQUESTED:
        _urge(move, referral, timer)


def _urge(move: Move, referral: HandOff, timer: str) -> None:
    """Remind those who see the referral; the next time, show it to the next site as well."""
    book = move.rules.book
    ways = [desk for desk in book.escalation(referral.card.site, referral.card.trial) if desk not in referral.desks]
    if timer == REMIND:
        for desk in referral.desks:
            move.post(letters.site(desk), SiteReminded(reference=move.reference))
    elif ways:
        referral.desks.append(ways.pop(0))
        move.post(letters.site(referral.desks[-1]), CardPosted(card=referral.shown(), fresh=True))
    if ways:
        office = book.office(referral.desks[-1])
        move.alarms.append(Alarm(ESCALATE, office.after(move.now, move.rules.wait)))
