"""What a person hears from the study team, and says to it, once their referral is on record."""

from __future__ import annotations

from bot.flows.events.referral import (
    PassedOn,
    TeamBooked,
    TeamDone,
    TeamReopened,
    TeamSaw,
    TeamSilent,
    TeamUnbooked,
    TeamWrote,
)
from bot.flows.inputs import TeamHeard
from bot.flows.session import Session
from bot.flows.states import State
from bot.flows.turn import Turn

LONGEST_TEXT = 2_000  # characters of a message that are handed on


def hear(turn: Turn, heard: TeamHeard) -> None:
    """Tell what the study team did. Of another referral than theirs nothing is told.

    One whose end was undone is theirs, too, whether or not the conversation still knows of it.
    """
    session = turn.session
    known = heard.reference in (session.referral, session.reference, *session.others)
    if not known and heard.trial is None:
        return
    if not known and session.active_at is None and session.state is State.LANGUAGE:
        _begin(turn, heard)
    if heard.news == "seen":
        _turn_to(session, heard.reference)
        session.team, session.asked = True, session.asked if known else heard.reference
        writable = session.state is State.FINISHED
        turn.say(TeamSaw(heard.reference) if known else TeamReopened(heard.reference, writable))
    elif heard.news == "message":
        if heard.reference in session.others:
            _turn_to(session, heard.reference)
        turn.say(TeamWrote(heard.reference, heard.text))
    elif heard.news == "silent":
        turn.say(TeamSilent(heard.reference, heard.text or None))
    elif heard.news == "booked":
        turn.say(TeamBooked(heard.reference))
    elif heard.news == "unbooked":
        turn.say(TeamUnbooked(heard.reference))
    else:
        _end(turn, heard.reference)
    if session.state is not State.FINISHED:
        turn.ask_again()


def _begin(turn: Turn, heard: TeamHeard) -> None:
    """Where the conversation is gone, have one again for the referral: it is over, but the team can be written to."""
    session = turn.session
    if heard.locale in turn.setting.languages:
        session.locale = heard.locale
    session.reference, session.interrupted = heard.reference, State.FINISHED
    turn.come_back()


def _turn_to(session: Session, reference: str) -> None:
    """Have what is written go to this referral from now on; the one before stays open beside it."""
    beside = (session.referral, *session.others)
    session.others = tuple(each for each in beside if each is not None and each != reference)
    session.referral = reference


def _end(turn: Turn, reference: str) -> None:
    """Know the referral as open no more. Where none is, the wait for a conversation that was broken off begins now."""
    session = turn.session
    left = [each for each in (session.referral, *session.others) if each is not None and each != reference]
    session.referral, session.others = (left[0], tuple(left[1:])) if left else (None, ())
    session.team = session.team and session.referral is not None
    if session.referral is None and session.active_at is not None:
        session.active_at = turn.now
    turn.say(TeamDone(reference, session.referral))


def pass_on(turn: Turn, text: str) -> bool:
    """Hand a text to the study team; whether it can be written to."""
    said = text.strip()[:LONGEST_TEXT]
    if not turn.session.team or not said:
        return False
    turn.relayed = said
    turn.say(PassedOn())
    return True
