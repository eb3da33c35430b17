"""A lab slip in any reply: read back as one table, accepted at a tap, changed row by row."""

from __future__ import annotations

from bot.criteria.protocol import Kind
from bot.criteria.reading import Outcome, Reading
from bot.flows import screening
from bot.flows.events import NotUnderstood, SlipDiscarded, SlipRead, SlipRow, SlipRowAsked
from bot.flows.states import State
from bot.flows.turn import Turn

ROW = "row_"
MEASURED = (Kind.QUANTITY, Kind.SCORE)


def start(turn: Turn, reading: Reading) -> None:
    """Read a slip back as a table."""
    turn.session.slip = by_question(turn, reading)
    turn.session.skipped = reading.skipped
    turn.session.pending = None
    turn.go("read_slip")
    show(turn)


def show(turn: Turn) -> None:
    """The table: what was understood, and for which question it will be used."""
    turn.say(SlipRead(rows(turn), turn.session.skipped))


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
    return SlipRow(question, reading, before if differs else None)


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
            self._accept(turn)
        elif choice == "discard":
            self._discard(turn)
        elif choice is not None:
            turn.session.row = choice.removeprefix(ROW)
            turn.go("change_row")
            turn.say(SlipRowAsked(row(turn, turn.session.row)))
        else:
            self._another(turn, text)

    def _accept(self, turn: Turn) -> None:
        for each in rows(turn):
            if each.reading.counts:
                screening.keep(turn, each.question, each.reading)
        clear(turn)
        screening.settle(turn)

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
        else:
            turn.say(NotUnderstood(State.SLIP))
        show(turn)

    def back(self, turn: Turn) -> bool:
        """Put the slip aside."""
        self._discard(turn)
        return True


def clear(turn: Turn) -> None:
    """Forget the slip that waited."""
    turn.session.slip = {}
    turn.session.skipped = ()
    turn.session.row = None


class ChangingRow:
    """One row of the slip, typed anew or picked from its plausible readings."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The plausible readings; to leave the row out; to go back to the table."""
        readings = self._row(turn).reading.readings
        picks = (f"{screening.READING}{place}" for place in range(1, len(readings) + 1))
        return (*picks, "table", "leave_out")

    def _row(self, turn: Turn) -> SlipRow:
        return row(turn, turn.session.row or "")

    def ask(self, turn: Turn) -> None:
        """Ask for the row's value."""
        turn.say(SlipRowAsked(self._row(turn)))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Put the new reading into the table."""
        changed = self._row(turn)
        if choice == "leave_out":
            del turn.session.slip[changed.question]
        elif choice != "table":
            picked = screening.picked_reading(changed.reading.readings, choice or text)
            reading = turn.read(changed.question, picked.reply if picked else text)
            reading = by_question(turn, reading).get(changed.question, reading)
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
