"""The course of one referral: a letter or a timer in, the new referral and what follows out."""

from __future__ import annotations

from bot.flows.handoff import letters, persons, repeats
from bot.flows.handoff.letters import (
    Act,
    AskedAgain,
    CardPosted,
    CardShown,
    ContactShown,
    FirstStands,
    FromCandidate,
    FromStaff,
    HolderLeft,
    LaterWrote,
    Letter,
    Noted,
    NotOpen,
    Placed,
    Requested,
    ShowTo,
    SiteReminded,
    TeamNews,
    TookBack,
    Unplaced,
    Withdrawn,
)
from bot.flows.handoff.moves import ESCALATE, REMIND, SILENCE, TIMERS, HandOff, Move, Taken
from bot.flows.handoff.people import WITHOUT_REFERRALS, Note, Said, Staff
from bot.flows.handoff.stages import ENDED, WAITING, Action, Stage, possible, step
from bot.flows.patience import Alarm


def receive(move: Move, letter: Letter) -> None:
    """Take a letter to a referral. One that is of no use here changes nothing."""
    if isinstance(letter, Requested):
        _request(move, letter)
    elif move.referral is None:
        _answer_without(move, letter)
    elif isinstance(letter, Act):
        _act(move, move.referral, letter)
    elif isinstance(letter, ShowTo):
        move.post(letter.chat, CardShown(card=move.referral.shown(), fresh=True))
    elif isinstance(letter, FromStaff):
        _write(move, move.referral, letter)
    elif isinstance(letter, FromCandidate):
        _hear(move, move.referral, letter.text)
    elif isinstance(letter, HolderLeft):
        _lose_holder(move, move.referral, letter)
    elif isinstance(letter, Withdrawn):
        _withdraw(move, move.referral)
    else:
        _receive_of_person(move, move.referral, letter)


def _answer_without(move: Move, letter: Letter) -> None:
    """Answer a letter to a referral that is gone."""
    if isinstance(letter, Act | FromStaff):
        move.refuse(letter.by, "gone")
    elif isinstance(letter, AskedAgain):
        repeats.point_away(move, letter.again)


def _receive_of_person(move: Move, referral: HandOff, letter: Letter) -> None:
    """Take a letter about the same person's requests in other conversations."""
    if isinstance(letter, Placed):
        repeats.place(move, referral, letter.first)
    elif isinstance(letter, Unplaced):
        repeats.make_known(move, referral)
    elif isinstance(letter, FirstStands):
        repeats.hear_first(move, referral, letter)
    elif isinstance(letter, AskedAgain):
        repeats.asked_again(move, referral, letter.again)
    elif isinstance(letter, NotOpen):
        repeats.hear_not_open(move, referral, letter)
    elif isinstance(letter, TookBack):
        repeats.took_back(move, referral, letter.reference)
    elif isinstance(letter, LaterWrote):
        repeats.later_wrote(move, referral, letter)


def _request(move: Move, letter: Requested) -> None:
    """Begin, or renew the answers of one that is open."""
    before = move.referral
    if before is not None and before.stage not in ENDED:
        _renew(move, before, letter)
        return
    move.referral = HandOff(card=letter.card, person=letter.person, desks=[])
    if before is not None:
        move.enter(Action.RENEW, Stage.REQUESTED)
    repeats.ask(move, move.referral)


def _renew(move: Move, before: HandOff, letter: Requested) -> None:
    """Take other answers, and perhaps another way to be reached, wherever the referral or its first one is seen."""
    move.referral = referral = before.model_copy(update={"card": letter.card, "person": letter.person})
    move.enter(Action.RENEW, before.stage)
    if persons.chat_of(letter.person, letter.card) != persons.chat_of(before.person, before.card):
        repeats.move_away(move, referral, before.person)
    repeats.announce(move, referral)
    move.spread(referral, fresh=True)


def _act(move: Move, referral: HandOff, act: Act) -> None:
    """Take a step; whatever comes of it, those that follow the referral learn that somebody was there."""
    before = len(move.record)
    _step(move, referral, act)
    if len(move.record) > before:
        repeats.report(move, referral)


def _step(move: Move, referral: HandOff, act: Act) -> None:
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
    if referral.holder is None and referral.stage is not Stage.REQUESTED:
        move.refuse(by, "ended")
        return
    if referral.holder is None:
        referral.taken.append(Taken(stage=step(Stage.REQUESTED, Action.CLAIM), holder=by))
        move.enter(Action.CLAIM, referral.stage, by)
        move.alarms += [Alarm(REMIND, None), Alarm(ESCALATE, None)]
        move.tell_seen(referral)
        move.spread(referral)
    _show_contact(move, referral, by)
    move.catch_up(referral)


def _show_contact(move: Move, referral: HandOff, by: Staff) -> None:
    """Show who the person is: each look is on record."""
    move.enter(Action.LOOK, referral.stage, by)
    move.post(by.chat, ContactShown(reference=move.reference, person=referral.person, notes=tuple(referral.notes)))


def _advance(move: Move, referral: HandOff, act: Act) -> None:
    if act.action not in possible(referral.stage):
        move.refuse(act.by, "impossible")
        return
    stage = step(referral.stage, act.action)
    ended_before = referral.stage in ENDED
    referral.taken.append(Taken(stage=stage, holder=referral.holder, detail=act.detail))
    move.enter(act.action, stage, act.by, act.detail)
    move.alarms.append(Alarm(SILENCE, None))
    if stage in ENDED and not ended_before:
        move.tell(referral, TeamNews(reference=move.reference, news="ended"))
        repeats.release(move, referral, ended=True)
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
        move.wait(referral)
    if undone.stage in ENDED and referral.stage not in ENDED:
        move.tell_reopened(referral)
        repeats.ask(move, referral)
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
        referral.keep(Said(by=letter.by.name, text=letter.text, at=move.now))
        move.tell(referral, TeamNews(reference=move.reference, news="message", text=letter.text))
        move.post(letter.by.chat, Noted(reference=move.reference, what="message"))
        repeats.report(move, referral)


def _hear(move: Move, referral: HandOff, text: str) -> None:
    """Take what the person wrote to whoever holds the referral, or the first one that it follows."""
    if referral.stage is Stage.REPEATED:
        repeats.pass_on(move, referral, text)
    else:
        move.hear(referral, text)


def _lose_holder(move: Move, referral: HandOff, letter: HolderLeft) -> None:
    """Who holds it is of the team no more: it is new again, for anybody of the site, and its timers run anew."""
    holder = referral.holder
    if holder is None or holder.chat != letter.chat or referral.stage in ENDED:
        return
    referral.taken.append(Taken(stage=step(referral.stage, Action.LEAVE), holder=None))
    move.enter(Action.LEAVE, referral.stage, holder)
    move.wait(referral)
    move.spread(referral, fresh=True)
    repeats.report(move, referral)


def _withdraw(move: Move, referral: HandOff) -> None:
    """Take back what every desk shows; nothing of the person is kept."""
    move.enter(Action.WITHDRAW, step(referral.stage, Action.WITHDRAW))
    repeats.leave(move, referral)
    blank = referral.card.model_copy(update={"answers": {}, "stage": Stage.WITHDRAWN})
    for desk in referral.desks:
        move.post(letters.site(desk), CardPosted(card=blank))
    move.alarms += [Alarm(timer, None) for timer in TIMERS]
    move.referral = None


def fire(move: Move, timer: str) -> None:
    """Do what a timer was set for; one that no longer fits does nothing."""
    referral = move.referral
    if referral is None or referral.stage not in (*WAITING, Stage.REPEATED):
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
