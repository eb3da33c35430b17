"""A day that is named, and the days that numbers can be: years of two digits, the latest such day past, day and month in either order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.criteria.reading import Reason

EARLIEST_YEAR, LATEST_YEAR = 1800, 2100
LEAP_SPAN = 8  # years within which every day of the calendar comes at least once


class Moment(NamedTuple):
    """Parts `start` to `end` (half open) that name a day or a time of day.

    `days`: the days it can be; none for a time of day, or where it names no single day. `reason`: why it is not one day.
    `year_given`: whether the year was. `weekday`: that of a weekday named alone.
    """

    start: int
    end: int
    days: tuple[dt.date, ...] = ()
    reason: Reason | None = None
    year_given: bool = True
    weekday: int | None = None


def valid(year: int, month: int, day: int) -> dt.date | None:
    """The day, if there is one."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def latest_past(month: int, day: int, today: dt.date) -> dt.date | None:
    """The latest such day that is not in the future, if the calendar has it."""
    days = (valid(today.year - back, month, day) for back in range(LEAP_SPAN + 1))
    return next((found for found in days if found and found <= today), None)


def full_year(year: int, today: dt.date) -> int:
    """The latest year past, or this one, that ends in the two digits."""
    century = today.year - today.year % 100
    return century + year if century + year <= today.year else century - 100 + year


def orders(pieces: Sequence[str], today: dt.date) -> Iterator[dt.date | None]:
    """The days that three numbers can be. Two-digit years can stand first or last."""
    one, two, three = (int(piece) for piece in pieces)
    if len(pieces[0]) == 4:
        if EARLIEST_YEAR <= one <= LATEST_YEAR:
            yield valid(one, two, three)
        return
    if len(pieces[2]) == 4:
        if EARLIEST_YEAR <= three <= LATEST_YEAR:
            yield valid(three, one, two)
            yield valid(three, two, one)
        return
    if len(pieces[2]) == 2:
        year = full_year(three, today)
        yield valid(year, one, two)
        yield valid(year, two, one)
    if len(pieces[0]) == 2:
        yield valid(full_year(one, today), two, three)
