"""The figures of the prescreening log in words: what a picture of `bot.speech.charts` shows, line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.speech.charts import SERIES, Screened, Words, by_week, steps

PART = "– "


def flow_in_words(people: Sequence[Screened], words: Words) -> str:
    """The flow of people: each step, then those who leave there."""
    lines = (line for step in steps(people, words) for line in (*step.lines, *step.leaving))
    return "\n".join(PART + line.strip() if line.startswith(" ") else line for line in lines)


def weeks_in_words(people: Sequence[Screened], until: dt.date, words: Words) -> str:
    """The last weeks in which anybody was pre-screened, the oldest first."""
    names = [name for name, _ in SERIES]
    lines = (
        words("figures.week", day=f"{monday:%m-%d}", **dict(zip(names, map(str, counts), strict=True)))
        for monday, counts in by_week(people, until)
        if any(counts)
    )
    return "\n".join([words("chart.weekly.title"), *lines])
