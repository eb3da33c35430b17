"""One turn of a conversation: the session that moves, the trial it is about, and what the bot does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bot.criteria.assess import Known, assess_known, imprecise_questions, known, rules_out
from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Assessment
from bot.criteria.judgement import Facts
from bot.criteria.lexicon import Lexicon
from bot.criteria.protocol import Kind, Question, Respondent
from bot.criteria.reading import Outcome, Reading, Reason
from bot.criteria.replies import read, read_slip
from bot.flows.events import Event
from bot.flows.inputs import Command
from bot.flows.patience import Patience
from bot.flows.session import Session
from bot.flows.states import INTERRUPTIBLE, State, move, returning

KEPT = 4_096  # replies whose reading is kept: many people write the same few words and numbers
TALKS = 512  # conversations of which it is kept what follows from their answers
LONGEST_KEPT = 40  # characters of such a reply
_DAY = Question(id="day", kind=Kind.DATE)


@dataclass(frozen=True, eq=False)
class Setting:
    """All that a conversation needs and that does not change in it; known by its identity.

    `keywords`: the words, in every language, that stand for a command. `labels`: what each choice of a question is
    called, in every language; `offers(choice)`: the same for a choice of the conversation itself. `contact(kind, text, region)`: a
    phone number or an e-mail address in its standard form, None where it cannot be one. `patience`: how long is waited.
    `sites`: those that take candidates now. `photos`: whether pictures can be read.
    """

    trial: CompiledTrial
    lexicon: Lexicon
    languages: tuple[str, ...]
    keywords: Mapping[str, Command]
    labels: Mapping[str, Mapping[str, tuple[str, ...]]]
    offers: Callable[[str], tuple[str, ...]]
    contact: Callable[[Literal["phone", "email"], str, str | None], str | None]
    patience: Patience
    sites: tuple[str, ...]
    photos: bool = False


@dataclass(slots=True)
class _Found:
    """What follows from the answers of a conversation, on a day."""

    setting: Setting
    known: Known
    assessment: Assessment | None = None
    ruling_out: tuple[str, ...] | None = None


@dataclass(slots=True)
class _LastFound:
    """A place for what was found last."""

    found: _Found | None = None


@lru_cache(TALKS)
def _last_found(conversation: str) -> _LastFound:  # noqa: ARG001 - the key
    """The place of a conversation. It only spares work: what is found anew would be the same."""
    return _LastFound()


@lru_cache(TALKS)
def _day_at(timezone: str, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()


@dataclass
class Turn:
    """The turn under way. Parts change `session` through it, and say events."""

    session: Session
    setting: Setting
    parts: Mapping[State, Part]
    now: datetime
    tapped: bool = False
    events: list[Event] = field(default_factory=list)
    erase: bool = False
    withdraw: bool = False
    refer: bool = False
    relayed: str | None = None

    def __post_init__(self) -> None:
        self._today = _day_at(self.setting.trial.protocol.timezone, self.now)
        self._last: tuple[Mapping[str, Reading], _Found] | None = None

    @property
    def today(self) -> date:
        """The date at the trial's sites."""
        return self._today

    def say(self, event: Event) -> None:
        """Add an event."""
        self.events.append(event)

    def go(self, trigger: str) -> None:
        """Move the conversation by a trigger of the table."""
        self.session.state = move(self.session.state, trigger)

    def interrupt(self, trigger: str) -> None:
        """Move to an interruption, which `come_back` ends."""
        if self.session.state in INTERRUPTIBLE:
            self.session.interrupted = self.session.state
        self.go(trigger)

    def come_back(self) -> None:
        """End an interruption: back to the state that it interrupted, or to the choice of the language."""
        state = self.session.interrupted
        self.session.interrupted = None
        if state is not None:
            self.go(returning(state))
        elif self.session.state is not State.LANGUAGE:
            self.go("choose_language")

    def ask_again(self) -> None:
        """Say what the present state waits for."""
        self.parts[self.session.state].ask(self)

    def question(self, question: str) -> Question:
        """The question of that id."""
        return self.setting.trial.protocol.by_id[question]

    def read(self, question: str, text: str) -> Reading:
        """The reply to a question, read."""
        asked = self.question(question)
        if text.strip().casefold() == "unknown" and (asked.kind is not Kind.CHOICE or "unknown" not in asked.choices):
            return Reading(text, Outcome.ABSENT)
        reading = self._read_reply(asked, text)
        elsewhere = asked.analyte is None and reading.outcome in (Outcome.REJECTED, Outcome.CLARIFY)
        if elsewhere or reading.reason is Reason.OTHER_ANALYTE:
            return self.slip(text) or reading
        return reading

    def _read_reply(self, asked: Question, text: str) -> Reading:
        about = (self.setting, asked.id, text, self.session.respondent, self.today)
        return _kept_reading(*about) if len(text) <= LONGEST_KEPT else _reading(*about)

    def read_day(self, text: str) -> Reading:
        """A text, read as a day that is not to come."""
        return _read(self.setting, _DAY, text, self.session.respondent, self.today, {})

    def slip(self, text: str) -> Reading | None:
        """The lab slip that a text is, pasted where something else was asked for."""
        reading = self.read_slip(text)
        rows = (reading.slip or {}).values()
        return reading if any(row.outcome in (Outcome.ACCEPTED, Outcome.CLARIFY) for row in rows) else None

    def read_slip(self, text: str) -> Reading:
        """A text, read as the lab slip that it is."""
        asked = [each.analyte for each in self.setting.trial.protocol.questions if each.analyte is not None]
        return read_slip(
            text,
            lexicon=self.setting.lexicon,
            analytes=self.setting.trial.analytes,
            respondent=self.session.respondent,
            today=self.today,
            asked=asked,
        )

    def match(self, text: str, choices: tuple[str, ...]) -> str | None:
        """The choice of the conversation that a text names by number, id, label or a word for yes or no."""
        if text in choices or not choices:
            return text if text in choices else None
        asked = _any_of(choices)
        labels = {choice: self.setting.offers(choice) for choice in choices}
        reading = _read(self.setting, asked, text, self.session.respondent, self.today, labels)
        return reading.choice if reading.outcome is Outcome.ACCEPTED else None

    def assess(self) -> Assessment:
        """What the answers so far say."""
        found = self._found()
        if found.assessment is None:
            found.assessment = assess_known(found.known)
        return found.assessment

    def ruling_out(self) -> tuple[str, ...]:
        """The codes of the criteria that fail and cannot pass later."""
        found = self._found()
        if found.ruling_out is None:
            found.ruling_out = rules_out(found.known)
        return found.ruling_out

    def imprecise(self) -> tuple[str, ...]:
        """The questions whose answer is not exact enough to decide a criterion."""
        return imprecise_questions(self._found().known)

    def facts(self) -> Facts:
        """What the rules are judged on, as things stand."""
        return self._found().known.facts

    def codes_of(self, question: str) -> tuple[str, ...]:
        """The criteria whose finding the question can change."""
        return tuple(each.criterion.code for each in self.setting.trial.feeds.get(question, ()))

    def matters(self) -> tuple[str, ...]:
        """The questions that are asked of this respondent and can still change a finding, answered or not, in order."""
        return self._found().known.mattering

    def _found(self) -> _Found:
        """What follows from the answers: found before, as long as they stay the same, or what has changed found anew."""
        last, answers = self._last, self.session.answers
        if last is None or last[0] is not answers:
            self._last = last = (answers, self._found_anew(answers))
        return last[1]

    def _found_anew(self, answers: Mapping[str, Reading]) -> _Found:
        place = _last_found(self.session.id)
        found = place.found
        before = found.known if found is not None and found.setting is self.setting else None
        if found is None or before is None or not self._rests_on(before, answers):
            what = known(self.setting.trial, answers, self.session.respondent, self.today, before)
            place.found = found = _Found(self.setting, what)
        return found

    def _rests_on(self, before: Known, answers: Mapping[str, Reading]) -> bool:
        """Whether what is known already is of these answers, on this day."""
        same = before.answers is answers or before.answers == answers
        return same and before.facts.today == self._today

    def open_questions(self) -> tuple[str, ...]:
        """Those of them that have no answer yet."""
        answers = self.session.answers
        return tuple([question for question in self.matters() if question not in answers])


