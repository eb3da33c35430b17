"""A lab slip that waits to be accepted: its rows, by the questions that they answer."""

from __future__ import annotations

from collections.abc import Mapping

from bot.criteria.protocol import Kind
from bot.criteria.reading import Reading
from bot.flows.events.slips import SlipRead, SlipRow
from bot.flows.turn import Turn

MEASURED = (Kind.QUANTITY, Kind.SCORE)


def start(turn: Turn, reading: Reading) -> None:
    """Read a slip back as a table."""
    clear(turn)
    turn.session.slip = by_question(turn, reading)
    turn.session.skipped = reading.skipped
    turn.session.pending = None
    turn.go("read_slip")
    show(turn)


def show(turn: Turn) -> None:
    """The table: what was understood, and for which question it will be used."""
    turn.say(SlipRead(rows(turn), turn.session.skipped))


def clear(turn: Turn) -> None:
    """Forget the slip that waited."""
    session = turn.session
    session.slip, session.numbers = {}, {}
    session.skipped, session.days = (), ()
    session.row = None


def without(question: str, slip: Mapping[str, Reading]) -> dict[str, Reading]:
    """The rows of a slip but for one."""
    return {each: reading for each, reading in slip.items() if each != question}


def by_question(turn: Turn, slip: Reading) -> dict[str, Reading]:
    """The readings of a slip by the questions that they answer."""
    found = slip.slip or {}
    asked = {each.id: each.analyte for each in turn.setting.trial.protocol.questions if each.kind in MEASURED}
    return {question: found[analyte] for question, analyte in asked.items() if analyte is not None and analyte in found}


def rows(turn: Turn) -> tuple[SlipRow, ...]:
    """The rows that this trial asks for."""
    return tuple(row(turn, question) for question in turn.session.slip)


def row(turn: Turn, question: str) -> SlipRow:
    """One row, with another answer that its question already has."""
    reading = turn.session.slip[question]
    before = turn.session.answers.get(question)
    differs = before is not None and (before.standard, before.times_uln) != (reading.standard, reading.times_uln)
    return SlipRow(question, reading, before if differs else None, turn.session.numbers.get(question))
