"""The lab of the hand-off: candidates ask for coordinators, who claim, write and book, while the bot is killed.

`python -m tests.crash.handing --kills 300` prints one line of figures; exit status 1 on any fault.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.letters import PERSONS
from bot.flows.handoff.people import Role
from bot.services.staff import invite
from bot.speech.message import MESSAGE
from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from bot.storage.tables import UNSAID, inbox, journal, outbox, referral_steps, referrals, sessions
from tests.crash.forms import CHANNEL, SCREENING
from tests.crash.lab import KEY, LEASE, MOMENTS
from tests.crash.lives import Nursery, Worker, nursery
from tests.crash.parties import SITE, Candidate, Coordinator, Party, greeting
from tests.postgres import postgres_server
from tests.talks import own_phone

SEATS = 4  # candidates at once
NAMES = ("li", "wu")
LONGEST_LIFE = 1.0  # seconds after which a worker is killed that has not come to its failpoint
LATEST_PASSING = 24  # of a failpoint
PATIENCE = 60.0
COURSE = ["claim", "look", "contact", "book"]
"""The steps of every referral, each once, beside those that come of the same person's request in another conversation."""


@dataclass
class Figures:
    """What came of a run."""

    kills: int = 0
    at: Counter[str] = field(default_factory=Counter)
    referrals: int = 0
    again: int = 0
    steps: int = 0
    inputs: int = 0
    messages: int = 0
    repeats: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        moments = self.at.keys() & set(MOMENTS)
        return (
            f"{self.kills} kills ({sum(self.at[each] for each in moments)} at {len(moments)} failpoints), "
            f"{self.referrals} referrals, {self.again} of them asked again, {self.steps} steps, {self.inputs} inputs, "
            f"{self.messages} messages, "
            f"{self.repeats} repeated, faults: {dict(self.faults) or 'none'}"
        )


