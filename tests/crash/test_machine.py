"""The pipeline in this process, driven at random: inputs, repeats, failing sends, restarts, passing time."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.ports import Outbound
from bot.ports.channels import RetryLater
from bot.services.delivery import Delivery
from bot.services.turns import Turns
from bot.storage.opening import open_store
from bot.storage.store import SqlStore
from tests.crash.forms import CHANNEL, Forms
from tests.crash.kills import KEY
from tests.crash.lab import differences
from tests.crash.model import LIVED, Person

CHATS = ("ana", "ben", "cai")
FAILURES = (OSError(), RetryLater(1), TimeoutError())
chats = st.sampled_from(CHATS)


class Time:
    """A clock that the machine moves, also back."""

    moment = LIVED

    def now(self) -> datetime:
        """The moment set."""
        return self.moment


class Pipeline(RuleBasedStateMachine):
    """One process after the other on one file, beside the model of each chat."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.clock = Time()
        forms = Forms()
        self.forms = forms
        self.people = {chat: Person(chat, forms) for chat in CHATS}
        self.failures = cycle(FAILURES)
        self.to_fail = 0
        self.restarts = 0
        self.runner.run(self.start())

    async def start(self) -> None:
        """Start a process."""
        self.opened = open_store(str(Path(self.folder.name) / "machine.db"), KEY, LIVED)
        self.store: SqlStore = await self.opened.__aenter__()
        self.delivery = Delivery(self.store, {CHANNEL: self}, self.clock)
        self.turns = Turns(
            self.store,
            self.forms.talk,
            self.forms.apologise,
            self.clock,
            self.delivery.hand_over,
            marking=self.delivery.marking,
        )
        await self.delivery.start(sole=True)
        self.jobs = [asyncio.create_task(job) for job in (self.delivery.run(), self.turns.run())]

    async def end(self) -> None:
        """End it, in the middle of what it does."""
        for job in self.jobs:
            job.cancel()
        await asyncio.gather(*self.jobs, return_exceptions=True)
        await self.delivery.stop()
        await self.opened.__aexit__(None, None, None)

    async def send(self, outbound: Outbound) -> None:
        """The channel: fails as often as it was told to."""
        if self.to_fail:
            self.to_fail -= 1
            raise next(self.failures)
        self.people[outbound.address.chat].hear(outbound.number, outbound.message.text)

    @rule(said=st.lists(chats, min_size=1, max_size=6))
    def say(self, said: list[str]) -> None:
        """People say things at once, and wait until they are acknowledged."""

        async def take() -> None:
            await asyncio.gather(*(self.turns.take(self.people[chat].speak()) for chat in said))

        self.runner.run(take())
        for person in self.people.values():
            person.acknowledged = len(person.inputs)

    @rule(said=st.lists(chats, min_size=1, max_size=6), steps=st.integers(0, 12))
    def say_and_restart(self, said: list[str], steps: int) -> None:
        """The process ends while they say it; the next one gets it all again, from where it was acknowledged."""

        async def restart() -> None:
            taking = [asyncio.create_task(self.turns.take(self.people[chat].speak())) for chat in said]
            for _ in range(steps):
                await asyncio.sleep(0)
            await self.end()
            for task in taking:
                task.cancel()
            await asyncio.gather(*taking, return_exceptions=True)
            await self.start()
            again = [one for person in self.people.values() for one in person.inputs[person.acknowledged :]]
            await asyncio.gather(*(self.turns.take(inbound) for inbound in again))

        self.runner.run(restart())
        self.restarts += 1
        for person in self.people.values():
            person.acknowledged = len(person.inputs)

    @precondition(lambda self: any(person.inputs for person in self.people.values()))
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """Old inputs come again, in any order."""
        known = [inbound for person in self.people.values() for inbound in person.inputs]
        again = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=5))

        async def take() -> None:
            await asyncio.gather(*(self.turns.take(inbound) for inbound in again))

        self.runner.run(take())

    @rule(times=st.integers(1, 4))
    def fail(self, times: int) -> None:
        """The next sends fail."""
        self.to_fail = times

    @rule(seconds=st.integers(-100_000, 100_000))
    def pass_time(self, seconds: int) -> None:
        """The clock goes on, or is put back."""
        self.clock.moment += timedelta(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        """What is due is looked for."""
        self.runner.run(self.delivery.sweep())

    @invariant()
    def nothing_is_out_of_order(self) -> None:
        """No message came that nothing led to, or before its turn; one came again at a restart alone."""
        for person in self.people.values():
            assert not person.faults, person
            assert person.repeats <= self.restarts

    def teardown(self) -> None:
        """In the end all that is owed has come, and what is stored is what the model says."""

        async def settle() -> None:
            self.to_fail = 0
            while not all(person.settled for person in self.people.values()):
                self.clock.moment += timedelta(hours=1)
                await self.delivery.sweep()
                await self.delivery.settle()
            assert not +await differences(self.store, self.people.values())
            await self.end()

        self.runner.run(asyncio.wait_for(settle(), 60))
        self.runner.close()
        self.folder.cleanup()


TestPipeline = Pipeline.TestCase
TestPipeline.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
