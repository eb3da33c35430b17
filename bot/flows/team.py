"""What a person hears from the study team, and says to it, once their referral is on record."""

from __future__ import annotations

from bot.flows.events.referral import PassedOn, TeamBooked, TeamDone, TeamSaw, TeamSilent, TeamUnbooked, TeamWrote
from bot.flows.inputs import TeamHeard
from bot.flows.states import State
from bot.flows.turn import Turn

LONGEST_TEXT = 2_000  # characters of a message that are handed on


def hear(turn: Turn, heard: TeamHeard) -> None:
    """Tell what the study team did. Of another referral than theirs nothing is told."""
    session = turn.session
    if heard.reference not in (session.referral, session.reference):
        return
    if heard.news == "seen":
        session.team, session.referral = True, heard.reference
        turn.say(TeamSaw(heard.reference))
    elif heard.news == "message":
        turn.say(TeamWrote(heard.reference, heard.text))
    elif heard.news == "silent":
        turn.say(TeamSilent(heard.reference, heard.text or None))
    elif heard.news == "booked":
        turn.say(TeamBooked(heard.reference))
    elif heard.news == "unbooked":
        turn.say(TeamUnbooked(heard.reference))
    else:
        session.team, session.referral = False, None
        turn.say(TeamDone(heard.reference))
    if session.state is not State.FINISHED:
        turn.ask_again()


def pass_on(turn: Turn, text: str) -> bool:
    """Hand a text to the study team; whether it can be written to."""
    said = text.strip()[:LONGEST_TEXT]
    if not turn.session.team or not said:
        return False
    turn.relayed = said
    turn.say(PassedOn())
    return True
