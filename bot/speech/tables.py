"""What a message says as a table: an answer read back, all answers, the rows of a lab slip."""

from __future__ import annotations

from bot.criteria.reading import Outcome
from bot.flows.events import Event, screening, slips
from bot.speech.message import Row, Table
from bot.speech.voice import Voice


def table(voice: Voice, event: Event) -> Table | None:
    """The table of an event, for channels that can show one; None where it has none."""
    match event:
        case screening.ReadBack():
            return Table("", (Row(event.question, voice.name(event.question), _answer(voice, event)),))
        case screening.ReviewShown():
            title = voice.text("review.final" if event.final else "review.title")
            told = voice.answers({row.question: row.reading for row in event.rows})
            rows = (Row(question, voice.name(question), answer) for question, answer in told.items())
            return Table(title, tuple(rows))
        case slips.SlipRead():
            return _slip(voice, event)
    return None


def _answer(voice: Voice, row: screening.ReadBack | slips.SlipRow) -> str:
    return voice.answer(row.question, row.reading)


def _slip(voice: Voice, event: slips.SlipRead) -> Table:
    notes = [voice.text("slip.ask" if event.rows else "slip.none")]
    if event.skipped:
        notes.insert(0, voice.text("slip.skipped", names=voice.values.listed(list(event.skipped))))
    return Table(voice.slip_title(event), tuple(slip_row(voice, row) for row in event.rows), tuple(notes))


def slip_row(voice: Voice, row: slips.SlipRow) -> Row:
    """A row of a slip: what it was understood as, or what stands there where it is in doubt."""
    clear = row.reading.outcome is Outcome.ACCEPTED
    answer = _answer(voice, row) if clear else voice.text("slip.unclear", reply=row.reading.reply.strip())
    before = "" if row.before is None else voice.answer(row.question, row.before)
    note = voice.text("slip.before", answer=before) if before else ""
    return Row(row.question, voice.row_name(row), answer, note, clear=clear)
