"""The bot is killed again and again while people screen by Telegram; then all that it did is held against a quiet run.

`python -m tests.telegram.kills --kills 300` prints one line of figures; exit status 1 on any fault.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, groupby, pairwise, product
from pathlib import Path

import click

from bot.speech.catalogue import languages
from tests.crash.kills import RANDOM, Figures
from tests.talks import ELIGIBLE
from tests.telegram.conftest import Serving, free_port, in_process
from tests.telegram.people import People
from tests.telegram.screenings import REFERENCE, Screening
from tests.telegram.server import TOKEN, Json, TelegramServer

MOMENTS = ("before_commit", "after_commit", "before_send", "after_send", "before_mark", "after_mark")
SHORTEST_LIFE = 0.2  # seconds after the process is up
CLEARING_SECONDS = 0.05  # in which the last calls of a killed process reach the server
START_SECONDS = 60.0
PATIENCE = 900.0  # seconds for one screening, however often the bot is killed in it


@dataclass(frozen=True)
class Pace:
    """How fast all goes. `life` and `thought`: the longest, in seconds, of a process that is up and of a person at a message.

    `passing`: the latest one of a failpoint at which a process is killed.
    """

    life: float = 3.0
    thought: float = 0.4
    passing: int = 40


BRISK = Pace(life=0.8, thought=0.05, passing=5)
"""For few people and few kills."""


@dataclass(frozen=True)
class Case:
    """A kind of candidate: what they say otherwise than one who is eligible, and what that must lead to."""

    differs: tuple[str, str]
    verdict: str
    referred: bool

    @property
    def answers(self) -> dict[str, str]:
        """What they say to each question."""
        return {**ELIGIBLE, **dict([self.differs])}


CASES = (
    Case(("sex", "male"), "likely_eligible", referred=True),
    Case(("sex", "female"), "likely_eligible", referred=True),
    Case(("hiv", "yes"), "not_eligible", referred=False),
    Case(("cd7", "unknown"), "undetermined", referred=True),
)
KINDS = tuple(product(CASES, languages()))
Kind = tuple[Case, str]


@dataclass(frozen=True)
class Quiet:
    """What a person of one kind is told, message by message, and asked by a bot that nothing interrupts."""

    told: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass
class Candidate(Screening):
    """A person on the way to the last of the messages that they are to hear, in no hurry."""

    case: Case = CASES[0]
    length: int = 0  # of what they are to hear, in messages
    chance: random.Random = field(default_factory=random.Random)
    thought: float = 0.0  # seconds, the longest for a message

    @property
    def told(self) -> list[str]:
        """What they were told, each message once however often it came in a row."""
        return once(comparable(message["text"]) for message in self.person.inbox)

    @property
    def reference(self) -> str | None:
        """The reference that they were given."""
        return next((found[0] for each in self.person.inbox if (found := REFERENCE.search(each["text"]))), None)

    def _is_done(self) -> bool:
        return len(self.told) >= self.length

    async def _react(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, self.thought))
        await super()._react()


def comparable(text: str) -> str:
    """The text as everybody of a kind is told it: references differ."""
    return REFERENCE.sub("REFERENCE", text)


def once(texts: Iterable[str]) -> list[str]:
    """The texts without those that only say the one before them again."""
    return [text for text, _ in groupby(texts)]


async def quiet_run(folder: Path) -> dict[Kind, Quiet]:
    """What people of every kind are told and asked by one process that runs on."""
    async with TelegramServer() as server, in_process(server, folder / "quiet.db") as bot:
        people = People(server)
        screenings = [
            Screening(people.meet(number, language), dict(case.answers))
            for number, (case, language) in enumerate(KINDS, 1)
        ]
        for screening in screenings:
            screening.begin(f"l_{screening.person.language}-4scar7u")
        endings = [
            screening.finish() if case.referred else has_verdict(screening)
            for (case, _), screening in zip(KINDS, screenings, strict=True)
        ]
        await asyncio.gather(*endings)
        await bot.services.turns.drain()
        await bot.services.delivery.settle()
    runs = {kind: _quiet(screening) for kind, screening in zip(KINDS, screenings, strict=True)}
    assert all(len(once(quiet.told)) == len(quiet.told) for quiet in runs.values()), "a repeat could not be told"
    return runs


async def has_verdict(screening: Screening) -> None:
    """Go on until a protected message that asks nothing has come: the verdict of those who get no reference."""
    async with asyncio.timeout(screening.patience):
        while not any(each["protected"] and not each["markup"] for each in screening.person.inbox):
            await screening._react()


def _quiet(screening: Screening) -> Quiet:
    return Quiet(tuple(comparable(each["text"]) for each in screening.person.inbox), tuple(screening.asked))


@dataclass
class Screened(Figures):
    """What came of a run."""

    people: int = 0

    @property
    def besides(self) -> tuple[str, ...]:
        """How many people there were, in words."""
        return (f"{self.people} people",)


@dataclass
class Hall:
    """A room of so many seats: where somebody is through, somebody else begins, until the doors are closed."""

    server: TelegramServer
    serving: Serving
    quiet: dict[Kind, Quiet]
    seats: int
    chance: random.Random
    pace: Pace
    figures: Screened = field(default_factory=Screened)
    candidates: dict[int, Candidate] = field(default_factory=dict)
    updates: dict[int, list[str]] = field(default_factory=dict)
    told: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    _life: int = 0
    _closed: bool = False

    def __post_init__(self) -> None:
        self._people = People(self.server)
        self._numbers = count(1)
        self.server.on_said = self._note

    async def kill(self, times: int) -> None:
        """Let people screen while the bot is killed so many times; then let everybody finish. Ends with a living bot."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self.seats):
                tasks.create_task(self._sit())
            for number in range(times):
                await self._live(MOMENTS[number // 2 % len(MOMENTS)] if number % 2 else RANDOM)
            self._closed = True
            await self._start()

    async def _sit(self) -> None:
        """One seat: one person after the other. Those who do not come to their end are found by the comparison."""
        while not self._closed:
            candidate = self._next()
            candidate.begin(f"l_{candidate.person.language}-4scar7u")
            try:
                await candidate.finish()
            except TimeoutError:
                self.figures.faults["screenings that did not end"] += 1

    def _next(self) -> Candidate:
        number = next(self._numbers)
        case, language = kind = KINDS[number % len(KINDS)]
        person = self._people.meet(number, language)
        candidate = Candidate(
            person,
            case.answers,
            patience=PATIENCE,
            case=case,
            length=len(self.quiet[kind].told),
            chance=self.chance,
            thought=self.pace.thought,
        )
        self.candidates[number] = candidate
        return candidate

    def _note(self, said: Json) -> None:
        if "update_id" in said:
            content = said.get("message") or said["callback_query"]
            self.updates.setdefault(content["from"]["id"], []).append(str(said["update_id"]))
        else:
            self.told.setdefault(said["chat"]["id"], []).append((self._life, said["text"]))

    async def _live(self, moment: str) -> None:
        """One life, ended at a moment: at a failpoint, or some time after the process is up."""
        failpoint = "" if moment == RANDOM else f"{moment}:{self.chance.randint(1, self.pace.passing)}"
        await self._start(failpoint)
        try:
            async with asyncio.timeout(self.chance.uniform(SHORTEST_LIFE, self.pace.life) * (3 if failpoint else 1)):
                status = await self.serving.wait()
        except TimeoutError:
            moment = RANDOM
            status = await self.serving.kill()
        self.figures.note(moment)
        self.figures.faults["ended otherwise than killed"] += status != -signal.SIGKILL
        await asyncio.sleep(CLEARING_SECONDS)

    async def _start(self, failpoint: str = "") -> None:
        """Start the bot; returns when it polls, or was killed before."""
        self._life += 1
        polls = self.server.poll
        await self.serving.start(failpoint)
        async with asyncio.timeout(START_SECONDS):
            while self.server.poll == polls and self.serving.process and self.serving.process.returncode is None:
                await asyncio.sleep(0.01)

    async def compare(self) -> Screened:
        """End the bot in order, and hold all that was said and stored against the quiet run."""
        self.figures.faults["did not end in order"] += await self.serving.stop() != 0
        self.figures.faults["calls against the documentation"] += len(self.server.violations)
        self.figures.faults["updates never acknowledged"] += len(self.server.updates)
        for number, candidate in self.candidates.items():
            self._compare_person(candidate, self.quiet[KINDS[number % len(KINDS)]])
            self._count_repeats(self.told.get(number, []))
        with closing(sqlite3.connect(self.serving.folder / "data" / "prescreen.db")) as database:
            self._compare_stored(database)
        self.figures.people = len(self.candidates)
        self.figures.inputs = sum(map(len, self.updates.values()))
        self.figures.messages = sum(map(len, self.told.values())) - self.figures.repeats
        self.figures.settle()
        return self.figures

    def _compare_person(self, candidate: Candidate, quiet: Quiet) -> None:
        faults = self.figures.faults
        faults["people who were told something else, or in another order"] += candidate.told != list(quiet.told)
        faults["people who were asked something else, or in another order"] += candidate.asked != list(quiet.asked)
        faults["people without their reference"] += (candidate.reference is not None) != candidate.case.referred

    def _count_repeats(self, told: Sequence[tuple[int, str]]) -> None:
        """A message comes again only in a later life than before, and only as the first that the chat hears in it."""
        lives: Counter[int] = Counter()
        for (earlier, before), (later, text) in pairwise(told):
            if text == before:
                lives[later] += 1
                self.figures.faults["repeats without a kill"] += earlier == later
        self.figures.repeats += lives.total()
        self.figures.faults["repeated more than once at a kill"] += sum(times > 1 for times in lives.values())

    def _compare_stored(self, database: sqlite3.Connection) -> None:
        faults = self.figures.faults
        for table in ("inbox", "journal"):
            stored: dict[int, list[str]] = {}
            rows = database.execute(f"SELECT chat, message_id FROM {table} WHERE channel = 'telegram' ORDER BY id")  # noqa: S608
            for chat, message_id in rows:
                stored.setdefault(int(chat), []).append(message_id)
            chats = stored.keys() | self.updates.keys()
            faults[f"chats whose {table} differs"] += sum(stored.get(each) != self.updates.get(each) for each in chats)
        faults["inputs set aside"] += _number(database, "inbox WHERE error IS NOT NULL")
        faults["messages unsaid"] += _number(database, "outbox WHERE sent_at IS NULL")
        said = {number: len(candidate.told) for number, candidate in self.candidates.items()}
        kept = dict(database.execute("SELECT CAST(chat AS INTEGER), count(*) FROM outbox GROUP BY chat"))
        faults["chats whose outbox differs"] += sum(said.get(each) != kept.get(each) for each in said.keys() | kept)
        verdicts = Counter(database.execute("SELECT reference, verdict FROM prescreenings"))
        due = Counter((each.reference, each.case.verdict) for each in self.candidates.values())
        faults["verdicts that differ"] += ((verdicts - due) + (due - verdicts)).total()
        references = {reference for (reference,) in database.execute("SELECT reference FROM referrals")}
        faults["referrals that differ"] += len(references ^ {each for each, _ in due if each is not None})


def _number(database: sqlite3.Connection, what: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {what}").fetchone()[0])  # noqa: S608


async def run(folder: Path, *, kills: int, people: int, seed: int, pace: Pace = Pace()) -> Screened:
    """Kill the bot so many times while so many people screen at once. The same seed plans the same kills."""
    quiet = await quiet_run(folder)
    async with TelegramServer() as server:
        web = f"127.0.0.1:{free_port()}"
        own = {"TELEGRAM_BOT_TOKEN": TOKEN, "PRESCREEN_TELEGRAM_API": server.base, "PRESCREEN_WEB": web}
        chance = random.Random(seed)  # noqa: S311 - nothing secret
        hall = Hall(server, Serving(folder, own), quiet, people, chance, pace)
        try:
            await hall.kill(kills)
            return await hall.compare()
        finally:
            await hall.serving.kill_if_alive()


@click.command
@click.option("--kills", type=click.IntRange(1), default=300, show_default=True, help="How often the bot is killed.")
@click.option("--people", type=click.IntRange(1), default=30, show_default=True, help="How many screen at once.")
@click.option("--seed", type=int, default=1, show_default=True, help="The plan: the same seed plans the same kills.")
def main(kills: int, people: int, seed: int) -> None:
    """Kill the bot many times while people screen by Telegram, and hold all that it did against a quiet run."""
    with tempfile.TemporaryDirectory(prefix="hall-") as folder:
        figures = asyncio.run(run(Path(folder), kills=kills, people=people, seed=seed))
    click.echo(f"telegram, {people} people at once, seed {seed}: {figures}")
    sys.exit(bool(figures.faults))


if __name__ == "__main__":
    main()
