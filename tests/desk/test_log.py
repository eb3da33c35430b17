"""The prescreening log at the desk: each site its own lines, filtered, and taken away without harm."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from bot.flows.handoff.people import Role
from bot.ports import LogLine, Prescreening
from bot.services.logbook import Logbook, LogFilter, as_csv, rows_of
from bot.services.worklist import NotForYou, Viewer

DAY = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


class Kept:
    """A log of three lines, a day apart, at two sites."""

    async def log_lines(self) -> list[LogLine]:
        """The lines."""
        told = (("a", "haikou", "not_yet"), ("b", "shenzhen", "likely_eligible"), ("c", "haikou", "likely_eligible"))
        return [
            LogLine(Prescreening(id_, "4scar7u", verdict, site=site, source="=1+1"), DAY + dt.timedelta(days=n), None)
            for n, (id_, site, verdict) in enumerate(told)
        ]


async def ids(viewer: Viewer, wanted: LogFilter) -> str:
    """The ids of the lines that are shown."""
    return "".join(line.prescreening.id for line in await Logbook(Kept()).lines(viewer, wanted))


async def test_a_coordinator_sees_the_own_site_whatever_is_asked_for() -> None:
    """The filter narrows down what the role allows, and never widens it."""
    coordinator = Viewer("m", Role.COORDINATOR, "haikou")
    assert await ids(coordinator, LogFilter()) == "ac"
    assert await ids(coordinator, LogFilter(site="shenzhen")) == "ac"
    manager = Viewer("m", Role.MANAGER, None)
    assert await ids(manager, LogFilter()) == "abc"
    assert await ids(manager, LogFilter(site="shenzhen")) == "b"
    assert await ids(manager, LogFilter(since=DAY.date() + dt.timedelta(days=1), verdict="likely_eligible")) == "bc"
    assert await ids(manager, LogFilter(until=DAY.date())) == "a"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STAFF])
async def test_who_does_not_work_with_referrals_gets_no_log(role: Role) -> None:
    """Refused by the service, whatever page asks."""
    with pytest.raises(NotForYou):
        await Logbook(Kept()).lines(Viewer("m", role, None), LogFilter())


async def test_no_cell_of_a_file_is_a_formula() -> None:
    """A source that begins as a formula does stays text in a spreadsheet."""
    rows = list(csv.DictReader(io.StringIO(as_csv(rows_of(await Kept().log_lines())).decode())))
    assert {row["source"] for row in rows} == {"'=1+1"}
