"""Two bots on one PostgreSQL: one is killed under load, and the other takes over."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

from bot.storage.opening import open_store
from tests.crash.forms import Forms
from tests.crash.kills import KEY
from tests.crash.lab import differences
from tests.crash.lives import Nursery, Worker, nursery
from tests.crash.model import LIVED, Person
from tests.postgres import PostgresServer

CHATS = 24
ANSWERS = 60  # of each, before and after the kill together
LEASE = 2.0  # seconds; thirty by default
TAKEN_OVER_IN = 60.0  # seconds, at most


class Balanced:
    """People whose inputs reach one of two bots, as it happens, the next once the last is acknowledged."""

    def __init__(self) -> None:
        forms = Forms()
        self.people = {f"form-{i}": Person(f"form-{i}", forms) for i in range(CHATS)}
        self.alive: list[Worker] = []
        self.said: list[dict[str, Any]] = []
        self._chance = random.Random(9)  # noqa: S311 - nothing secret

    async def serve(self, worker: Worker) -> None:
        """Listen to a bot until it has ended; what it has not acknowledged then goes to the other."""
        self.alive.append(worker)
        async for line in worker.lines():
            if "said" in line:
                self.said.append(line)
            else:
                self.people[line["taken"]].acknowledge(int(line["id"]))
                self.go_on(self.people[line["taken"]])
        self.alive.remove(worker)
        for person in self.people.values():
            self.go_on(person)

    def go_on(self, person: Person) -> None:
        """Give the input that is not acknowledged yet, or the next."""
        if person.acknowledged == len(person.inputs) < ANSWERS:
            person.speak()
        if self.alive and person.acknowledged < len(person.inputs):
            self._chance.choice(self.alive).give(person.inputs[person.acknowledged])

    async def heard(self) -> None:
        """Wait until every message that is owed has come."""
        while not all(self._all_said(person) for person in self.people.values()):
            await asyncio.sleep(0.05)

    def _all_said(self, person: Person) -> bool:
        numbers = {line["number"] for line in self.said if line["said"] == person.chat}
        return person.acknowledged == ANSWERS and len(numbers) == len(person.owed)

    def judge(self) -> None:
        """Let everybody hear what was said, in the order in which it was."""
        for line in sorted(self.said, key=lambda line: int(line["at"])):
            self.people[line["said"]].hear(line["number"], line["text"])


async def _start(nest: Nursery, environment: dict[str, str]) -> Worker:
    worker = await nest.start(environment)
    assert worker is not None
    return worker


async def test_another_process_takes_over_what_a_killed_one_held(postgres: PostgresServer, tmp_path: Path) -> None:
    """Within a minute all is said: nothing lost, in order in each chat, though both talked to everybody."""
    database = postgres.new_database()
    own = {"DATABASE": database, "KEY": KEY, "TAKEOVER_SECONDS": str(LEASE)}
    environment = {f"PRESCREEN_{name}": value for name, value in own.items()}
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    people = Balanced()
    async with nursery(tmp_path / "first") as one, nursery(tmp_path / "second") as other:
        first, second = await _start(one, environment), await _start(other, environment)
        serving = [asyncio.create_task(people.serve(worker)) for worker in (first, second)]
        await asyncio.sleep(0)
        for person in people.people.values():
            people.go_on(person)
        while sum(person.acknowledged for person in people.people.values()) < CHATS * ANSWERS / 3:
            await asyncio.sleep(0.01)
        first.kill()
        async with asyncio.timeout(TAKEN_OVER_IN):
            await people.heard()
        second.hang_up()
        await asyncio.gather(*serving)
        assert (await one.ended(), await other.ended()) == (-9, 0)
    people.judge()
    assert not any(person.faults for person in people.people.values())
    async with open_store(database, KEY, LIVED) as store:
        assert not +await differences(store, people.people.values())
    assert max(person.repeats for person in people.people.values()) <= 1
