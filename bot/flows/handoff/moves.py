"""A referral as it is kept, and one input's work on it: what it becomes, what goes on record, and who is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from bot.flows.handoff import letters
from bot.flows.handoff.letters import CandidateWrote, CardPosted, Letter, Post, Refusal, StepRefused, TeamNews
from bot.flows.handoff.people import DEPUTIES, Again, Card, Chat, Note, Person, Role, Said, Staff
from bot.flows.handoff.sites import SiteBook
from bot.flows.handoff.stages import ENDED, Action, Stage
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

    `said`: what the person and the study team wrote to each other. `seen`: the person has heard that somebody has it.
    `again`: the same person's requests in other conversations; `first`: the referral that this one is such a request of.
    """

    model_config = ConfigDict(extra="forbid")

    card: Card
    person: Person
    desks: list[str]
    taken: list[Taken] = []
    notes: list[Note] = []
    said: list[Said] = []
    seen: bool = False
    again: list[Again] = []
    first: str | None = None

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        return self.taken[-1].stage if self.taken else Stage.REQUESTED

    @property
    def holder(self) -> Staff | None:
        """Who has claimed it."""
        return self.taken[-1].holder if self.taken else None

    @property
    def later(self) -> tuple[str, ...]:
        """The references of the same person's requests in other conversations."""
        return tuple(each.reference for each in self.again)

    def may_handle(self, member: str, role: Role) -> bool:
        """Whether a member of staff may take its steps and see who the person is: who holds it, or a deputy."""
        return self.holder is not None and (self.holder.id == member or role in DEPUTIES)

    def keep(self, said: Said) -> None:
        """Keep what was written, to be read again."""
        self.said = [*self.said, said][-MOST_SAID:]

    def shown(self) -> Card:
        """The card as it stands."""
        detail = self.taken[-1].detail if self.taken else ""
        holder = self.holder.name if self.holder else None
        now = {"stage": self.stage, "holder": holder, "detail": detail, "again": tuple(self.again)}
        return self.card.model_copy(update=now)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a referral's record. `by`: the id of the member of staff, None for the person and the program."""

    action: Action
    stage: Stage
    by: str | None
    detail: str = ""


@dataclass
class Move:
    """One input's work on a referral. Where `referral` becomes None, nothing of it is kept but its record."""

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

    def open(self, referral: HandOff) -> None:
        """Show it to the site that the person chose, and wait for somebody to claim it."""
        referral.desks = [referral.card.site]
        self.spread(referral, fresh=True)
        self.wait(referral)

    def spread(self, referral: HandOff, *, fresh: bool = False) -> None:
        """Show the card as it stands wherever it is seen."""
        for desk in referral.desks:
            self.post(letters.site(desk), CardPosted(card=referral.shown(), fresh=fresh))

    def wait(self, referral: HandOff) -> None:
        """Set the timers of a referral that nobody has claimed."""
        office = self.rules.book.office(referral.card.site)
        self.alarms.append(Alarm(REMIND, office.after(self.now, self.rules.wait)))
        self.listen(referral)

    def listen(self, referral: HandOff) -> None:
        """Set the timer after which the person hears that nobody has answered."""
        office = self.rules.book.office(referral.card.site)
        self.alarms.append(Alarm(SILENCE, office.end_of_day(self.now, SILENT_DAYS)))

    def tell(self, referral: HandOff, news: TeamNews) -> None:
        """Tell the person."""
        self.post(referral.person.chat, news)

    def tell_seen(self, referral: HandOff) -> None:
        """Tell the person, once, that somebody in the study team has their request."""
        if not referral.seen:
            referral.seen = True
            self.tell(referral, TeamNews(reference=self.reference, news="seen"))

    def tell_reopened(self, referral: HandOff) -> None:
        """Tell the person that somebody has their request again after it had ended, whatever became of the conversation.

        The chat of whom staff handed over is that of the member, who may be none any more: with that it ends.
        """
        news = TeamNews(reference=self.reference, news="seen")
        if referral.person.reach.kind != "site":
            news = news.model_copy(update={"trial": referral.card.trial, "locale": referral.person.locale})
        self.tell(referral, news)

    def hear(self, referral: HandOff, text: str, later: str | None = None) -> None:
        """Take what the person wrote to whoever holds the referral. `later`: their request in another conversation."""
        if referral.stage in ENDED:
            return
        said = Said(by=None, text=text, at=self.now, later=later, heard=referral.holder is not None)
        referral.keep(said)
        self.bring(referral, said)

    def bring(self, referral: HandOff, said: Said) -> None:
        """Show what the person wrote to the one who holds the referral."""
        if referral.holder is not None:
            wrote = CandidateWrote(reference=self.reference, text=said.text, later=said.later is not None)
            self.post(referral.holder.chat, wrote)

    def catch_up(self, referral: HandOff) -> None:
        """Show the one who has just claimed it what the person wrote while nobody held it."""
        for said in referral.said:
            if not said.heard:
                self.bring(referral, said)
        referral.said = [each.model_copy(update={"heard": True}) for each in referral.said]

    def enter(self, action: Action, stage: Stage, by: Staff | None = None, detail: str = "") -> None:
        """Put a line on record."""
        self.record.append(Entry(action, stage, by.id if by else None, detail))
