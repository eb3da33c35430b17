"""The states of a conversation and every way from one to another, as data.

All that moves a conversation stands in `TRANSITIONS`: the parts only fire its triggers, the diagram in the
documentation is drawn from it, and a trigger that it does not have for a state raises `IllegalTransitionError`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from transitions import Machine, MachineError


class State(StrEnum):
    """Where a conversation stands: what the next message of the person is taken for."""

    LANGUAGE = "choosing_language"
    ASKING = "asking"
    CONSENT = "consenting"
    DECLINED = "declined"
    CLARIFYING = "clarifying"
    CONFIRMING = "confirming"
    RULED_OUT = "ruled_out"
    SLIP = "checking_slip"
    SLIP_ROW = "changing_slip_row"
    SLIP_DAY = "giving_slip_day"
    REVIEWING = "reviewing"
    CHANGING = "choosing_change"
    SITE = "choosing_site"
    AGREEMENT = "agreeing_to_contact"
    NAME = "giving_name"
    REACH = "choosing_reach"
    CONTACT = "giving_contact"
    FINISHED = "finished"
    STOPPED = "stopped"
    RESTARTING = "confirming_restart"
    DELETING = "confirming_deletion"


class Transition(NamedTuple):
    """One way from a state to another."""

    trigger: str
    source: State
    dest: State


class IllegalTransitionError(RuntimeError):
    """A part fired a trigger that the table does not have for the state."""


SCREENING = (
    State.ASKING,
    State.CLARIFYING,
    State.CONFIRMING,
    State.RULED_OUT,
    State.SLIP,
    State.SLIP_ROW,
    State.SLIP_DAY,
)
"""The states in which questions of the trial are being answered."""

INTERRUPTIONS = {
    "stop": State.STOPPED,
    "choose_language": State.LANGUAGE,
    "ask_restart": State.RESTARTING,
    "ask_deletion": State.DELETING,
}

INTERRUPTIBLE = tuple(state for state in State if state not in INTERRUPTIONS.values())
"""The states that an interruption (a stop, another language, a question whether to delete) comes back to: all others."""


def returning(state: State) -> str:
    """The trigger that ends an interruption and goes back to `state`."""
    return f"return_to_{state.value}"


def _ways(trigger: str, sources: tuple[State, ...], dest: State) -> list[Transition]:
    return [Transition(trigger, source, dest) for source in sources]


TRANSITIONS: tuple[Transition, ...] = (
    Transition("begin", State.LANGUAGE, State.ASKING),
    Transition("seek_consent", State.ASKING, State.CONSENT),
    Transition("decline", State.CONSENT, State.DECLINED),
    Transition("reconsider", State.DECLINED, State.CONSENT),
    *_ways("ask", (*SCREENING, State.CONSENT, State.REVIEWING, State.CHANGING), State.ASKING),
    *_ways("clarify", (State.ASKING, State.CLARIFYING), State.CLARIFYING),
    Transition("confirm", State.ASKING, State.CONFIRMING),
    Transition("rule_out", State.CONFIRMING, State.RULED_OUT),
    *_ways("read_slip", (State.ASKING, State.CLARIFYING, State.SLIP_ROW, State.SLIP_DAY, State.REVIEWING), State.SLIP),
    *_ways("change_row", (State.SLIP, State.SLIP_ROW), State.SLIP_ROW),
    Transition("ask_day", State.SLIP, State.SLIP_DAY),
    *_ways("review", (*SCREENING, State.CHANGING, State.FINISHED), State.REVIEWING),
    Transition("choose_change", State.REVIEWING, State.CHANGING),
    *_ways("finish", (State.RULED_OUT, State.REVIEWING, State.AGREEMENT, State.NAME, State.REACH), State.FINISHED),
    Transition("finish", State.CONTACT, State.FINISHED),
    Transition("choose_site", State.REVIEWING, State.SITE),
    Transition("seek_agreement", State.SITE, State.AGREEMENT),
    Transition("ask_name", State.AGREEMENT, State.NAME),
    Transition("choose_reach", State.NAME, State.REACH),
    Transition("ask_contact", State.REACH, State.CONTACT),
    Transition("back_to_review", State.SITE, State.REVIEWING),
    Transition("back_to_site", State.AGREEMENT, State.SITE),
    Transition("back_to_agreement", State.NAME, State.AGREEMENT),
    Transition("back_to_name", State.REACH, State.NAME),
    Transition("back_to_reach", State.CONTACT, State.REACH),
    *(way for trigger, dest in INTERRUPTIONS.items() for way in _ways(trigger, INTERRUPTIBLE, dest)),
    *(way for trigger, dest in INTERRUPTIONS.items() for way in _ways(trigger, tuple(INTERRUPTIONS.values()), dest)),
    *(way for state in INTERRUPTIBLE for way in _ways(returning(state), tuple(INTERRUPTIONS.values()), state)),
)


class _Cursor:
    """The machine's only model: it is pointed at the state of the conversation whose turn it is."""

    state: State


@cache
def _machine() -> tuple[Machine, _Cursor]:
    cursor = _Cursor()
    table = [{"trigger": way.trigger, "source": way.source, "dest": way.dest} for way in TRANSITIONS]
    machine = Machine(cursor, states=State, transitions=table, initial=State.LANGUAGE, auto_transitions=False)
    return machine, cursor


@cache
def move(state: State, trigger: str) -> State:
    """The state that `trigger` leads to from `state`. Raises `IllegalTransitionError`, naming both, where there is none."""
    machine, cursor = _machine()
    machine.set_state(state, cursor)
    try:
        machine.events[trigger].trigger(cursor)
    except (MachineError, KeyError):
        message = f"no way '{trigger}' leads from the state '{state}'"
        raise IllegalTransitionError(message) from None
    return cursor.state
