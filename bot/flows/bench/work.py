"""One input at the bench: a candidate opened, answered, parked, resumed, closed or handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.criteria.protocol import UNKNOWN, Kind, Question
from bot.criteria.reading import Outcome, Reading
from bot.criteria.replies import chosen
from bot.flows import screening, slip_day, slip_rows
from bot.flows.bench.case import Bench, Case
from bot.flows.bench.pairs import Heard, Names, hear
from bot.flows.bench.shown import BenchShown, Change, ListShown, Noted, ScreenShown, Told
from bot.flows.inputs import BenchFilled
from bot.flows.session import Sprint
from bot.flows.turn import Setting, Turn

PLAIN = ("yes", "no", UNKNOWN)
"""The choices that all questions with a yes and a no have, whatever they ask."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A trial that candidates are screened for. `names`: what its questions are called, in every language."""

    setting: Setting
    names: Names


@dataclass
class Work:
    """One input's work. `site`: the member's, None for one of all sites. `new_id`: for a candidate who may be opened.

    `subjects`: the trials by their ids, the usual one first. `closed`: the screening that ended with this input.
    """

    bench: Bench
    subjects: Mapping[str, Subject]
    site: str | None
    locale: str
    new_id: str
    now: datetime
    said: list[BenchShown] = field(default_factory=list)
    closed: Sprint | None = None

    def subject(self, case: Case) -> Subject:
        """The trial that a candidate is screened for; the usual one where theirs is known no more."""
        return self.subjects.get(case.trial) or next(iter(self.subjects.values()))

    def turn(self, case: Case) -> Turn:
        """The candidate's answers, to be read, changed and assessed as in a conversation."""
        return Turn(case.session, self.subject(case).setting, {}, self.now)

    def tell(self, key: str, code: str = "", text: str = "") -> None:
        """Say a short text."""
        self.said.append(Told(key, code, text))

    def show(self, case: Case, noted: Noted | None = None, *, anew: bool = True) -> None:
        """Show a candidate as they stand, and work on them from now on."""
        self.bench.current = case.number
        case.touched = self.now
        self.said.append(self.screen(case, noted or Noted(), anew=anew))

    def screen(self, case: Case, noted: Noted, *, anew: bool = True) -> ScreenShown:
        """A candidate as they stand."""
        turn = self.turn(case)
        known = (turn.assess(), turn.open_questions(), numbered(turn), turn.today)
        slip, undated = slip_rows.rows(turn), bool(slip_day.undated(turn))
        return ScreenShown(case, *known, noted=noted, slip=slip, undated=undated, anew=anew)

    def listed(self) -> ListShown:
        """Who is on the bench."""
        turns = [(case, self.turn(case)) for case in self.bench.cases]
        known = ((case, turn.assess().verdict, len(turn.open_questions())) for case, turn in turns)
        return ListShown(tuple(known), self.bench.current)


def numbered(turn: Turn) -> dict[str, int]:
    """The numbers of the questions with a few choices, in the trial's order: the same for every candidate."""
    asked = (turn.question(each) for each in turn.setting.trial.protocol.order)
    tapped = (each.id for each in asked if is_tapped(each) and turn.session.respondent in each.asked_of)
    return {question: number for number, question in enumerate(tapped, 1)}


def is_tapped(question: Question) -> bool:
    """Whether a question is answered by a button; all others are typed."""
    return question.kind is Kind.CHOICE and question.id != screening.RESPONDENT


def rest(turn: Turn, choice: str) -> tuple[str, ...]:
    """The open questions that one button answers at once: those with a plain yes and no."""
    questions = (turn.question(each) for each in turn.open_questions())
    return tuple(each.id for each in questions if each.choices == PLAIN and choice in PLAIN)


def fill(work: Work, case: Case, text: str) -> None:
    """Take a message as answers about a candidate, and show what came of it."""
    turn = work.turn(case)
    heard = hear(turn, work.subject(case).names, text)
    work.show(case, take_in(turn, case, heard))


def fill_in(work: Work, case: Case, filled: BenchFilled) -> None:
    """Take a page that was filled in. What is said for one question counts more than what the text says, unless it is only the
    doubtful value that stood there already.
    """
    turn = work.turn(case)
    heard = hear(turn, work.subject(case).names, filled.text)
    for question, said in filled.answers.items():
        asked = turn.setting.trial.protocol.by_id.get(question)
        doubted = case.unclear.get(question)
        old = doubted is not None and question in heard.readings and said.strip() == doubted.reply.strip()
        if asked is None or question == screening.RESPONDENT or not said.strip() or old:
            continue
        meant = _meant(doubted, said.strip())
        reading = pick(turn, question, meant) if meant else None
        if reading is None or reading.outcome is Outcome.SLIP:
            heard.unread.append(said.strip())
        else:
            heard.readings[question] = reading
    work.show(case, take_in(turn, case, heard))


def _meant(doubted: Reading | None, said: str) -> str | None:
    """What a field says: of a doubtful value, perhaps one of its readings by the id of its choice, if it still has that."""
    if not said.startswith(screening.READING):
        return said
    picked = screening.picked_reading(doubted.readings, said) if doubted else None
    return picked.reply if picked else None


def take_in(turn: Turn, case: Case, heard: Heard) -> Noted:
    """Put on record what was read. An answer that is doubtful takes the place of an earlier one, so that none passes by it."""
    changes = [put(turn, case, question, reading) for question, reading in heard.readings.items()]
    case.unread, case.skipped, case.refused = tuple(heard.unread), heard.skipped, ""
    return Noted(tuple(each for each in changes if each is not None), case.unread, case.skipped)


def put(turn: Turn, case: Case, question: str, reading: Reading) -> Change | None:
    """Put one reading on record; None where it does not count, and waits to be made clear.

    It takes the place of what waits for the question in the rows of a picture. The day of a doubtful value stays.
    """
    before = case.session.answers.get(question)
    case.step += 1
    case.session.slip = slip_rows.without(question, case.session.slip)
    case.rows.pop(question, None)
    doubted = case.unclear.pop(question, None)
    if doubted is not None:
        reading = replace(reading, observed_on=reading.observed_on or doubted.observed_on)
    if reading.counts:
        screening.keep(turn, question, reading)
        return Change(question, reading, before)
    screening.drop(turn, question)
    case.unclear[question] = reading
    return None


def pick(turn: Turn, question: str, choice: str) -> Reading:
    """The reading of a choice that was tapped, or of what was typed for the question."""
    asked = turn.question(question)
    if choice in asked.choices and is_tapped(asked):
        return chosen(asked, choice, turn.setting.trial.analytes)
    return turn.read(question, choice)
