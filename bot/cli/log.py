"""`prescreen log`: what came of every screening."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.ports import LogLine
    from bot.settings import Settings

COLUMNS = ("id", "date", "trial", "site", "source", "verdict", "first_failing", "failing", "outcome")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, or drops before it does."""


@click.command
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "json", "svg"]), default="csv", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="A file to write; xlsx needs one.")
def command(*, kind: str, output: Path | None) -> None:
    """Print the prescreening log: one line a screening that came to a verdict, without anybody's identity.

    \b
    Examples:
      prescreen log --format json
      prescreen log --format xlsx --output log.xlsx
      prescreen log --format svg --output flow.svg
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    from bot.settings import load_settings

    if kind == "xlsx" and output is None:
        raise click.UsageError("--format xlsx needs a file: name it with --output.")
    rows = [_row(line) for line in asyncio.run(_lines(load_settings()))]
    content = {"csv": _csv, "xlsx": _xlsx, "json": _json, "svg": _svg}[kind](rows)
    if output is None:
        click.echo(content.decode(), nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"--output: {output} cannot be written ({error.strerror}).") from error


async def _lines(settings: Settings) -> list[LogLine]:
    from bot.bootstrap import stored

    async with stored(settings) as store:
        return await store.log_lines()


def _row(line: LogLine) -> dict[str, str]:
    screened = line.prescreening
    cells = (
        screened.id,
        line.at.date().isoformat(),
        screened.trial,
        screened.site or "",
        screened.source or "",
        screened.verdict,
        screened.failing[0] if screened.failing else "",
        " ".join(screened.failing),
        line.outcome or "",
    )
    return dict(zip(COLUMNS, cells, strict=True))


def harmless(cell: str) -> str:
    """The cell, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _csv(rows: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row.values()] for row in rows)
    return text.getvalue().encode()


def _json(rows: Sequence[dict[str, str]]) -> bytes:
    return (json.dumps(rows, ensure_ascii=False) + "\n").encode()


def _svg(rows: Sequence[dict[str, str]]) -> bytes:
    """A flow chart of who was assessed, left out and referred."""
    from bot.cli.flowchart import svg

    return svg(rows).encode()


def _xlsx(rows: Sequence[dict[str, str]]) -> bytes:
    """A workbook whose cells are all text. Fails where the extra is not installed."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise click.UsageError("--format xlsx: install the extra `xlsx`: prescreen-bot[xlsx].") from None
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Prescreening log")
        for number, cells in enumerate([COLUMNS, *(tuple(row.values()) for row in rows)]):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    return content.getvalue()
