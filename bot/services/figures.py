"""Figures of the prescreening log for chats of staff: counted and drawn beside the turns, and said once.

A chat that asks gets a timer, due at once. Only the turn that says the figures stops it, so that they outlive a crash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import structlog

from bot.errors import Mendable
from bot.flows.handoff.figures import Wanted
from bot.flows.inputs import FIGURES, FigureDrawn, FiguresDrawn, TimerFired
from bot.ports import Clock, Inbound
from bot.services.logbook import LogStore
from bot.services.statistics import screened
from bot.services.talk import Subject, site_name, sites_of
from bot.speech.catalogue import Catalogue
from bot.speech.charts import Figure, Screened, flow, weekly
from bot.speech.charts_png import png
from bot.speech.figures import flow_in_words, weeks_in_words

log = structlog.get_logger()


class Figures:
    """Stands between the timers and the turns (`take`): a timer of figures is handed on as the figures.

    `subjects`: the trials there are, by their ids. One chat's figures are drawn at a time.
    """

    def __init__(
        self,
        store: LogStore,
        clock: Clock,
        subjects: Mapping[str, Subject],
        take: Callable[[Inbound], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._subjects = subjects
        self._take = take
        self._common = Catalogue()
        self._one = asyncio.Lock()

    async def take(self, inbound: Inbound) -> None:
        """Take an input. Raises `Mendable` where the store cannot be used: the timer is fired again."""
        entry = inbound.input
        if isinstance(entry, TimerFired) and entry.timer == FIGURES and entry.payload:
            wanted = Wanted.model_validate_json(entry.payload)
            async with self._one:
                figures = await self._figures(wanted)
            inbound = replace(inbound, input=FiguresDrawn(figures, wanted.site, entry.due))
        await self._take(inbound)

    async def _figures(self, wanted: Wanted) -> tuple[FigureDrawn, ...]:
        """The flow of people, and the last weeks; one line where there was nobody yet."""
        people = screened(await self._store.log_lines(), wanted.site)
        words, today = partial(self._common.text, wanted.locale), self._clock.now().date()
        whose = site_name(self._subjects, wanted.locale, wanted.site) if wanted.site else words("figures.all")
        if not people:
            return (FigureDrawn(words("figures.none", site=whose)),)
        lines = [words("figures.head", site=whose), flow_in_words(people, words)]
        if wanted.site is None:
            lines.append(words("figures.one", sites=", ".join(sites_of(self._subjects))))
        return (
            FigureDrawn("\n".join(lines), await self._drawn(partial(self._flow, people), wanted.locale)),
            FigureDrawn(
                weeks_in_words(people, today, words),
                await self._drawn(partial(self._weekly, people, today), wanted.locale),
            ),
        )

    def _flow(self, people: Sequence[Screened], locale: str) -> Figure:
        return flow(people, partial(self._common.text, locale))

    def _weekly(self, people: Sequence[Screened], today: date, locale: str) -> Figure:
        return weekly(people, today, partial(self._common.text, locale))

    @staticmethod
    async def _drawn(make: Callable[[str], Figure], locale: str) -> bytes | None:
        """The picture; None where it cannot be drawn: the words say the same."""
        try:
            return await asyncio.to_thread(png, make, locale)
        except Mendable:
            return None
        except Exception as error:  # noqa: BLE001 - whatever fails in drawing, the counts are told
            log.warning("a figure is not drawn", error=type(error).__name__)
            return None
