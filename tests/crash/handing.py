"""The lab of the hand-off: candidates ask for coordinators, who claim, write and book, while the bot is killed.

`python -m tests.crash.handing --kills 300` prints one line of figures; exit status 1 on any fault.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

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
from tests.crash.kills import KEY, MOMENTS, Bot, Figures, command
from tests.crash.lives import Nursery, Worker
from tests.crash.parties import SITE, Candidate, Coordinator, Party, greeting
from tests.talks import own_phone

SEATS = 4  # candidates at once
NAMES = ("li", "wu")
LONGEST_LIFE = 1.0  # seconds after which a worker is killed that has not come to its failpoint
LATEST_PASSING = 24  # of a failpoint
COURSE = ["claim", "look", "contact", "book"]
"""The steps of every referral, each once, beside those that come of the same person's request in another conversation."""


@dataclass
class Referred(Figures):
    """What came of a run. `again`: how many referrals were asked for a second time."""

    referrals: int = 0
    again: int = 0
    steps: int = 0

    @property
    def besides(self) -> tuple[str, ...]:
        """The hand-off in words."""
        return (f"{self.referrals} referrals", f"{self.again} of them asked again", f"{self.steps} steps")


class Handing:
    """A site with two coordinators, and candidates who come one after the other, on one bot at a time."""

    def __init__(self, database: str, nest: Nursery, seed: int) -> None:
        self.figures = Referred()
        self._bot = Bot(database, nest, self.figures)
        self._database = database
        self._chance = random.Random(seed)  # noqa: S311 - nothing secret
        self._numbers = count(1)
        self.candidates: list[Candidate] = []
        self.coordinators: list[Coordinator] = []

    @property
    def parties(self) -> dict[str, Party]:
        """Everybody, by their chat."""
        return {each.chat: each for each in (*self.candidates, *self.coordinators)}

    async def run(self, kills: int) -> Referred:
        """Kill the bot so many times, at each failpoint in turn; then let everybody finish, and compare."""
        async with open_store(self._database, KEY, datetime.now(UTC)) as store:
            for name in NAMES:
                code = await invite(store, datetime.now(UTC), role=Role.COORDINATOR, site=SITE, name=name)
                self.coordinators.append(Coordinator(f"desk-{name}", digest=digest_of(code) or ""))
        for number in range(kills):
            self._seat()
            passing = self._chance.randint(1, LATEST_PASSING)
            await self._bot.live(self._serve, MOMENTS[number % len(MOMENTS)], seconds=LONGEST_LIFE, passing=passing)
        await self._bot.live_on(partial(self._serve, to_the_end=True))
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
        figures.settle()


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


async def run(database: str, nest: Nursery, kills: int, seed: int) -> Figures:
    """Kill the bot so many times while referrals are handed over. The same seed plans the same kills."""
    return await Handing(database, nest, seed).run(kills)


PURPOSE = "Kill the bot many times while referrals are handed over, and see that each arrives, once, step by step."

if __name__ == "__main__":
    command(run, PURPOSE, kills=300, name="hand-off, ")()
