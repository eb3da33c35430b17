"""The questions of the trial, one after the other: asking, making sure, and what an answer leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bot.criteria.findings import Status
from bot.criteria.protocol import Kind, Question, Respondent
from bot.criteria.reading import Alternative, Outcome, Reading
from bot.criteria.replies import chosen
from bot.flows import slip_rows
from bot.flows.events.control import NotUnderstood
from bot.flows.events.referral import Ended
from bot.flows.events.screening import (
    AnswersDropped,
    Assessed,
    ConsentAsked,
    EndOffered,
    ExactAsked,
    QuestionAsked,
    ReadBack,
    ReplyRejected,
    ReplyUnclear,
    RulingOutAsked,
)
from bot.flows.states import State
from bot.flows.turn import KEPT, Turn

RESPONDENT = "respondent"
NO_SCORE = "0"
READING = "reading_"


def current(turn: Turn) -> str:
    """The question that is asked."""
    if turn.session.question is None:
        message = f"no question is asked in the state '{turn.session.state}'"
        raise LookupError(message)
    return turn.session.question


def ask_question(turn: Turn) -> None:
    """Ask the present question, with the progress and the answer that it already has."""
    question, trail = current(turn), turn.session.trail
    before = trail.index(question) if question in trail else len(trail)
    total = len({question, *trail, *turn.matters()})
    answer = turn.session.answers.get(question)
    turn.say(QuestionAsked(question, before + 1, total, variant(turn, question), answer))


def variant(turn: Turn, question: str) -> str | None:
    """The wording of the question that fits the answers so far, None for the usual one."""
    return turn.facts().variants.get(question)


def ask(turn: Turn, question: str) -> None:
    """Go on with that question."""
    turn.go("ask")
    turn.session.question = question
    turn.session.pending = None
    ask_question(turn)


def take_reply(turn: Turn, text: str) -> None:
    """Read a reply to the present question, and go where it leads."""
    question = current(turn)
    reading = turn.read(question, text)
    match reading.outcome:
        case Outcome.ABSENT if question == RESPONDENT:
            turn.say(ReplyRejected(question, reading))
        case Outcome.ACCEPTED | Outcome.ABSENT:
            record(turn, question, reading)
        case Outcome.SLIP:
            slip_rows.start(turn, reading)
        case Outcome.CLARIFY if reading.readings:
            turn.go("clarify")
            turn.session.pending = reading
            turn.say(ReplyUnclear(question, reading))
        case Outcome.CLARIFY:
            turn.say(ReplyUnclear(question, reading))
        case Outcome.REJECTED:
            turn.say(ReplyRejected(question, reading))


def keep(turn: Turn, question: str, reading: Reading) -> None:
    """Put an answer on record."""
    session = turn.session
    session.answers = {**session.answers, question: _bare(reading)}
    session.trail = (*without(question, session.trail), question)
    session.confirmed = without(question, session.confirmed)


@lru_cache(KEPT)
def _bare(reading: Reading) -> Reading:
    """A reading as it is kept: which part was what is of no use any more. Readings that are equal become one."""
    return replace(reading, spans=())


def drop(turn: Turn, question: str) -> None:
    """Take an answer off the record."""
    session = turn.session
    session.answers = {each: given for each, given in session.answers.items() if each != question}
    session.trail = without(question, session.trail)
    session.confirmed = without(question, session.confirmed)


def without(question: str, questions: tuple[str, ...]) -> tuple[str, ...]:
    """These questions but for one."""
    return tuple([each for each in questions if each != question]) if question in questions else questions


def record(turn: Turn, question: str, reading: Reading) -> None:
    """Take an answer, read it back where it was typed, and settle what follows from it."""
    previous = turn.session.answers.get(question)
    keep(turn, question, reading)
    if question == RESPONDENT and (previous is None or previous.choice != reading.choice):
        turn.session.consented_on = None
    if not any(question == each for each, _ in ruling_out(turn)) and (not turn.tapped or reading.standard):
        turn.say(ReadBack(question, reading, first=len(turn.session.trail) == 1))
    settle(turn)


def settle(turn: Turn) -> None:
    """Go where the answers lead: drop what no longer applies, confirm what rules out, ask what is left, or review."""
    session = turn.session
    session.pending = None
    session.question = None
    turn.go("ask")
    if session.consented_on is None:
        turn.go("seek_consent")
        turn.say(ConsentAsked())
        return
    drop_stale(turn)
    if not (_confirm(turn) or _press(turn) or _ask_next(turn)):
        turn.go("review")
        turn.ask_again()


def _confirm(turn: Turn) -> bool:
    """Ask whether an answer that rules the person out is right, where there is one."""
    for question, codes in ruling_out(turn):
        turn.session.question = question
        turn.go("confirm")
        turn.say(RulingOutAsked(question, turn.session.answers[question], codes))
        return True
    return False


def _press(turn: Turn) -> bool:
    """Ask for the exact figure, once, where an answer lies across a limit."""
    for question in turn.imprecise():
        if question in turn.session.pressed:
            continue
        turn.session.pressed = (*turn.session.pressed, question)
        turn.session.question = question
        turn.say(ExactAsked(question, turn.session.answers[question]))
        return True
    return False


def _ask_next(turn: Turn) -> bool:
    """Ask the next question that has no answer, where one is left."""
    for question in turn.open_questions():
        ask(turn, question)
        return True
    return False


def drop_stale(turn: Turn) -> None:
    """Drop the answers to questions that do not apply any more, and say which."""
    kept = {RESPONDENT, *turn.matters()}
    stale = tuple([question for question in turn.session.answers if question not in kept])
    for question in stale:
        drop(turn, question)
    if stale:
        turn.say(AnswersDropped(stale))


def ruling_out(turn: Turn) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The answers that fail a criterion for good and were not confirmed yet, with the codes of those criteria."""
    failing = turn.ruling_out()
    for question in turn.session.trail if failing else ():
        codes = tuple(code for code in turn.codes_of(question) if code in failing)
        if codes and question not in turn.session.confirmed:
            yield question, codes