@lru_cache(KEPT)
def _any_of(choices: tuple[str, ...]) -> Question:
    """The question which of these choices is meant."""
    return Question(id="choice", kind=Kind.CHOICE, choices=choices)


def _reading(setting: Setting, question: str, text: str, respondent: Respondent, today: date) -> Reading:
    """A reply to a question of the trial, read."""
    asked = setting.trial.protocol.by_id[question]
    return _read(setting, asked, text, respondent, today, setting.labels.get(question, {}))


_kept_reading = lru_cache(KEPT)(_reading)


def _read(  # noqa: PLR0913, PLR0917 - all that a reading depends on
    setting: Setting,
    asked: Question,
    text: str,
    respondent: Respondent,
    today: date,
    labels: Mapping[str, tuple[str, ...]],
) -> Reading:
    return read(
        asked,
        text,
        lexicon=setting.lexicon,
        analytes=setting.trial.analytes,
        respondent=respondent,
        today=today,
        labels=labels,
    )


class Part(Protocol):
    """How the conversation behaves in one state."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The ids of what can be chosen, the one that goes on first."""
        ...

    def ask(self, turn: Turn) -> None:
        """Say what is waited for."""
        ...

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Take a reply; `choice` is the choice that it names, if it names one."""
        ...

    def back(self, turn: Turn) -> bool:
        """Go a step back. False where there is nothing to go back to."""
        ...
