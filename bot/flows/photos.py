"""Photographed lab slips: pictures wait to be read, and what was read becomes the table of a slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.criteria.reading import Alternative, Outcome, Reading, Reason
from bot.flows import slip_rows
from bot.flows.events.control import MediaRefused
from bot.flows.events.slips import PhotoAwaited, PhotoGaps, PhotoNotRead
from bot.flows.inputs import PHOTO, PhotoRead, PhotoSent, PhotoUnreadable
from bot.flows.patience import Alarm
from bot.flows.photographed import PhotoSlip, rows_by_code, slip_reading
from bot.flows.session import Session
from bot.flows.states import State
from bot.flows.turn import Setting, Turn

MOST = 10
"""So many pictures are read as one slip, as many as Telegram puts into an album; of more, the last ones."""

NO_TESTS = "no_tests"
"""Why a picture was not used that could be read: nothing on it is asked for."""

READS_SLIPS = (State.ASKING, State.CLARIFYING, State.SLIP, State.SLIP_ROW, State.SLIP_DAY, State.REVIEWING)
"""The states in which a slip is taken, once the person has agreed to be asked."""


def is_said(turn: Turn, sent: PhotoSent) -> bool:
    """Whether the words under a picture are the answer: they are one, or the picture cannot be read anyway."""
    if not sent.caption or not turn.setting.photos:
        return bool(sent.caption)
    session = turn.session
    if session.state is State.ASKING and session.question is not None:
        return turn.read(session.question, sent.caption).outcome in (Outcome.ACCEPTED, Outcome.SLIP)
    return turn.slip(sent.caption) is not None


def send(turn: Turn, sent: PhotoSent) -> None:
    """Have a picture read, where it can be and a slip is taken. Pictures that wait together are one slip."""
    session = turn.session
    if not turn.setting.photos:
        turn.say(MediaRefused(sent.medium))
        turn.ask_again()
    elif not _takes_slips(turn):
        _refuse(turn, "not_now")
    else:
        first = not session.photos
        session.photos = (*session.photos, sent.file)[-MOST:]
        if first:
            turn.say(PhotoAwaited())


def alarms(turn: Turn, entry: object) -> tuple[Alarm, ...]:
    """The timer by which pictures wait, set anew with each that comes: it carries all of them."""
    if isinstance(entry, PhotoSent) and turn.session.photos:
        return (Alarm(PHOTO, turn.now, "\n".join(turn.session.photos)),)
    return ()


def hear(turn: Turn, entry: PhotoRead | PhotoUnreadable) -> None:
    """Take what came of the pictures. Those of a conversation that began anew since are no part of this one."""
    if entry.due is not None and not turn.session.photos:
        return
    turn.session.photos = ()
    if not _takes_slips(turn):
        _refuse(turn, "not_now")
    elif isinstance(entry, PhotoUnreadable):
        _refuse(turn, entry.reason)
    else:
        _take(turn, entry)


def _takes_slips(turn: Turn) -> bool:
    return turn.session.state in READS_SLIPS and turn.session.consented_on is not None


def _refuse(turn: Turn, reason: str) -> None:
    """Say why nothing was read, and what to do instead."""
    turn.say(PhotoNotRead(reason))
    turn.ask_again()


def _take(turn: Turn, photo: PhotoRead) -> None:
    """Read the slip back. Where a table stands already, it is the same slip once more."""
    if not lay_out(turn, photo.slip):
        _refuse(turn, NO_TESTS)
        return
    if turn.session.state is not State.SLIP:
        turn.go("read_slip")
    if photo.slip.unread:
        turn.say(PhotoGaps(photo.slip.unread))
    slip_rows.show(turn)


def lay_out(turn: Turn, slip: PhotoSlip) -> bool:
    """Let the rows that the trial asks for wait to be accepted, beside those of an earlier picture; False where there are none."""
    session = turn.session
    slip = slip.until(turn.today)
    found = slip_rows.by_question(turn, slip_reading(slip, turn.read_slip))
    if not found:
        return False
    first_rows = {code: rows[0].number for code, rows in rows_by_code(slip, turn.read_slip).items()}
    numbers = {question: first_rows[code] for question, code in _codes(turn, found) if code in first_rows}
    rows = merged(session.slip, found)
    session.slip = {each: rows[each] for each in sorted(rows, key=lambda each: numbers.get(each, 0))}
    session.numbers = numbers
    session.days = slip.days
    session.skipped = ()  # what else stands on the slip is to be seen in the picture
    session.pending = session.row = None
    return True


def _codes(turn: Turn, found: Mapping[str, Reading]) -> list[tuple[str, str]]:
    """The analytes of these questions."""
    return [(question, turn.question(question).analyte or "") for question in found]


def to_keep(slip: PhotoSlip, setting: Setting, now: datetime) -> PhotoSlip:
    """The slip as it may be stored: the rows that the trial asks for, and nothing else that was read in the picture."""
    protocol = setting.trial.protocol
    turn = Turn(Session(id="", trial=protocol.id, trial_version=protocol.version), setting, {}, now)
    asked = {row.number for rows in rows_by_code(slip, turn.read_slip).values() for row in rows}
    rows = tuple(row for row in slip.rows if row.number in asked)
    return replace(slip, rows=rows, date_text="", name_boxes=())


def merged(before: Mapping[str, Reading], now: Mapping[str, Reading]) -> dict[str, Reading]:
    """The rows of a slip that was read twice: a doubt yields to what is sure, and two that are sure and differ are asked.

    So are two of different days, which stand on different slips.
    """
    return {**before, **{question: _either(before.get(question), row) for question, row in now.items()}}


def _either(before: Reading | None, now: Reading) -> Reading:
    if before is None:
        return now
    days = {each.observed_on for each in (before, now) if each.observed_on is not None}
    if len(days) > 1 or (before.counts and now.counts and not _same(before, now)):
        return _asked(before, now)
    kept, other = (before, now) if before.counts else (now, before)
    if other.counts or _offers(other, kept):
        return replace(kept, observed_on=kept.observed_on or other.observed_on)
    return kept


def _asked(before: Reading, now: Reading) -> Reading:
    """One to choose from all that both can be; its day is known where they agree on it."""
    seen = [
        each for one in (before, now) for each in (one.readings or (Alternative(label=one.reply, reply=one.reply),))
    ]
    choices = tuple({each.reply: each for each in seen}.values())
    day = now.observed_on if now.observed_on == before.observed_on else None
    return Reading(now.reply, Outcome.CLARIFY, Reason.SEVERAL_NUMBERS, observed_on=day, readings=choices)


def _same(one: Reading, other: Reading) -> bool:
    said = [(each.outcome, each.standard, each.times_uln, each.uln) for each in (one, other)]
    return said[0] == said[1]


def _offers(doubtful: Reading, sure: Reading) -> bool:
    """Whether what is sure is one of the things that a row in doubt may say: then it is the same row of the same slip."""
    return any((each.interval, each.unit) == (sure.reported, sure.reported_unit) for each in doubtful.readings)
