"""What a turn costs does not grow with what is stored."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.flows.inputs import Reply, TimerFired
from bot.ports import Address, Inbound, Scope
from bot.services.delivery import Delivery
from bot.services.turns import Turns
from bot.storage import one_hop
from bot.storage.opening import open_store
from tests.integration.conftest import KEY, Recorder, apologise, keep_replies

PLANNED = ("SELECT", "UPDATE", "DELETE")
WHOLE_TABLES = ("SCAN inbox", "SCAN sessions", "SCAN journal", "SCAN outbox", "SCAN timers")


async def test_no_statement_of_a_turn_reads_a_whole_table(
    tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite finds all rows of a batch, of its messages and of its timers by an index."""
    statements: dict[str, Any] = {}

    def noting(name: str) -> Callable[..., Any]:
        """The function of that name, by which all statements are done, noting what it is given."""
        done = getattr(one_hop, name)

        def note(connection: sqlite3.Connection, statement: str, parameters: Any) -> Any:
            if statement.startswith(PLANNED):
                statements[statement] = parameters[0] if isinstance(parameters, list) else parameters
            return done(connection, statement, parameters)

        return note

    async with open_store(str(tmp_path / "prescreen.db"), KEY, clock.now()) as store:
        for name in ("_execute", "_execute_many"):
            monkeypatch.setattr(one_hop, name, noting(name))
        delivery = Delivery(store, {"test": Recorder()}, clock)
        turns = Turns(store, keep_replies, apologise, clock, delivery.hand_over, marking=delivery.marking)
        jobs = [asyncio.create_task(job) for job in (delivery.run(), turns.run())]
        for text in ("hello", "remind me", "never mind", "forget me"):
            await asyncio.gather(
                *(turns.take(Inbound(Address("test", f"chat{i}"), text, Reply(text))) for i in range(20))
            )
        await turns.take(Inbound(Address("test", "chat1"), "late", TimerFired("nudge", clock.now())))
        await delivery.settle()
        await delivery.sweep()
        await store.renew([Address("test", "chat1")], clock.now())
        await store.due_timers(Scope(("test",)), clock.now(), 10)
        for job in jobs:
            job.cancel()
        monkeypatch.undo()
        assert len(statements) > 10
        async with store._engine.begin() as connection:
            for statement, parameters in statements.items():
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters))
                steps = [row[3] for row in plan]
                assert not any(step.startswith(WHOLE_TABLES) for step in steps), (statement, steps)
