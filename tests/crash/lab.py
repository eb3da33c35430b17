"""The lab: people write, the bot is killed and started again, and all that it owes is held against the model."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from bot.storage.tables import UNSAID, inbox, journal, outbox, referrals
from tests.crash.forms import SCREENING, Forms, timeless
from tests.crash.lives import Nursery, Worker
from tests.crash.model import LIVED, Person

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
MOMENTS = (
    "before_commit",
    "after_commit",
    "before_acknowledgement",
    "after_acknowledgement",
    "before_send",
    "after_send",
    "before_mark",
    "after_mark",
)
"""The failpoints at which a worker kills itself."""

FORMS, SCREENINGS = 6, 2  # chats of each kind
AT_ONCE = 3  # inputs that a person has under way
LONGEST_LIFE = 0.12  # seconds after which a worker is killed that was not killed before
LATEST_PASSING = 15  # of a failpoint
SHARE_AT_START, SHARE_AT_RANDOM, SHARE_REPEATED = 0.1, 0.5, 0.05
RETRY_SECONDS = 0.05  # after which an input that the bot could not take is given again
LEASE = 0.1  # seconds after which a life takes over what the one before it held
PATIENCE = 60.0


@dataclass
class Figures:
    """What came of a run."""

    kills: int = 0
    at: Counter[str] = field(default_factory=Counter)
    inputs: int = 0
    messages: int = 0
    repeats: int = 0
    most_repeats: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        moments = len([moment for moment in self.at if moment in MOMENTS])
        return (
            f"{self.kills} kills ({self.kills - self.at['random'] - self.at['start']} at {moments} failpoints), "
            f"{self.inputs} inputs, {self.messages} messages, {self.repeats} repeated "
            f"(at most {self.most_repeats} in one chat at one kill), faults: {dict(self.faults) or 'none'}"
        )


class Lab:
    """People who write to one bot at a time on one database. The same `seed` makes the same plan.

    `at_once`: how many inputs each has under way; where the bot may refuse some, only one keeps them in order.
    """

    def __init__(self, database: str, nursery: Nursery, *, seed: int, at_once: int = AT_ONCE) -> None:
        own = {"DATABASE": database, "KEY": KEY, "TAKEOVER_SECONDS": str(LEASE)}
        self.environment = {f"PRESCREEN_{name}": value for name, value in own.items()}
        self._nursery = nursery
        self._chance = random.Random(seed)  # noqa: S311 - nothing secret
        talk = Forms()
        names = [f"form-{i}" for i in range(FORMS)] + [f"{SCREENING}-{i}" for i in range(SCREENINGS)]
        self.people = {name: Person(name, talk) for name in names}
        self.figures = Figures()
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
                await self.live("start", kill_after=self._chance.uniform(0, LONGEST_LIFE / 2))
            elif roll < SHARE_AT_RANDOM:
                await self.live("random", seconds=self._chance.uniform(0, LONGEST_LIFE))
            else:
                await self.live(self._chance.choice(MOMENTS), passing=self._chance.randint(1, LATEST_PASSING))

    async def live(
        self, moment: str, *, passing: int = 0, kill_after: float | None = None, seconds: float = LONGEST_LIFE
    ) -> None:
        """One life, ended at a moment: a failpoint at its nth passing, or so many seconds after its start or its call."""
        before = {name: person.repeats for name, person in self.people.items()}
        environment = self.environment | ({"PRESCREEN_FAILPOINT": f"{moment}:{passing}"} if passing else {})
        worker = await self._nursery.start(environment, kill_after=kill_after)
        if worker is not None:
            listening = asyncio.create_task(self.serve(worker))
            done, _ = await asyncio.wait([listening], timeout=seconds * (8 if passing else 1))
            if not done:
                moment = "random"
                worker.kill()
            await listening
        self.figures.kills += 1
        self.figures.at[moment] += 1
        if await self._nursery.ended() != -9:
            self.figures.faults["ended by itself"] += 1
        for name, person in self.people.items():
            repeated = person.repeats - before[name]
            self.figures.most_repeats = max(self.figures.most_repeats, repeated)
            self.figures.faults["repeated more than once at a kill"] += repeated > 1

    async def finish(self) -> Figures:
        """One last life, in which all that is owed comes; then hold everything against the model. What came of it."""
        worker = await self._nursery.start(self.environment)
        if worker is None:
            self.figures.faults["not started"] += 1
            return self.figures
        try:
            async with asyncio.timeout(PATIENCE):
                await self.serve(worker, to_the_end=True)
        except TimeoutError:
            self.figures.faults["never settled"] += 1
            worker.kill()
        if await self._nursery.ended():
            self.figures.faults["ended by itself"] += 1
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

    def _go_on(self, worker: Worker, person: Person, *, more: bool) -> None:
        while more and len(person.inputs) < person.acknowledged + self._at_once:
            worker.give(person.speak())
        if person.inputs and self._chance.random() < SHARE_REPEATED:
            worker.give(self._chance.choice(person.inputs[: person.acknowledged + 1]))

    def _note(self, worker: Worker, line: dict[str, str], *, more: bool) -> None:
        match line:
            case {"said": chat, "number": number, "text": text}:
                self.people[chat].hear(int(number), text)
            case {"taken": chat, "id": number}:
                self.people[chat].acknowledge(int(number))
                self._go_on(worker, self.people[chat], more=more)
            case {"refused": chat, "id": number}:
                self.refused += 1
                refused = self.people[chat].inputs[int(number)]
                asyncio.get_running_loop().call_later(RETRY_SECONDS, worker.give, refused)

    async def _compare(self) -> None:
        """Hold what is stored against the model."""
        environment = self.environment
        async with open_store(environment["PRESCREEN_DATABASE"], environment["PRESCREEN_KEY"], LIVED) as store:
            for name, count in (await differences(store, self.people.values())).items():
                self.figures.faults[name] += count
        for person in self.people.values():
            self.figures.faults += person.faults
            self.figures.inputs += len(person.inputs)
            self.figures.messages += len(person.owed)
            self.figures.repeats += person.repeats
        self.figures.faults = +self.figures.faults  # without what never happened


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
