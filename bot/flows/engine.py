"""One input makes one sprint: the new session, and what the bot does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from bot.flows import consent, control, editing, photos, referral, review, screening, slip_day, slips, team, timing
from bot.flows.bench.case import SOURCE as BENCH
from bot.flows.events.control import ButtonStale, LapseTold, MediaRefused
from bot.flows.inputs import (
    ButtonPressed,
    CommandGiven,
    Input,
    Lapsed,
    MediaSent,
    Opened,
    PhotoRead,
    PhotoSent,
    PhotoUnreadable,
    Reply,
    ReplyEdited,
    TeamHeard,
    TimerFired,
    timer_of,
)
from bot.flows.session import Session, Sprint
from bot.flows.states import SCREENING, State
from bot.flows.turn import KEPT, Part, Setting, Turn

PARTS: Mapping[State, Part] = MappingProxyType(
    {
        State.LANGUAGE: consent.Language(),
        State.ASKING: screening.Asking(),
        State.CONSENT: consent.Consent(),
        State.DECLINED: consent.Declined(),
        State.CLARIFYING: screening.Clarifying(),
        State.CONFIRMING: screening.Confirming(),
        State.RULED_OUT: screening.RuledOut(),
        State.SLIP: slips.Slip(),
        State.SLIP_ROW: slips.ChangingRow(),
        State.SLIP_DAY: slip_day.DayOfSlip(),
        State.REVIEWING: review.Reviewing(),
        State.CHANGING: review.Changing(),
        State.SITE: referral.Site(),
        State.AGREEMENT: referral.Agreement(),
        State.NAME: referral.Name(),
        State.REACH: referral.HowToReach(),
        State.CONTACT: referral.Contact(),
        State.FINISHED: referral.Finished(),
        State.STOPPED: control.Paused(),
        State.RESTARTING: control.Restarting(),
        State.DELETING: control.Deleting(),
    }
)
"""How the conversation behaves in each of its states."""

CHANGE = "change."
"""A button beside a read-back: `change.hemoglobin` asks that question again, at any step of the questions."""


def resume(setting: Setting, session: Session | None, entry: Input, now: datetime, new_id: str = "") -> Sprint:
    """What `entry` brings about. `session`: None where the person comes for the first time (then `new_id` is its id).

    now: aware. The session given is not changed. Raises nothing for anything a person can send.
    """
    turn = _start(setting, entry, now, new_id) if session is None else _go_on(setting, session, entry, now)
    if not (isinstance(entry, Lapsed | TeamHeard) or timer_of(entry)):
        turn.session.active_at, turn.session.nudges = now, 0
    return Sprint(
        turn.session,
        tuple(turn.events),
        (*timing.alarms(turn, session), *photos.alarms(turn, entry)),
        erase=turn.erase,
        withdraw=turn.withdraw,
        refer=turn.refer,
        relayed=turn.relayed,
    )


def _go_on(setting: Setting, session: Session, entry: Input, now: datetime) -> Turn:
    turn = Turn(session.model_copy(), setting, PARTS, now)
    _take(turn, entry)
    moved = _waits_for(turn.session) != _waits_for(session)
    turn.session.step = session.step + 1 if moved else session.step
    return turn


def _waits_for(session: Session) -> tuple[object, ...]:
    return session.state, session.question, session.pending, session.row, session.round, tuple(session.slip.items())


def _start(setting: Setting, entry: Input, now: datetime, new_id: str) -> Turn:
    opened = entry if isinstance(entry, Opened) else Opened()
    protocol = setting.trial.protocol
    source = None if opened.source == BENCH else opened.source  # anybody can make a link, and name any source
    session = Session(id=new_id, trial=protocol.id, trial_version=protocol.version, source=source, step=1)
    turn = Turn(session, setting, PARTS, now)
    if opened.site in setting.sites:
        session.site = opened.site
    if isinstance(entry, TeamHeard):
        team.hear(turn, entry)  # news that is not theirs begins nothing, and is not answered
    elif opened.locale in setting.languages:
        session.locale = opened.locale
        consent.begin(turn)
    else:
        turn.ask_again()
    return turn


def _take(turn: Turn, entry: Input) -> None:
    match entry:
        case Opened():
            if entry.locale in turn.setting.languages:
                turn.session.locale = entry.locale
            control.resume(turn)
        case CommandGiven():
            control.give(turn, entry.command)
        case ButtonPressed():
            _tap(turn, entry)
        case Reply():
            _hear(turn, entry)
        case ReplyEdited():
            editing.correct(turn, entry)
        case MediaSent():
            turn.say(MediaRefused(entry.medium))
            turn.ask_again()
        case PhotoSent() if photos.is_said(turn, entry):
            _hear(turn, Reply(entry.caption, entry.ref))
        case PhotoSent():
            photos.send(turn, entry)
        case _:
            _happen(turn, entry)


def _happen(turn: Turn, entry: Input) -> None:
    """Take what others than the person did, and what came of a picture."""
    match entry:
        case Lapsed():
            turn.say(LapseTold(entry.lapse))
            turn.ask_again()
        case TeamHeard():
            team.hear(turn, entry)
        case PhotoRead() | PhotoUnreadable():
            photos.hear(turn, entry)
        case TimerFired():
            timing.fire(turn, entry)


def _tap(turn: Turn, entry: ButtonPressed) -> None:
    """Take a tap; a button of an earlier step, or of an earlier conversation, is answered and changes nothing."""
    session = turn.session
    turn.tapped = True
    ours = entry.session in ("", session.mark)
    if ours and entry.choice.startswith(CHANGE) and session.state in (*SCREENING, State.REVIEWING):
        question = entry.choice.removeprefix(CHANGE)
        if question in session.answers:
            screening.ask(turn, question)
            return
    if ours and entry.step == session.step and entry.choice in PARTS[session.state].choices(turn):
        PARTS[session.state].take(turn, entry.choice, entry.choice)
    else:
        turn.say(ButtonStale())
        turn.ask_again()


def _hear(turn: Turn, reply: Reply) -> None:
    """Take a message: a choice of the conversation, a word that always works, or a reply to the question."""
    text, question = reply.text, turn.session.question
    part = PARTS[turn.session.state]
    choices = part.choices(turn)
    asked = turn.session.state in (State.ASKING, State.CLARIFYING, State.SLIP_ROW, State.SLIP_DAY)
    choice = _named(turn, text, choices) if asked else turn.match(text, choices)
    command = turn.setting.keywords.get(_plain(text))
    if choice is None and command is not None:
        control.give(turn, command)
        return
    before = turn.session.answers
    part.take(turn, text, choice)
    if reply.ref and question and turn.session.answers.get(question) not in (None, before.get(question)):
        editing.remember(turn, reply.ref, question)


def _named(turn: Turn, text: str, choices: tuple[str, ...]) -> str | None:
    """The choice beside a question that a text names in full. Never by its number: that could be the value."""
    question = turn.session.question if turn.session.state is State.ASKING else None
    own = turn.question(question).choices if question else ()
    said = _plain(text)
    for choice in choices:
        if choice not in own and said in _names(turn.setting, choice):
            return choice
    return None


@lru_cache(KEPT)
def _names(setting: Setting, choice: str) -> frozenset[str]:
    """What names a choice of the conversation in full: its id, and what it is called in every language."""
    return frozenset((choice, *map(_plain, setting.offers(choice))))


def _plain(text: str) -> str:
    """A message as keywords are compared: without a slash, case, blanks or closing marks."""
    said = text.strip().casefold().removeprefix("/")
    return said.rstrip(".!。！ ") or said
