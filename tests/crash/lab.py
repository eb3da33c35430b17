"""The lab: people write, the bot is killed and started again, and all that it owes is held against the model."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select

from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from bot.storage.tables import UNSAID, inbox, journal, outbox, referrals
from tests.crash.forms import SCREENING, Forms, timeless
from tests.crash.kills import KEY, MOMENTS, RANDOM, START, Bot, Figures
from tests.crash.lives import Nursery, Worker
from tests.crash.model import LIVED, Person

FORMS, SCREENINGS = 6, 2  # chats of each kind
AT_ONCE = 3  # inputs that a person has under way
UNHEARD = (
    20  # messages owed to a person who writes nothing before hearing some: else more is owed than short lives can say
)
LONGEST_LIFE = 0.12  # seconds after which a worker is killed that was not killed before
LONGEST_TO_A_FAILPOINT = 8 * LONGEST_LIFE
LATEST_PASSING = 15  # of a failpoint
SHARE_AT_START, SHARE_AT_RANDOM, SHARE_REPEATED = 0.1, 0.5, 0.05
RETRY_SECONDS = 0.05  # after which an input that the bot could not take is given again


@dataclass
class Repeats(Figures):
    """What came of a run. `most_repeats`: how often a message came again in one chat at one kill, at most."""

    most_repeats: int = 0

    @property
    def repeated(self) -> str:
        """The repeats in words."""
        return f"{self.repeats} repeated (at most {self.most_repeats} in one chat at one kill)"


class Lab:
    """People who write to one bot at a time on one database. The same `seed` makes the same plan.

    `at_once`: how many inputs each has under way; where the bot may refuse some, only one keeps them in order.
    """

    def __init__(self, database: str, nursery: Nursery, *, seed: int, at_once: int = AT_ONCE) -> None:
        self.figures = Repeats()
        self.bot = Bot(database, nursery, self.figures)
        self._database = database
        self._chance = random.Random(seed)  # noqa: S311 - nothing secret
        talk = Forms()
        names = [f"form-{i}" for i in range(FORMS)] + [f"{SCREENING}-{i}" for i in range(SCREENINGS)]
        self.people = {name: Person(name, talk) for name in names}
        self.refused = 0
        self._at_once = at_once

    @property
    def settled(self) -> bool:
        """Whether everybody has got all that they are owed."""
        return all(person.settled for person in self.people.values())

    async def kill(self, times: int) -> None:
        """Let the bot live and be killed so many times."""
        for _ in range(times):
            roll = self._chance.random()
            if roll < SHARE_AT_START:
                await self._live(START, kill_after=self._chance.uniform(0, LONGEST_LIFE / 2))
            elif roll < SHARE_AT_RANDOM:
                await self._live(RANDOM, seconds=self._chance.uniform(0, LONGEST_LIFE))
            else:
                moment, passing = self._chance.choice(MOMENTS), self._chance.randint(1, LATEST_PASSING)
                await self._live(moment, passing=passing, seconds=LONGEST_TO_A_FAILPOINT)

    async def _live(
        self, moment: str, *, passing: int = 0, kill_after: float | None = None, seconds: float = LONGEST_LIFE
    ) -> None:
        before = {name: person.repeats for name, person in self.people.items()}
        await self.bot.live(self.serve, moment, seconds=seconds, passing=passing, kill_after=kill_after)
        for name, person in self.people.items():
            repeated = person.repeats - before[name]
            self.figures.most_repeats = max(self.figures.most_repeats, repeated)
            self.figures.faults["repeated more than once at a kill"] += repeated > 1

    async def finish(self) -> Repeats:
        """One last life, in which all that is owed comes; then hold everything against the model. What came of it."""
        await self.bot.live_on(partial(self.serve, to_the_end=True))
        await self._compare()
        return self.figures

    async def serve(self, worker: Worker, *, to_the_end: bool = False) -> None:
        """Write and listen while the worker lives; to the end, until all that was said before is settled."""
        for person in self.people.values():
            self._write(worker, person, more=not to_the_end)
        if to_the_end and self.settled:
            worker.hang_up()
        async for line in worker.lines():
            self._note(worker, line, more=not to_the_end)
            if to_the_end and self.settled:
                worker.hang_up()

    def _write(self, worker: Worker, person: Person, *, more: bool) -> None:
        """Give again all that was not acknowledged, in order, as a channel does; then more."""
        for inbound in person.inputs[person.acknowledged :]:
            worker.give(inbound)
        self._go_on(worker, person, more=more)

    def _write_on(self, worker: Worker, person: Person) -> None:
        while len(person.inputs) < person.acknowledged + self._at_once and len(person.owed) < person.heard + UNHEARD:
            worker.give(person.speak())

    def _go_on(self, worker: Worker, person: Person, *, more: bool) -> None:
        if more:
            self._write_on(worker, person)
        if person.inputs and self._chance.random() < SHARE_REPEATED:
            worker.give(self._chance.choice(person.inputs[: person.acknowledged + 1]))

    def _note(self, worker: Worker, line: dict[str, str], *, more: bool) -> None:
        match line:
            case {"said": chat, "number": number, "text": text}:
                self.people[chat].hear(int(number), text)
                if more:
                    self._write_on(worker, self.people[chat])
            case {"taken": chat, "id": number}:
                self.people[chat].acknowledge(int(number))
                self._go_on(worker, self.people[chat], more=more)
            case {"refused": chat, "id": number}:
                self.refused += 1
                refused = self.people[chat].inputs[int(number)]
                asyncio.get_running_loop().call_later(RETRY_SECONDS, worker.give, refused)

    async def _compare(self) -> None:
        """Hold what is stored against the model."""
        async with open_store(self._database, KEY, LIVED) as store:
            for name, count in (await differences(store, self.people.values())).items():
                self.figures.faults[name] += count
        for person in self.people.values():
            self.figures.faults += person.faults
            self.figures.inputs += len(person.inputs)
            self.figures.messages += len(person.owed)
            self.figures.repeats += person.repeats
        self.figures.settle()


async def differences(store: SqlStore, people: Iterable[Person]) -> Counter[str]:
    """What is stored and should not be so, or is not and should be, each with its count."""
    found: Counter[str] = Counter()
    async with store.transaction() as transaction:
        stored = await transaction.sessions([person.address for person in people])
    async with store._engine.begin() as connection:
        for table, what in ((inbox, "noted"), (journal, "applied")):
            counts = dict((await connection.execute(select(table.c.chat, func.count()).group_by(table.c.chat))).all())
            for person in people:
                found[f"inputs not {what}"] += max(0, len(person.inputs) - counts.get(person.chat, 0))
                found[f"inputs {what} twice"] += max(0, counts.get(person.chat, 0) - len(person.inputs))
        left = select(func.count()).select_from(outbox).where(UNSAID | outbox.c.dead.is_not(None))
        found["messages left"] += (await connection.execute(left)).scalar_one()
        made = set((await connection.execute(select(referrals.c.reference))).scalars())
    found["referrals that differ"] += len(made ^ {one for person in people for one in person.referrals})
    for person in people:
        session = stored[person.address].session if person.address in stored else None
        found["sessions that differ"] += timeless(session) != timeless(person.session)
        found["messages lost"] += len(person.owed) - person.heard
        found["inputs lost"] += len(person.inputs) - person.acknowledged
    return found


async def run(database: str, nest: Nursery, kills: int, seed: int) -> Figures:
    """Kill the bot so many times while people write to it. The same seed plans the same kills."""
    lab = Lab(database, nest, seed=seed)
    await lab.kill(kills)
    return await lab.finish()
