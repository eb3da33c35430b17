"""What the figures of the prescreening log are drawn from."""

from __future__ import annotations

from collections.abc import Sequence

from bot.flows.handoff.stages import Stage
from bot.ports import LogLine
from bot.speech.charts import Screened


def screened(lines: Sequence[LogLine], site: str | None = None) -> list[Screened]:
    """The screenings of the log, of one site where it is given. The day of each is that of its first verdict, in UTC.

    Who asked again in another conversation is counted once, with the first.
    """
    return [
        Screened(
            line.at.date(),
            line.prescreening.verdict,
            line.prescreening.failing[0] if line.prescreening.failing else "",
            line.outcome or "",
        )
        for line in lines
        if line.outcome != Stage.REPEATED and (site is None or line.prescreening.site == site)
    ]