class Handing:
    """A site with two coordinators, and candidates who come one after the other, on one bot at a time."""

    def __init__(self, database: str, nest: Nursery, seed: int) -> None:
        own = {"DATABASE": database, "KEY": KEY, "TAKEOVER_SECONDS": str(LEASE)}
        self._environment = {f"PRESCREEN_{name}": value for name, value in own.items()}
        self._database = database
        self._nest = nest
        self._chance = random.Random(seed)  # noqa: S311 - nothing secret
        self._numbers = count(1)
        self.candidates: list[Candidate] = []
        self.coordinators: list[Coordinator] = []
        self.figures = Figures()

    @property
    def parties(self) -> dict[str, Party]:
        """Everybody, by their chat."""
        return {each.chat: each for each in (*self.candidates, *self.coordinators)}

    async def run(self, kills: int) -> Figures:
        """Kill the bot so many times, at each failpoint in turn; then let everybody finish, and compare."""
        async with open_store(self._database, KEY, datetime.now(UTC)) as store:
            for name in NAMES:
                code = await invite(store, datetime.now(UTC), role=Role.COORDINATOR, site=SITE, name=name)
                self.coordinators.append(Coordinator(f"desk-{name}", digest=digest_of(code) or ""))
        for number in range(kills):
            await self._live(MOMENTS[number % len(MOMENTS)])
        await self._finish()
        async with open_store(self._database, KEY, datetime.now(UTC)) as store:
            await self._compare(store)
        return self.figures

    def _seat(self) -> None:
        """Where a candidate is through, the next one comes."""
        while sum(not self._is_through(each) for each in self.candidates) < SEATS:
            self._meet(next(self._numbers))

    def _meet(self, number: int) -> None:
        """One more candidate. Of every three the third gives the contact of the second; every other second one then deletes all."""
        candidate = Candidate(f"{SCREENING}-{number}")
        if number % 3 == 0:
            candidate.before = before = self.candidates[-1]
            before.after, before.leaves = candidate, number % 2 == 0
            candidate.reach = before.reach
        elif number % 3 == 2:
            candidate.reach = own_phone()
        self.candidates.append(candidate)

    def _is_through(self, candidate: Candidate) -> bool:
        """Whether their visit is booked, and what both wrote has come; or all that is to become of them instead."""
        reference = candidate.reference
        if candidate.leaves:
            return candidate.gone
        if reference is None or not any(each.count(candidate.hello) for each in self.coordinators):
            return False
        booked = any(reference in each.booked for each in self.coordinators)
        return _follows(candidate) or (booked and bool(candidate.count(greeting(reference))))

    async def _live(self, moment: str) -> None:
        """One life, ended at a failpoint, or after a while where it does not come to it."""
        self._seat()
        passing = self._chance.randint(1, LATEST_PASSING)
        worker = await self._nest.start(self._environment | {"PRESCREEN_FAILPOINT": f"{moment}:{passing}"})
        if worker is not None:
            listening = asyncio.create_task(self._serve(worker))
            done, _ = await asyncio.wait([listening], timeout=LONGEST_LIFE)
            if not done:
                moment = "random"
                worker.kill()
            await listening
        self.figures.kills += 1
        self.figures.at[moment] += 1
        self.figures.faults["ended by itself"] += await self._nest.ended() != -9

    async def _finish(self) -> None:
        """One last life, until everybody who has come is through."""
        worker = await self._nest.start(self._environment)
        assert worker is not None
        try:
            async with asyncio.timeout(PATIENCE):
                await self._serve(worker, to_the_end=True)
        except TimeoutError:
            self.figures.faults["never settled"] += 1
            worker.kill()
        self.figures.faults["ended by itself"] += await self._nest.ended() != 0

    @property
    def _settled(self) -> bool:
        acknowledged = all(party.waiting is None for party in self.parties.values())
        return acknowledged and all(map(self._is_through, self.candidates))

    async def _serve(self, worker: Worker, *, to_the_end: bool = False) -> None:
        parties = self.parties
        given = dict.fromkeys(parties, 0)

        def give(party: Party) -> None:
            """Hand over what is to be acknowledged next, once in this life."""
            if party.waiting is not None and given[party.chat] <= party.acknowledged:
                given[party.chat] = party.acknowledged + 1
                worker.give(party.waiting)

        for party in parties.values():
            give(party)
        async for line in worker.lines():
            self._note(parties, line)
            party = parties[line.get("said") or line["taken"]]
            give(party)
            if isinstance(party, Candidate):
                for other in filter(None, (party.before, party.after)):
                    give(other)
            if to_the_end and self._settled:
                worker.hang_up()

    @staticmethod
    def _note(parties: dict[str, Party], line: dict[str, Any]) -> None:
        if "said" in line:
            parties[line["said"]].hear(int(line["number"]), MESSAGE.validate_python(line["message"]))
        else:
            party = parties[line["taken"]]
            party.acknowledged = max(party.acknowledged, int(line["id"]) + 1)

    async def _compare(self, store: SqlStore) -> None:
        """Hold what is stored, and what everybody heard, against what should have happened."""
        faults = self.figures.faults
        async with store._engine.begin() as connection:
            for table in (inbox, journal):
                faults[f"chats whose {table.name} differs"] += await self._differing(connection, table)
            unsaid = select(func.count()).select_from(outbox).where(UNSAID | outbox.c.dead.is_not(None))
            faults["messages unsaid"] += (await connection.execute(unsaid)).scalar_one()
            asked = select(referrals.c.chat, referrals.c.reference, referrals.c.state)
            made = Counter(map(tuple, await connection.execute(asked)))
            taken = select(referral_steps.c.reference, referral_steps.c.action).order_by(referral_steps.c.id)
            steps = (await connection.execute(taken)).all()
            held = select(func.count()).select_from(sessions).where(sessions.c.channel == PERSONS)
            faults["persons held otherwise"] += (await connection.execute(held)).scalar_one() != self._people
        faults["rows that do not fit each other"] += (await store.verify()).faults.total()
        due = Counter((each.chat, each.reference, _stage(each)) for each in self.candidates)
        faults["referrals that differ"] += ((made - due) + (due - made)).total()
        for each in self.candidates:
            actions = [action for reference, action in steps if reference == each.reference]
            faults["courses that differ"] += not _fits(each, actions)
        self.figures.referrals, self.figures.steps = made.total(), len(steps)
        self.figures.again = sum(each.before is not None for each in self.candidates)
        self._compare_heard()

    @property
    def _people(self) -> int:
        """How many people there are: who asked again, or goes on for who is gone, is one with the other."""
        return sum(each.before is None for each in self.candidates)

    async def _differing(self, connection: AsyncConnection, table: Table) -> int:
        """In how many chats what was given by a person is not stored once each, in order."""
        query = select(table.c.chat, table.c.message_id).order_by(table.c.id)
        rows = await connection.execute(query.where(table.c.channel == CHANNEL, ~table.c.message_id.like("timer:%")))
        stored: dict[str, list[str]] = {}
        for chat, message_id in rows:
            stored.setdefault(chat, []).append(message_id)
        due = {chat: [each.message_id for each in party.inputs] for chat, party in self.parties.items()}
        if table is journal:
            due |= {each.chat: [each.inputs[-1].message_id] for each in self.candidates if each.gone}
        return sum(stored.get(chat, []) != ids for chat, ids in due.items())

    def _compare_heard(self) -> None:
        figures = self.figures
        for each in self.candidates:
            heard = sum(one.count(each.hello) for one in self.coordinators)
            greeted = each.count(greeting(each.reference or ""))
            figures.faults["greetings not heard once"] += greeted != (0 if _follows(each) else 1)
            figures.faults["words to the team not heard once"] += heard not in _times(each)
            if each.before is not None:
                figures.faults["words of another conversation"] += each.count(each.before.reference or "")
        for party in self.parties.values():
            figures.faults += party.faults
            figures.inputs += len(party.inputs)
            figures.messages += len(party.told)
            figures.repeats += party.repeats
        figures.faults = +figures.faults  # without what never happened


