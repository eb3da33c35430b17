"""The stages of a referral and every way from one to another, as data.

The table is this file's alone, like that of the conversation in `bot.flows.states`; a step that it does not have for a
stage raises `IllegalStepError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from transitions import Machine, MachineError


class Stage(StrEnum):
    """How far a referral has come."""

    REQUESTED = "requested"
    RECEIVED = "received"
    CONTACTED = "contacted"
    VISIT_BOOKED = "visit_booked"
    ENROLLED = "enrolled"
    NOT_SUITABLE = "not_suitable"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    REPEATED = "repeated"


class Action(StrEnum):
    """What is done about a referral. The last five leave its stage as it is, or take it back."""

    CLAIM = "claim"
    CONTACT = "contact"
    BOOK = "book"
    ENROL = "enrol"
    REJECT = "reject"
    MISS = "miss"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REPEAT = "repeat"
    PROMOTE = "promote"
    FOLLOW = "follow"
    LEAVE = "leave"
    UNDO = "undo"
    NOTE = "note"
    LOOK = "look"
    RENEW = "renew"
    ASK = "ask"


TASK_STATUS: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.REQUESTED: "requested",
        Stage.RECEIVED: "received",
        Stage.CONTACTED: "accepted",
        Stage.VISIT_BOOKED: "in-progress",
        Stage.ENROLLED: "completed",
        Stage.NOT_SUITABLE: "rejected",
        Stage.UNREACHABLE: "failed",
        Stage.WITHDRAWN: "cancelled",
        Stage.CLOSED: "completed",
        Stage.REPEATED: "on-hold",
    }
)
"""The stage as the status of an HL7 FHIR R4 Task."""

ENDED = (Stage.ENROLLED, Stage.NOT_SUITABLE, Stage.WITHDRAWN, Stage.CLOSED)
"""The stages in which nothing more is expected of anybody: the way between both chats is closed."""

UNSEEN = (*ENDED, Stage.REPEATED)
"""The stages in which a site has nothing to do: it is over, or another referral of the same person is the one to work on."""

WAITING = (Stage.REQUESTED, Stage.RECEIVED)
"""The stages in which the person has heard nothing from the study team itself."""


class IllegalStepError(RuntimeError):
    """A step that the table does not have for the stage."""


class Way(NamedTuple):
    """One way from a stage to another."""

    action: Action
    source: Stage
    dest: Stage


_ACTIVE = (Stage.RECEIVED, Stage.CONTACTED, Stage.VISIT_BOOKED, Stage.UNREACHABLE)

_OTHERS = (Action.WITHDRAW, Action.REPEAT, Action.PROMOTE, Action.FOLLOW, Action.LEAVE)
"""What the person does, or the program for one person's several requests or for who has left, and nobody of the staff."""

WAYS: tuple[Way, ...] = (
    Way(Action.CLAIM, Stage.REQUESTED, Stage.RECEIVED),
    *(Way(Action.CONTACT, stage, Stage.CONTACTED) for stage in (Stage.RECEIVED, Stage.UNREACHABLE)),
    *(Way(Action.BOOK, stage, Stage.VISIT_BOOKED) for stage in (Stage.RECEIVED, Stage.CONTACTED, Stage.UNREACHABLE)),
    Way(Action.ENROL, Stage.VISIT_BOOKED, Stage.ENROLLED),
    *(Way(Action.REJECT, stage, Stage.NOT_SUITABLE) for stage in _ACTIVE),
    *(Way(Action.MISS, stage, Stage.UNREACHABLE) for stage in (Stage.RECEIVED, Stage.CONTACTED, Stage.VISIT_BOOKED)),
    *(Way(Action.CLOSE, stage, Stage.CLOSED) for stage in (*_ACTIVE, Stage.ENROLLED, Stage.NOT_SUITABLE)),
    *(Way(Action.REPEAT, stage, Stage.REPEATED) for stage in (Stage.REQUESTED, *_ACTIVE, Stage.REPEATED)),
    Way(Action.PROMOTE, Stage.REPEATED, Stage.REQUESTED),
    Way(Action.FOLLOW, Stage.REPEATED, Stage.CLOSED),
    *(Way(Action.LEAVE, stage, Stage.REQUESTED) for stage in _ACTIVE),
    *(Way(Action.WITHDRAW, stage, Stage.WITHDRAWN) for stage in Stage if stage is not Stage.WITHDRAWN),
)


class _Cursor:
    """The machine's only model."""

    state: Stage


@cache
def _machine() -> tuple[Machine, _Cursor]:
    cursor = _Cursor()
    table = [{"trigger": way.action, "source": way.source, "dest": way.dest} for way in WAYS]
    machine = Machine(cursor, states=Stage, transitions=table, initial=Stage.REQUESTED, auto_transitions=False)
    return machine, cursor


def step(stage: Stage, action: Action) -> Stage:
    """The stage that an action leads to. Raises `IllegalStepError`, naming both, where there is no such way."""
    machine, cursor = _machine()
    machine.set_state(stage, cursor)
    try:
        machine.events[action].trigger(cursor)
    except (MachineError, KeyError):
        message = f"no way '{action}' leads from the stage '{stage}'"
        raise IllegalStepError(message) from None
    return cursor.state


def possible(stage: Stage) -> tuple[Action, ...]:
    """What the one who holds a referral may do at a stage, in the order of the table."""
    return tuple(way.action for way in WAYS if way.source is stage and way.action not in _OTHERS)
