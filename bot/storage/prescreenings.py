"""The prescreening log as rows: written in the transaction of the turn that told a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Executable, case, select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.stages import Stage
from bot.ports import LogLine, Prescreening, Turn
from bot.storage.database import insert_into
from bot.storage.ready import Ready
from bot.storage.tables import prescreenings, referrals

CHANGES = ("verdict", "failing", "site", "reference")
"""What a later turn of the same screening may change; its date stays that of the first verdict."""


def _note(dialect: Dialect) -> Executable:
    """A line of the log, or what has changed of it."""
    insert = insert_into(dialect, prescreenings)
    changed = {name: insert.excluded[name] for name in CHANGES}
    return insert.on_conflict_do_update(index_elements=[prescreenings.c.id], set_=changed)


_NOTE = Ready(_note, tuple(prescreenings.c.keys()))


async def note_prescreenings(connection: AsyncConnection, turns: Sequence[Turn], now: datetime) -> None:
    """Put what came of screenings into the log; the last word on each counts."""
    rows = {each.id: _row(each, now) for turn in turns if (each := turn.prescreening) is not None}
    await _NOTE.write(connection, list(rows.values()))


def _row(prescreening: Prescreening, now: datetime) -> dict[str, object]:
    return {
        "id": prescreening.id,
        "at": now,
        "trial": prescreening.trial,
        "verdict": prescreening.verdict,
        "failing": " ".join(prescreening.failing),
        "source": prescreening.source,
        "site": prescreening.site,
        "reference": prescreening.reference,
    }


async def log_lines(connection: AsyncConnection) -> list[LogLine]:
    """The log, the oldest line first. The outcome of a repeat is that it is one: what comes of it stands with the first."""
    repeats = referrals.c.first.is_not(None)
    outcome = case((repeats, Stage.REPEATED.value), else_=referrals.c.state).label("outcome")
    joined = prescreenings.outerjoin(referrals, referrals.c.reference == prescreenings.c.reference)
    query = select(prescreenings, outcome).select_from(joined).order_by(prescreenings.c.at, prescreenings.c.id)
    return [
        LogLine(
            Prescreening(
                row.id, row.trial, row.verdict, tuple(row.failing.split()), row.source, row.site, row.reference
            ),
            row.at,
            row.outcome,
        )
        for row in await connection.execute(query)
    ]
