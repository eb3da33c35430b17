"""A lab slip, pasted or photographed, from its picture to the rows that are used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.criteria.reading import Reading


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One row of a slip: what was understood, and for which question it will be used.

    `before`: another answer that the question already has. `number`: the row's own in the picture that it was read from.
    """

    question: str
    reading: Reading
    before: Reading | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SlipRead:
    """A lab slip, read back as a table. `skipped`: names on it that the trial does not ask for."""

    rows: tuple[SlipRow, ...]
    skipped: tuple[str, ...] = ()
    event: Literal["slip_read"] = "slip_read"


@dataclass(frozen=True, slots=True)
class SlipRowAsked:
    """One row of the slip is to be typed anew, or picked from its plausible readings."""

    row: SlipRow
    event: Literal["slip_row_asked"] = "slip_row_asked"


@dataclass(frozen=True, slots=True)
class SlipRowTyped:
    """None of the readings of a row is right: its value is to be typed. `{"event": "slip_row_typed", "row": {…}}`."""

    row: SlipRow
    event: Literal["slip_row_typed"] = "slip_row_typed"


@dataclass(frozen=True, slots=True)
class SlipDayAsked:
    """On which day the sample of a photographed slip was taken. `{"event": "slip_day_asked", "days": ["2026-10-03", …]}`.

    `days`: as which the day in the picture can be read; none where there is none in it.
    """

    days: tuple[date, ...]
    event: Literal["slip_day_asked"] = "slip_day_asked"


@dataclass(frozen=True, slots=True)
class SlipDiscarded:
    """The slip is put aside; nothing of it is used. `{"event": "slip_discarded"}`."""

    event: Literal["slip_discarded"] = "slip_discarded"


@dataclass(frozen=True, slots=True)
class PhotoOffered:
    """A photograph of the slip may be sent instead. `{"event": "photo_offered"}`."""

    event: Literal["photo_offered"] = "photo_offered"


@dataclass(frozen=True, slots=True)
class PhotoAwaited:
    """A picture is being read; what is waited for stays as it is. `{"event": "photo_awaited"}`."""

    event: Literal["photo_awaited"] = "photo_awaited"


@dataclass(frozen=True, slots=True)
class PhotoNotRead:
    """`{"event": "photo_not_read", "reason": "no_table"}`.

    `reason`: the reader's or the channel's, `no_tests` where the trial asks for none of the tests in the picture, or
    `not_now` where no slip is taken.
    """

    reason: str
    event: Literal["photo_not_read"] = "photo_not_read"


@dataclass(frozen=True, slots=True)
class PhotoGaps:
    """So many lines of the picture look like results and could not be read. `{"event": "photo_gaps", "lines": 2}`."""

    lines: int
    event: Literal["photo_gaps"] = "photo_gaps"


Event = (
    SlipRead
    | SlipRowAsked
    | SlipRowTyped
    | SlipDayAsked
    | SlipDiscarded
    | PhotoOffered
    | PhotoAwaited
    | PhotoNotRead
    | PhotoGaps
)
