"""A lab slip in any reply: read back as one table, accepted at a tap, changed row by row."""

from __future__ import annotations

from dataclasses import replace

from bot.criteria.reading import Outcome
from bot.flows import screening, slip_day
from bot.flows.events.control import NotUnderstood
from bot.flows.events.slips import SlipDiscarded, SlipRow, SlipRowAsked, SlipRowTyped
from bot.flows.slip_rows import by_question, clear, row, rows, show, without
from bot.flows.states import State
from bot.flows.turn import Turn

ROW = "row_"
TYPE = "type"
"""None of the readings of a row is right: its value is typed."""


class Slip:
    """The table of a slip: accepted as it is, changed row by row, or put aside."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """To accept all that was understood, to change a row, to use none of it."""
        return ("accept", *(f"{ROW}{each.question}" for each in rows(turn)), "discard")

    def ask(self, turn: Turn) -> None:
        """Show the table."""
        show(turn)

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Accept, change a row, or put the slip aside. Another slip replaces this one."""
        if choice == "accept":
            slip_day.take(turn)
        elif choice == "discard":
            self._discard(turn)
        elif choice is not None:
            turn.session.row = choice.removeprefix(ROW)
            turn.go("change_row")
            turn.say(SlipRowAsked(row(turn, turn.session.row)))
        else:
            self._another(turn, text)

    def _discard(self, turn: Turn) -> None:
        clear(turn)
        turn.say(SlipDiscarded())
        screening.settle(turn)

    def _another(self, turn: Turn, text: str) -> None:
        first = next(iter(rows(turn)), None)
        reading = turn.read(first.question, text) if first else None
        if reading is not None and reading.outcome is Outcome.SLIP:
            turn.session.slip = {**turn.session.slip, **by_question(turn, reading)}
            turn.session.skipped = reading.skipped
            turn.session.numbers, turn.session.days = {}, ()
        else:
            turn.say(NotUnderstood(State.SLIP))
        show(turn)

    def back(self, turn: Turn) -> bool:
        """Put the slip aside."""
        self._discard(turn)
        return True


class ChangingRow:
    """One row of the slip, typed anew or picked from its plausible readings."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The plausible readings, and to type it instead; to go back to the table; to leave the row out."""
        readings = self._row(turn).reading.readings
        picks = (f"{screening.READING}{place}" for place in range(1, len(readings) + 1))
        return (*picks, *([TYPE] if readings else []), "table", "leave_out")

    def _row(self, turn: Turn) -> SlipRow:
        return row(turn, turn.session.row or "")

    def ask(self, turn: Turn) -> None:
        """Ask for the row's value."""
        turn.say(SlipRowAsked(self._row(turn)))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Put the new reading into the table."""
        changed = self._row(turn)
        if choice == TYPE:
            turn.say(SlipRowTyped(changed))
            return
        if choice == "leave_out":
            turn.session.slip = without(changed.question, turn.session.slip)
        elif choice != "table":
            picked = screening.picked_reading(changed.reading.readings, choice or text)
            reading = turn.read(changed.question, picked.reply if picked else text)
            reading = by_question(turn, reading).get(changed.question, reading)
            reading = replace(reading, observed_on=reading.observed_on or changed.reading.observed_on)
            turn.session.slip = {**turn.session.slip, changed.question: reading}
            if not reading.counts:
                turn.say(SlipRowAsked(self._row(turn)))
                return
        self._to_table(turn)

    def _to_table(self, turn: Turn) -> None:
        turn.session.row = None
        if rows(turn):
            turn.go("read_slip")
            show(turn)
        else:
            turn.go("ask")
            clear(turn)
            turn.say(SlipDiscarded())
            screening.settle(turn)

    def back(self, turn: Turn) -> bool:
        """Back to the table."""
        self._to_table(turn)
        return True