def finish(turn: Turn) -> None:
    """Tell the verdict and end."""
    assessment = turn.assess()
    turn.say(Assessed(assessment))
    turn.session.recheck_on = assessment.recheck_on
    failed = [code for code, finding in assessment.findings.items() if finding.status is Status.FAIL]
    turn.session.recheck = tuple(failed) if assessment.recheck_on else ()
    turn.go("finish")
    turn.session.question = None
    turn.say(Ended(turn.session.reference))


class Asking:
    """A question of the trial."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The question's own choices; "I don't know" for what is measured; to keep an answer that it already has."""
        question = turn.question(current(turn))
        own = _best_first(turn, question) if question.kind is Kind.SCORE else question.choices
        kept = ("keep",) if question.id in turn.session.answers else ()
        unknown = () if "unknown" in question.choices or question.id == RESPONDENT else ("unknown",)
        return (*own, *unknown, *kept)

    def ask(self, turn: Turn) -> None:
        """Ask the question."""
        ask_question(turn)

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Read the reply."""
        question = turn.question(current(turn))
        if choice == "keep":
            settle(turn)
        elif choice in question.choices:
            record(turn, question.id, chosen(question, choice, turn.setting.trial.analytes))
        elif choice is not None:
            take_reply(turn, choice)
        else:
            take_reply(turn, text)

    def back(self, turn: Turn) -> bool:
        """Ask the question answered before this one."""
        trail = turn.session.trail
        question = current(turn)
        place = trail.index(question) if question in trail else len(trail)
        if place == 0:
            return False
        ask(turn, trail[place - 1])
        return True


def _best_first(turn: Turn, question: Question) -> tuple[str, ...]:
    """A score's choices from the best down. A score of 0 is death: that is not put to patients and caregivers."""
    staff = turn.session.respondent is Respondent.STAFF
    return tuple(choice for choice in reversed(question.choices) if staff or choice != NO_SCORE)


class Clarifying:
    """Several readings are possible: one is picked, or the reply is typed again."""

    def choices(self, turn: Turn) -> tuple[str, ...]:
        """The readings by their places, and to type it again."""
        readings = turn.session.pending.readings if turn.session.pending else ()
        return (*(f"{READING}{place}" for place in range(1, len(readings) + 1)), "again")

    def ask(self, turn: Turn) -> None:
        """Ask which reading is meant."""
        if turn.session.pending is not None:
            turn.say(ReplyUnclear(current(turn), turn.session.pending))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:
        """Take the reading picked, or read a new reply."""
        readings = turn.session.pending.readings if turn.session.pending else ()
        picked = picked_reading(readings, choice or text)
        if choice == "again" or text.strip() == str(len(readings) + 1):
            ask(turn, current(turn))
        elif picked is not None:
            take_reply(turn, picked.reply)
        else:
            turn.go("ask")
            turn.session.pending = None
            take_reply(turn, text)

    def back(self, turn: Turn) -> bool:
        """Ask the question again."""
        ask(turn, current(turn))
        return True


def picked_reading(readings: tuple[Alternative, ...], said: str) -> Alternative | None:
    """The reading that is named by its button, its number in the list, or its label."""
    plain = said.strip().casefold()
    for place, reading in enumerate(readings, 1):
        if plain in (f"{READING}{place}", str(place), reading.label.casefold()):
            return reading
    return None


class Confirming:
    """An answer that rules the person out is confirmed, or given anew."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002 - the signature of a part
        """That it is right, or to change it."""
        return ("yes", "change")

    def ask(self, turn: Turn) -> None:
        """Read the answer back."""
        question = current(turn)
        codes = next((codes for each, codes in ruling_out(turn) if each == question), ())
        turn.say(RulingOutAsked(question, turn.session.answers[question], codes))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """End, go on, or ask again."""
        if choice == "yes":
            self._confirm(turn)
        elif choice in ("change", "no"):
            ask(turn, current(turn))
        else:
            turn.say(NotUnderstood(State.CONFIRMING))
            self.ask(turn)

    def _confirm(self, turn: Turn) -> None:
        turn.session.confirmed = (*turn.session.confirmed, current(turn))
        if turn.session.carry_on or any(ruling_out(turn)):
            settle(turn)
            return
        turn.session.question = None
        turn.go("rule_out")
        turn.say(EndOffered(turn.ruling_out()))

    def back(self, turn: Turn) -> bool:
        """Ask the question again."""
        ask(turn, current(turn))
        return True


class RuledOut:
    """The person is probably ruled out: they may go on with the questions, or see the result."""

    def choices(self, turn: Turn) -> tuple[str, ...]:  # noqa: ARG002
        """To go on, or to end here."""
        return ("go_on", "finish")

    def ask(self, turn: Turn) -> None:
        """Offer the end."""
        turn.say(EndOffered(turn.ruling_out()))

    def take(self, turn: Turn, text: str, choice: str | None) -> None:  # noqa: ARG002
        """Go on, or tell the verdict."""
        if choice == "go_on":
            turn.session.carry_on = True
            settle(turn)
        elif choice == "finish":
            finish(turn)
        else:
            turn.say(NotUnderstood(State.RULED_OUT))
            self.ask(turn)

    def back(self, turn: Turn) -> bool:
        """Ask the last question again."""
        ask(turn, turn.session.trail[-1])
        return True
