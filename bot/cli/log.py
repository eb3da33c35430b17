"""`prescreen log`: what came of every screening, as rows or as figures."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.ports import LogLine
    from bot.settings import Settings
    from bot.speech.charts import Figure

TABLES, PICTURES = ("csv", "xlsx", "json"), ("svg", "png")
FIGURES = ("flow", "weekly")


@click.command
@click.option("--format", "kind", type=click.Choice([*TABLES, *PICTURES]), default="csv", show_default=True)
@click.option("--figure", type=click.Choice(FIGURES), default="flow", show_default=True, help="What svg and png show.")
@click.option("--lang", default="en", show_default=True, help="The language of a figure.")
@click.option("--output", type=click.Path(path_type=Path), help="A file to write; xlsx needs one.")
def command(*, kind: str, figure: str, lang: str, output: Path | None) -> None:
    """Print the prescreening log: one line a screening that came to a verdict, without anybody's identity.

    As svg or png it is a figure: the flow of people down to their referrals, or how many came in each of the last weeks.

    \b
    Examples:
      prescreen log --format json
      prescreen log --format xlsx --output log.xlsx
      prescreen log --format svg --output flow.svg
      prescreen log --format png --figure weekly --output weekly.png
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    from bot.settings import load_settings

    if kind == "xlsx" and output is None:
        raise click.UsageError("--format xlsx needs a file: name it with --output.")
    lines = asyncio.run(_lines(load_settings()))
    _write(_picture(lines, kind, figure, lang) if kind in PICTURES else _table(lines, kind), output)


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"--output: {output} cannot be written ({error.strerror}).") from error


async def _lines(settings: Settings) -> list[LogLine]:
    from bot.bootstrap import stored

    async with stored(settings) as store:
        return await store.log_lines()


def _table(lines: Sequence[LogLine], kind: str) -> bytes:
    """The log as rows."""
    from bot.services.logbook import WRITERS, rows_of

    return WRITERS[kind](rows_of(lines))


def _picture(lines: Sequence[LogLine], kind: str, figure: str, lang: str) -> bytes:
    """A figure of the log."""
    from bot.speech.catalogue import known_language
    from bot.speech.charts import svg
    from bot.speech.charts_png import png

    locale = known_language(lang)
    if locale is None:
        raise click.UsageError(f"--lang: there is no language `{lang}`: give en, es or zh.")
    make = _figure(lines, figure)
    return svg(make(locale)).encode() if kind == "svg" else png(make, locale)


def _figure(lines: Sequence[LogLine], figure: str) -> Callable[[str], Figure]:
    """Lays the figure out in a language."""
    from functools import partial

    from bot.clock import SystemClock
    from bot.services.statistics import screened
    from bot.speech.catalogue import Catalogue
    from bot.speech.charts import flow, weekly

    people, today, common = screened(lines), SystemClock().now().date(), Catalogue()

    def make(locale: str) -> Figure:
        words = partial(common.text, locale)
        return flow(people, words) if figure == "flow" else weekly(people, today, words)

    return make
