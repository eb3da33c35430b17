"""The prescreening log as people take it away: lines as rows, filtered, and written as CSV, JSON or a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from bot.errors import Mendable
from bot.ports import LogLine
from bot.services.worklist import READERS, NotForYou, Viewer

COLUMNS = ("id", "date", "trial", "site", "source", "verdict", "first_failing", "failing", "outcome")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, or drops before it does."""

Row = dict[str, str]


class NoWorkbooks(Mendable):
    """What writes workbooks is not installed."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines of the log are wanted; None where all are. `since` and `until` are days, both within."""

    since: dt.date | None = None
    until: dt.date | None = None
    site: str | None = None
    verdict: str | None = None

    def takes(self, line: LogLine) -> bool:
        """Whether a line is wanted."""
        screened, day = line.prescreening, line.at.date()
        return (
            (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and self.site in (None, screened.site)
            and self.verdict in (None, screened.verdict)
        )


class LogStore(Protocol):
    """Where the log is kept."""

    async def log_lines(self) -> list[LogLine]:
        """The log, the oldest line first."""
        ...


class Logbook:
    """Shows the log to those who work with referrals, each their own site's lines."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    async def lines(self, viewer: Viewer, wanted: LogFilter) -> list[LogLine]:
        """The lines that are wanted, the oldest first. Raises `NotForYou`."""
        if viewer.role not in READERS:
            raise NotForYou
        if viewer.site is not None:
            wanted = replace(wanted, site=viewer.site)
        return [line for line in await self._store.log_lines() if wanted.takes(line)]


def rows_of(lines: Iterable[LogLine]) -> list[Row]:
    """The lines as rows under `COLUMNS`."""
    return [_row(line) for line in lines]


def _row(line: LogLine) -> Row:
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


def as_csv(rows: Sequence[Row]) -> bytes:
    """The rows as CSV in UTF-8, with the names of the columns first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row.values()] for row in rows)
    return text.getvalue().encode()


def as_json(rows: Sequence[Row]) -> bytes:
    """The rows as a JSON list of objects."""
    return (json.dumps(rows, ensure_ascii=False) + "\n").encode()


def as_xlsx(rows: Sequence[Row]) -> bytes:
    """A workbook whose cells are all text. Raises `NoWorkbooks` where the extra is not installed."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise NoWorkbooks("--format xlsx: install the extra `xlsx`: prescreen-bot[xlsx].") from None
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Prescreening log")
        for number, cells in enumerate([COLUMNS, *(tuple(row.values()) for row in rows)]):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    return content.getvalue()


WRITERS: Mapping[str, Callable[[Sequence[Row]], bytes]] = MappingProxyType(
    {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}
)
"""How the log is written, by the kind of file."""
