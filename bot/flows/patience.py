"""How long the bot waits, and the timers that a turn sets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.record import record


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, counted from what the person did last. No reminder is sent in the quiet hours of the sites.

    With `quiet_from` equal to `quiet_until` there are none.
    """

    reminders: tuple[dt.timedelta, ...] = (dt.timedelta(hours=24), dt.timedelta(hours=72))
    expiry: dt.timedelta = dt.timedelta(days=30)
    quiet_from: dt.time = dt.time(21)
    quiet_until: dt.time = dt.time(8)

    def awake(self, moment: dt.datetime, timezone: str) -> dt.datetime:
        """The moment, or the end of the quiet hours that it falls into."""
        there = moment.astimezone(ZoneInfo(timezone))
        if not self._quiet(there.time()):
            return moment
        end = there.replace(hour=self.quiet_until.hour, minute=self.quiet_until.minute, second=0, microsecond=0)
        if there.time() >= self.quiet_until:
            end += dt.timedelta(days=1)
        return end.astimezone(dt.UTC)

    def _quiet(self, time: dt.time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= time < self.quiet_until
        return time >= self.quiet_from or time < self.quiet_until


@record
class Alarm:
    """A timer to be set, or (`due` None) taken back. `payload`: what it carries until then."""

    timer: str
    due: dt.datetime | None
    payload: str = ""
