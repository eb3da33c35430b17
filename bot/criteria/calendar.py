"""Ages in calendar months, as a clinic counts them."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

MONTHS_A_YEAR = 12


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later; in a month that lacks the day, that month's last day."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    month += 1
    return dt.date(year, month, min(day.day, monthrange(year, month)[1]))
