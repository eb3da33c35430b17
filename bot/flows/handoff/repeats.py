"""The same person's requests in other conversations: one referral is open, and the others follow it unseen by any site.

Whoever typed the contact may be somebody else: what is told in a conversation is the same whether its request is the first
one or follows another, and nothing of one conversation is ever told in another.
"""

from __future__ import annotations

from bot.flows.handoff import letters, persons
from bot.flows.handoff.letters import (
    Asked,
    AskedAgain,
    CardPosted,
    FirstStands,
    LaterWrote,
    NotOpen,
    Released,
    TeamNews,
    TookBack,
)
from bot.flows.handoff.moves import ESCALATE, REMIND, SILENCE, HandOff, Move, Taken
from bot.flows.handoff.people import Again, Person
from bot.flows.handoff.stages import ENDED, UNSEEN, WAITING, Action, Stage, step
from bot.flows.patience import Alarm

# --- between a referral and the chat of its person


def ask(move: Move, referral: HandOff) -> None:
    """Ask which referral of the person is the open one. Whom only the site knows has no other."""
    chat = persons.chat_of(referral.person, referral.card)
    if chat is None:
        place(move, referral, None)
    else:
        move.post(chat, Asked(reference=move.reference, later=referral.later))


def make_known(move: Move, referral: HandOff) -> None:
    """Let the chat of the person know of a referral that was begun without it."""
    chat = persons.chat_of(referral.person, referral.card)
    if chat is not None and referral.stage not in UNSEEN:
        move.post(chat, Asked(reference=move.reference, begun=referral.holder is not None))


def release(move: Move, referral: HandOff, *, ended: bool) -> None:
    """Say that the referral is the open one no more. `ended`: those that follow it have ended with it."""
    chat = persons.chat_of(referral.person, referral.card)
    if chat is not None:
        move.post(chat, Released(reference=move.reference, later=referral.later, ended=ended))


def place(move: Move, referral: HandOff, first: str | None) -> None:
    """Take the answer: the referral is the open one, or `first` is."""
    if referral.stage in ENDED:
        release(move, referral, ended=True)
    elif first is not None and first != referral.first:
        _follow(move, referral, first)
    elif first is None and referral.stage is Stage.REPEATED:
        referral.first, referral.taken = None, []
        move.enter(Action.PROMOTE, Stage.REQUESTED)
        move.open(referral)
    elif first is None and not referral.desks:
        move.open(referral)


def move_away(move: Move, referral: HandOff, before: Person) -> None:
    """The person is to be reached in another way: the one before may be another person's, and who asked there is on their own."""
    former = referral.model_copy(update={"person": before})
    leave(move, former)
    referral.again, referral.first = [], None
    referral.said = [each for each in referral.said if each.later is None]
    ask(move, referral)


def leave(move: Move, referral: HandOff) -> None:
    """Let the person, and the referral that this one follows, know of it no more."""
    release(move, referral, ended=False)
    if referral.first is not None:
        move.post(letters.referral(referral.first), TookBack(reference=move.reference))


# --- of one that follows


def _follow(move: Move, referral: HandOff, first: str) -> None:
    """From now on follow another referral. A site that saw this one learns where it goes on."""
    gone = referral.card.model_copy(update={"answers": {}, "stage": Stage.REPEATED, "detail": first})
    for desk in referral.desks:
        move.post(letters.site(desk), CardPosted(card=gone))
    if referral.stage in WAITING:
        move.listen(referral)
    move.alarms += [Alarm(REMIND, None), Alarm(ESCALATE, None)]
    move.enter(Action.REPEAT, step(referral.stage, Action.REPEAT), detail=first)
    referral.desks, referral.again, referral.first = [], [], first
    referral.said = [each for each in referral.said if each.later is None]
    referral.taken = [Taken(stage=Stage.REPEATED, holder=None, detail=first)]
    announce(move, referral)


def announce(move: Move, referral: HandOff) -> None:
    """Tell the first referral of this request: what a coordinator needs, and no answers."""
    card = referral.card
    if referral.first is not None:
        again = Again(reference=move.reference, on=card.today, verdict=card.verdict, site=card.site)
        move.post(letters.referral(referral.first), AskedAgain(again=again))


def hear_first(move: Move, referral: HandOff, letter: FirstStands) -> None:
    """Somebody has done something about the first referral: tell the person what anybody's own referral would tell."""
    if letter.first != referral.first:
        return
    if referral.stage is Stage.CLOSED and letter.stage not in ENDED:
        referral.taken.pop()
        move.enter(Action.UNDO, referral.stage, detail=Stage.CLOSED.value)
        move.tell_reopened(referral)
    if referral.stage is not Stage.REPEATED:
        return
    if letter.stage is Stage.REQUESTED:  # who had it has handed it back
        move.listen(referral)
        return
    move.tell_seen(referral)
    if letter.stage not in WAITING:
        move.alarms.append(Alarm(SILENCE, None))
    if letter.stage in ENDED:
        referral.taken.append(Taken(stage=step(referral.stage, Action.FOLLOW), holder=None))
        move.enter(Action.FOLLOW, referral.stage)
        move.tell(referral, TeamNews(reference=move.reference, news="ended"))


def hear_not_open(move: Move, referral: HandOff, letter: NotOpen) -> None:
    """The one that this follows is not the open one, by an answer that was overtaken: have the person's chat place it anew."""
    chat = persons.chat_of(referral.person, referral.card)
    if chat is None or letter.first != referral.first:
        return
    if not letter.follows:
        move.post(chat, Released(reference=letter.first))
    move.post(chat, Asked(reference=move.reference))


def pass_on(move: Move, referral: HandOff, text: str) -> None:
    """Hand what the person wrote to whoever holds the first referral, and keep it in case this one becomes the first."""
    move.hear(referral, text)
    if referral.first is not None:
        move.post(letters.referral(referral.first), LaterWrote(reference=move.reference, text=text))


# --- of the first one


def asked_again(move: Move, referral: HandOff, again: Again) -> None:
    """Show on the card that the person has asked again; with other answers, in place of what they asked before there."""
    if referral.stage in ENDED or referral.first is not None:
        point_away(move, again, follows=referral.first is not None and referral.stage not in ENDED)
        return
    referral.again = [*(each for each in referral.again if each.reference != again.reference), again]
    move.enter(Action.ASK, referral.stage, detail=again.reference)
    move.spread(referral, fresh=True)


def point_away(move: Move, again: Again, *, follows: bool = False) -> None:
    """Tell a later request that this is not the open one: it has ended, is gone, or `follows` another itself."""
    move.post(letters.referral(again.reference), NotOpen(first=move.reference, follows=follows))


def took_back(move: Move, referral: HandOff, reference: str) -> None:
    """Forget a later request, and what was written in its conversation."""
    if reference in referral.later:
        referral.again = [each for each in referral.again if each.reference != reference]
        referral.said = [each for each in referral.said if each.later != reference]
        move.spread(referral)


def later_wrote(move: Move, referral: HandOff, letter: LaterWrote) -> None:
    """Take what was written in the conversation of a later request."""
    if letter.reference in referral.later:
        move.hear(referral, letter.text, later=letter.reference)


def report(move: Move, referral: HandOff) -> None:
    """Let those that follow know that somebody has done something."""
    for reference in referral.later:
        move.post(letters.referral(reference), FirstStands(first=move.reference, stage=referral.stage))
