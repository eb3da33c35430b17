"""Time in a conversation: reminders, the end of an abandoned one, and the day to come back.

Each chat has two timers at most: `nudge`, which comes back until the conversation ends, and `recheck`.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.flows import photos, screening
from bot.flows.events.control import Expired, Reminded
from bot.flows.events.screening import RecheckDue
from bot.flows.inputs import PHOTO, PhotoUnreadable, TimerFired
from bot.flows.patience import Alarm
from bot.flows.photographed import Refusal
from bot.flows.session import Session
from bot.flows.states import INTERRUPTIBLE, State
from bot.flows.turn import Setting, Turn

NUDGE = "nudge"
RECHECK = "recheck"
KEPT = 64  # moments

NOT_REMINDED = (State.FINISHED, State.DECLINED, State.STOPPED)
"""The states in which nothing is waited for, or the person asked for a pause."""


def alarms(turn: Turn, before: Session | None) -> tuple[Alarm, ...]:
    """The timers after a turn; what was not set before it need not be taken back.

    The person's own inputs count as a sign of life; timers do not. Where all is erased, nothing is waited for any more.
    """
    after, setting, over = turn.session, turn.setting, turn.erase
    return tuple(
        [
            Alarm(name, then)
            for name, moment in _MOMENTS.items()
            if (then := None if over else moment(after, setting)) is not None
            or before is None
            or moment(before, setting) is not None
        ]
    )


def _next_nudge(session: Session, setting: Setting) -> dt.datetime | None:
    """When to remind next, or to give the conversation up; None where it is over.

    While a request is open the conversation is none that was broken off: the study team writes to it.
    """
    patience = setting.patience
    if session.state is State.FINISHED or session.active_at is None:
        return None
    reminders = () if session.state in NOT_REMINDED else patience.reminders[session.nudges :]
    if not reminders and session.referral is not None:
        return None
    return _after(setting, session.active_at, reminders[0] if reminders else patience.expiry)


@lru_cache(KEPT)
def _after(setting: Setting, active_at: dt.datetime, wait: dt.timedelta) -> dt.datetime:
    """When so long is over; the inputs of a batch are of one moment."""
    return setting.patience.awake(active_at + wait, setting.trial.protocol.timezone)


def _recheck(session: Session, setting: Setting) -> dt.datetime | None:
    """The morning of the day on which a failing criterion may pass."""
    if session.state is not State.FINISHED or session.recheck_on is None:
        return None
    zone = ZoneInfo(setting.trial.protocol.timezone)
    return dt.datetime.combine(session.recheck_on, setting.patience.quiet_until, zone).astimezone(dt.UTC)


_MOMENTS = {NUDGE: _next_nudge, RECHECK: _recheck}


def fire(turn: Turn, fired: TimerFired) -> None:
    """Do what a timer was set for. One that no longer fits does nothing."""
    finished = turn.session.state is State.FINISHED
    if fired.timer == RECHECK and finished and turn.session.recheck_on is not None:
        _come_back(turn)
    elif fired.timer == PHOTO:
        photos.hear(turn, PhotoUnreadable(Refusal.NOT_INSTALLED, fired.due))
    elif fired.timer == NUDGE and not finished:
        _nudge(turn)


def _nudge(turn: Turn) -> None:
    session, patience = turn.session, turn.setting.patience
    if session.state in NOT_REMINDED or session.nudges >= len(patience.reminders):
        _give_up(turn)
        return
    session.nudges += 1
    if session.state not in INTERRUPTIBLE:
        turn.come_back()
    turn.say(Reminded())
    turn.ask_again()


def _give_up(turn: Turn) -> None:
    """Erase the conversation, and tell so; one whose request is open stays. Silence takes no request back."""
    session = turn.session
    if session.referral is None:
        turn.erase = True
        turn.say(Expired(turn.setting.patience.expiry.days, session.reference or session.asked))


def _come_back(turn: Turn) -> None:
    """Ask again what can have changed: all that feeds a criterion that failed, but a date of birth."""
    session = turn.session
    for question in list(session.trail):
        age = session.answers[question].age
        if any(code in session.recheck for code in turn.codes_of(question)) and (age is None or age.born is None):
            screening.drop(turn, question)
    session.recheck_on, session.recheck = None, ()
    turn.say(RecheckDue())
    turn.go("review")
    screening.settle(turn)
