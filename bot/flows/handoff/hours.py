"""Office hours: how long working time takes on the calendar of a site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SEARCH_DAYS = 400
"""A site that does not open within so many days counts as one that keeps no hours."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When an office is open on a day: from `start` to `end` (not included), in its own time."""

    start: dt.time
    end: dt.time


USUAL: Mapping[str, Opening] = MappingProxyType({day: Opening(dt.time(9), dt.time(17)) for day in WEEKDAYS[:5]})
"""What is taken where a site names no hours."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The hours of one office. `days`: by weekday; a day that is not named, or a holiday, is closed."""

    timezone: str
    days: Mapping[str, Opening] = field(default_factory=lambda: USUAL)
    holidays: frozenset[dt.date] = frozenset()

    def after(self, moment: dt.datetime, working: dt.timedelta) -> dt.datetime:
        """The moment by which this much office time has passed, in UTC; on an office without hours, simply so much later."""
        left = working
        for start, end in self._spans(moment):
            if end - start >= left:
                return start + left
            left -= end - start
        return moment.astimezone(dt.UTC) + working

    def end_of_day(self, moment: dt.datetime, days: int) -> dt.datetime:
        """When the office closes on the `days`-th day on which it opens after the moment, in UTC."""
        ends = (end for start, end in self._spans(moment) if start > moment)
        last = next((end for count, end in enumerate(ends, 1) if count == days), None)
        return last or moment.astimezone(dt.UTC) + dt.timedelta(days=days)

    def _spans(self, moment: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The open spans from the moment on, in UTC."""
        zone = ZoneInfo(self.timezone)
        first = moment.astimezone(zone).date()
        for days in range(LONGEST_SEARCH_DAYS if self.days else 0):
            day = first + dt.timedelta(days=days)
            opening = self.days.get(WEEKDAYS[day.weekday()])
            if opening is None or day in self.holidays:
                continue
            start = dt.datetime.combine(day, opening.start, zone).astimezone(dt.UTC)
            end = dt.datetime.combine(day, opening.end, zone).astimezone(dt.UTC)
            if end > moment:
                yield max(start, moment.astimezone(dt.UTC)), end