def _follows(candidate: Candidate) -> bool:
    """Whether their request follows that of the conversation before to the end."""
    return candidate.before is not None and not candidate.before.leaves


def _stage(candidate: Candidate) -> str:
    """How their referral stands in the end."""
    if candidate.leaves:
        return "withdrawn"
    return "repeated" if _follows(candidate) else "visit_booked"


def _fits(candidate: Candidate, actions: list[str]) -> bool:
    """Whether a referral's course is the one due: beside the usual steps, a look for each time that its person asked again."""
    usual = [each for each in dict.fromkeys(actions) if each in COURSE]
    if _follows(candidate):
        return actions == ["repeat"]
    if candidate.leaves:
        return usual[:3] == COURSE[:3] and actions[-1] == "withdraw"
    begun = [] if candidate.before is None else ["repeat", "promote"]
    again = [] if candidate.after is None else ["ask", "look"]
    due = [*begun, *COURSE, *again]
    return usual == COURSE and sorted(actions) == sorted(due) and actions[: len(begun)] == begun


def _times(candidate: Candidate) -> tuple[int, ...]:
    """How often what they write to the team may come. What came to a referral that is gone comes to the next one, too."""
    if candidate.leaves:
        return (0, 1)
    return (1, 2) if candidate.before is not None and not _follows(candidate) else (1,)


async def run(folder: Path, database: str, *, kills: int, seed: int) -> Figures:
    """Kill the bot so many times. The same seed plans the same kills."""
    async with nursery(folder) as nest:
        return await Handing(database, nest, seed).run(kills)


@click.command
@click.option("--kills", type=click.IntRange(1), default=300, show_default=True, help="How often the bot is killed.")
@click.option("--db", type=click.Choice(["sqlite", "postgres"]), default="sqlite", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The plan: the same seed plans the same kills.")
def main(kills: int, db: str, seed: int) -> None:
    """Kill the bot many times while referrals are handed over, and see that each arrives, once, step by step."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-")))
        database = str(folder / "lab.db")
        if db == "postgres":
            database = stack.enter_context(postgres_server()).new_database()
        figures = asyncio.run(run(folder, database, kills=kills, seed=seed))
        click.echo(f"hand-off, {db}, seed {seed}: {figures}")
        if figures.faults:
            click.echo((folder / "log").read_text()[-4_000:], err=True)
            sys.exit(1)


if __name__ == "__main__":
    main()
