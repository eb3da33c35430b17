"""Taking a slip: its sure rows become answers. Of a photographed one without a day, the day is asked for first, once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.criteria.reading import Alternative, Outcome, Reading, Reason
from bot.flows import screening, slip_rows
from bot.flows.events.control import NotUnderstood
from bot.flows.events.slips import SlipDayAsked
from bot.flows.states import State
from bot.flows.turn import Turn

UNKNOWN = "unknown"


def take(turn: Turn) -> None:
    """Take the rows that wait, once their day is known or was asked for."""
    if undated(turn):
        turn.go("ask_day")
        turn.session.pending = _offered(turn.session.days)
        turn.say(SlipDayAsked(turn.session.days))
    else:
        _use(turn)


def undated(turn: Turn) -> tuple[str, ...]:
    """The questions of the rows that count and have no day, where the slip was read from a picture."""
    session = turn.session
    rows = session.slip.items() if session.numbers else ()
    return tuple(each for each, row in rows if row.outcome is Outcome.ACCEPTED and row.observed_on is None)


def give(turn: Turn, day: dt.date) -> None:
    """Give the day to the rows that have none, those in doubt among them."""
    slip = turn.session.slip
    turn.session.slip = {each: replace(row, observed_on=row.observed_on or day) for each, row in slip.items()}


def _offered(days: tuple[dt.date, ...]) -> Reading | None:
    """The days as which the one in the picture can be read, to choose from; None where there are none."""
    choices = tuple(Alternative(label=day.isoformat(), reply=day.isoformat(), date=day) for day in days)
    return Reading("", Outcome.CLARIFY, Reason.DATE_ORDER, readings=choices) if choices else None


def _use(turn: Turn) -> None:
    """Put the rows that count on record, and go on."""
    for question, row in turn.session.slip.items():
        if row.counts:
            screening.keep(turn, question, row)
    slip_rows.clear(turn)
    screening.settle(turn)


class DayOfSlip:
    """The day on which the sample of a photographed slip was taken."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The days that it can be, and that it is not known."""
        picks = (f"{screening.READING}{place}" for place in range(1, len(_readings(turn)) + 1))
        return (*picks, UNKNOWN)

    def ask(self, turn: Turn) -> None:
        """Ask for the day."""
        turn.say(SlipDayAsked(tuple(each.date for each in _readings(turn) if each.date is not None)))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Take the day, or go on without it. One that can be read in two ways is chosen from."""
        readings = _readings(turn)
        picked = screening.picked_reading(readings, choice or text)
        reading = turn.read_day(picked.reply if picked else text)
        unknown = choice == UNKNOWN or text.strip() == str(len(readings) + 1)
        if unknown or reading.outcome is Outcome.ABSENT:
            _use(turn)
        elif reading.outcome is Outcome.ACCEPTED and reading.date is not None:
            give(turn, reading.date)
            _use(turn)
        else:
            self._ask_again(turn, reading)

    def _ask_again(self, turn: Turn, reading: Reading) -> None:
        """Ask which day is meant, where it can be several; else say that it was not understood."""
        if reading.readings:
            turn.session.pending = reading
        else:
            turn.say(NotUnderstood(State.SLIP_DAY))
        self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Back to the table."""
        turn.session.pending = None
        turn.go("read_slip")
        slip_rows.show(turn)
        return True


def _readings(turn: Turn) -> tuple[Alternative, ...]:
    return turn.session.pending.readings if turn.session.pending else ()
