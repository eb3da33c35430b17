"""A message that was edited after it was sent corrects the answer that it gave."""

from __future__ import annotations

from bot.criteria.reading import Outcome, Reading
from bot.flows import screening
from bot.flows.events.screening import AnswerChanged, EditIgnored, ReplyRejected, ReplyUnclear
from bot.flows.inputs import ReplyEdited
from bot.flows.states import SCREENING, State
from bot.flows.turn import Turn

CORRECTABLE = (*SCREENING, State.REVIEWING, State.CHANGING)
"""The states in which an edited message still corrects its answer: nothing has been sent to the study team."""

REMEMBERED = 100
"""So many messages are remembered with the question that they answered; the oldest are forgotten first."""


def remember(turn: Turn, ref: str, question: str) -> None:
    """Note which message answered the question."""
    refs = {**turn.session.refs, ref: question}
    turn.session.refs = dict(list(refs.items())[-REMEMBERED:])


def correct(turn: Turn, edited: ReplyEdited) -> None:
    """Correct the answer that the message gave; what cannot be corrected or read changes nothing."""
    session = turn.session
    question = session.refs.get(edited.ref)
    before = session.answers.get(question) if question else None
    if question is None or before is None or session.state not in CORRECTABLE:
        turn.say(EditIgnored(session.reference))
        turn.ask_again()
        return
    reading = turn.read(question, edited.text)
    if reading.counts and not (question == screening.RESPONDENT and reading.outcome is Outcome.ABSENT):
        _replace(turn, question, before, reading)
        return
    unclear = reading.outcome is Outcome.CLARIFY
    turn.say(ReplyUnclear(question, reading) if unclear else ReplyRejected(question, reading))
    turn.ask_again()


def _replace(turn: Turn, question: str, before: Reading, reading: Reading) -> None:
    session = turn.session
    session.answers = {**session.answers, question: reading}
    session.confirmed = screening.without(question, session.confirmed)
    session.pressed = screening.without(question, session.pressed)
    if question == screening.RESPONDENT and before.choice != reading.choice:
        session.consented_on = None
    turn.say(AnswerChanged(question, before, reading))
    screening.settle(turn)
