"""Checking the whole database against itself: every field at its place, every input in the journal, every step possible.

What a look from inside cannot find is said in docs/data.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, exists, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.stages import ENDED, Action, IllegalStepError, Stage, step
from bot.ports.storage import Cipher, Tampered
from bot.storage.referrals import WITHDRAWN
from bot.storage.sealed import SEALED, SealedColumn, fields
from bot.storage.tables import inbox, journal, outbox, referral_steps, referrals, sessions

SHOWN = 20  # faults that are told one by one
MARKS = ("timer:%", "told-%")
"""Ids in the inbox that stand for nothing a person did: timers, and what a chat was told once."""


@dataclass
class Verified:
    """What a check came to. `checked`: how much there was of each kind; `faults`: the same; `first`: where, for some."""

    checked: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)

    def fault(self, kind: str, place: str) -> None:
        """Note one. `place`: a table and a key, nothing of what is kept there."""
        self.faults[kind] += 1
        if len(self.first) < SHOWN:
            self.first.append(f"{kind}: {place}")


async def verify(connection: AsyncConnection, cipher: Cipher) -> Verified:
    """Check everything; nothing is changed."""
    found = Verified()
    for sealed in SEALED:
        await _check_fields(connection, cipher, sealed, found)
    await _check_journal(connection, found)
    await _check_numbers(connection, found)
    await _check_steps(connection, found)
    return found


async def _check_fields(connection: AsyncConnection, cipher: Cipher, sealed: SealedColumn, found: Verified) -> None:
    """Whether each field opens at its place: neither altered, nor moved, nor under another key."""
    key = list(sealed.table.primary_key)
    async for rows in fields(connection, sealed):
        found.checked["fields"] += len(rows)
        for row in rows:
            try:
                cipher.decrypt(row[sealed.column], sealed.context(row))
            except Tampered:
                place = " ".join(str(row[column]) for column in key)
                found.fault("a field does not open at its place", f"{sealed.name} {place}")


async def _check_journal(connection: AsyncConnection, found: Verified) -> None:
    """Whether each entry tells of an input that was taken, and each input since a chat's first entry has one.

    Before its first entry a chat's journal may have been erased or purged.
    """
    found.checked["journal entries"] = (
        await connection.execute(select(func.count()).select_from(journal))
    ).scalar_one()
    same = and_(*(journal.c[name] == inbox.c[name] for name in ("channel", "chat", "message_id")))
    taken = exists().where(same)
    for number in (await connection.execute(select(journal.c.id).where(~taken).order_by(journal.c.id))).scalars():
        found.fault("a journal entry tells of no input", f"journal {number}")
    first = (
        select(inbox.c.channel, inbox.c.chat, func.min(inbox.c.id).label("id"))
        .where(exists().where(same))
        .group_by(inbox.c.channel, inbox.c.chat)
        .subquery()
    )
    of_chat = and_(inbox.c.channel == first.c.channel, inbox.c.chat == first.c.chat, inbox.c.id > first.c.id)
    done = [~inbox.c.message_id.like(mark) for mark in MARKS]
    missing = select(inbox.c.id).join(first, of_chat).where(inbox.c.error == null(), *done, ~exists().where(same))
    for number in (await connection.execute(missing.order_by(inbox.c.id))).scalars():
        found.fault("an input is missing from the journal", f"inbox {number}")


async def _check_numbers(connection: AsyncConnection, found: Verified) -> None:
    """Whether no message has a number that its chat has not come to."""
    of_chat = and_(sessions.c.channel == outbox.c.channel, sessions.c.chat == outbox.c.chat)
    counted = exists().where(of_chat, sessions.c.said >= outbox.c.number)
    query = select(outbox.c.channel, outbox.c.chat, outbox.c.number).where(~counted).order_by(*outbox.primary_key)
    for row in await connection.execute(query):
        found.fault("a message has a number that was never given", f"outbox {' '.join(map(str, row))}")


async def _check_steps(connection: AsyncConnection, found: Verified) -> None:
    """Whether each referral came to where it stands by steps that were possible."""
    columns = (referral_steps.c.reference, referral_steps.c.action, referral_steps.c.stage)
    courses: dict[str, list[tuple[str, str]]] = {}
    for row in await connection.execute(select(*columns).order_by(referral_steps.c.id)):
        courses.setdefault(row.reference, []).append((row.action, row.stage))
    rows = (await connection.execute(select(referrals.c.reference, referrals.c.state, referrals.c.first))).all()
    states = {row.reference: row.state for row in rows}
    found.checked |= Counter({"referrals": len(states), "referral steps": sum(map(len, courses.values()))})
    for reference in sorted(courses.keys() - states.keys()):
        found.fault("steps of a referral that is not there", reference)
    for row in rows:
        if row.first is not None and Action.REPEAT not in {action for action, _ in courses.get(row.reference, [])}:
            found.fault("a repeat that no step made one", row.reference)
    for reference, state in sorted(states.items()):
        course = courses.get(reference, [])
        if not follows(course):
            found.fault("a step that was not possible", reference)
        elif state not in {WITHDRAWN, course[-1][1] if course else Stage.REQUESTED}:
            found.fault("a referral stands elsewhere than its last step led", reference)


def follows(course: Sequence[tuple[str, str]]) -> bool:
    """Whether each step of a referral, as action and stage, leads on from the one before (`bot.flows.handoff.stages`)."""
    stages = [Stage.REQUESTED]
    try:
        for action, stage in course:
            stages = _after(stages, Action(action))
            if stages[-1] != stage:
                return False
    except (IllegalStepError, ValueError, IndexError):
        return False
    return True


def _after(stages: Iterable[Stage], action: Action) -> list[Stage]:
    """The stages that a referral has come through, after one more step; an undone one is taken back."""
    before = list(stages)
    if action is Action.UNDO:
        before.pop()
        return before
    if action is Action.RENEW and before[-1] in ENDED:
        return [Stage.REQUESTED]
    if action is Action.PROMOTE:
        return [step(before[-1], action)]
    if action in {Action.NOTE, Action.LOOK, Action.RENEW, Action.ASK}:
        return before
    if before[-1] is Stage.WITHDRAWN:  # withdrawn, and asked for anew
        before = [Stage.REQUESTED]
    return [*before, step(before[-1], action)]
