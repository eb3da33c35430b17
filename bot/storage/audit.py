"""The record of who signed in, who looked at a contact and who changed an account, as SQL. It is only ever added to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports.storage import AuditLine
from bot.storage.database import transaction
from bot.storage.tables import desk_audit


class SqlAudit:
    """The table behind the `Audit` port. Every method is a transaction of its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, member: str, what: str, reference: str | None, now: datetime) -> None:
        """Note what a member of staff did, and about which referral (or which other member)."""
        row = {"at": now, "member": member, "what": what, "reference": reference}
        async with transaction(self._engine) as connection:
            await connection.execute(insert(desk_audit).values(row))

    async def lines(self, most: int) -> list[AuditLine]:
        """The latest lines, the newest first."""
        query = select(desk_audit).order_by(desk_audit.c.id.desc()).limit(most)
        async with transaction(self._engine) as connection:
            rows = await connection.execute(query)
            return [AuditLine(row.at, row.member, row.what, row.reference) for row in rows]
