"""A candidate screened without a conversation: all replies at once, read as the conversation would read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.criteria.assess import assess
from bot.criteria.bind import did_you_mean
from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Assessment
from bot.criteria.lexicon import Lexicon
from bot.criteria.protocol import RESPONDENT, Question, Respondent
from bot.criteria.reading import Outcome, Reading, Reason
from bot.criteria.replies import read, read_slip

SLIP = "slip"
"""The key of a whole laboratory slip, which answers several questions."""

MAX_KEPT = 65_536
LONGEST_KEPT = 40


class CandidateError(ValueError):
    """A candidate's record that cannot be screened: one sentence that says what to mend."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate's replies by question (and `slip`), each as it was read, and what they say about the trial."""

    respondent: Respondent
    replies: Mapping[str, Reading]
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Intake:
    """Screens candidates for one trial. `labels`: what each choice of a question is called, in every language.

    kept: replies read before, since thousands of candidates write the same few words and numbers.
    """

    trial: CompiledTrial
    lexicon: Lexicon
    labels: Mapping[str, Mapping[str, tuple[str, ...]]]
    today: dt.date
    kept: dict[tuple[str, str, Respondent], Reading] = field(default_factory=dict)

    def screen(self, record: Mapping[str, str]) -> Candidate:
        """The candidate whose replies, by question, are in `record`; blank ones are unanswered.

        Raises CandidateError for a key that is no question, and for a respondent that cannot be read.
        """
        self._known(record)
        given = {name: reply for name, reply in record.items() if reply.strip()}
        respondent = self._respondent(given)
        replies = {name: self.read(name, reply, respondent) for name, reply in given.items()}
        answers = self._answers(replies)
        return Candidate(respondent, replies, assess(self.trial, answers, respondent, self.today))

    def _known(self, record: Mapping[str, str]) -> None:
        known = [*self.trial.protocol.by_id, SLIP]
        for name in record:
            if name not in known:
                raise CandidateError(f"`{name}` is no question of the trial: {did_you_mean(name, known)}")

    def _respondent(self, given: Mapping[str, str]) -> Respondent:
        if RESPONDENT not in given:
            return Respondent.PATIENT
        reading = self.read(RESPONDENT, given[RESPONDENT], Respondent.PATIENT)
        if reading.outcome is not Outcome.ACCEPTED or reading.choice is None:
            raise CandidateError(f"`{RESPONDENT}` cannot be read: write {', '.join(Respondent)}")
        return Respondent(reading.choice)

    def read(self, name: str, reply: str, respondent: Respondent) -> Reading:
        """One reply, read; `name` is a question of the trial, or `slip`."""
        if name == SLIP:
            return read_slip(
                reply,
                lexicon=self.lexicon,
                analytes=self.trial.analytes,
                respondent=respondent,
                today=self.today,
                asked=self.trial.measured,
            )
        question = self.trial.protocol.by_id[name]
        if len(reply) > LONGEST_KEPT:
            return self._question_read(question, reply, respondent)
        key = (name, reply, respondent)
        if key not in self.kept:
            if len(self.kept) >= MAX_KEPT:
                self.kept.clear()
            self.kept[key] = self._question_read(question, reply, respondent)
        return self.kept[key]

    def _question_read(self, question: Question, reply: str, respondent: Respondent) -> Reading:
        return read(
            question,
            reply,
            lexicon=self.lexicon,
            analytes=self.trial.analytes,
            respondent=respondent,
            today=self.today,
            labels=self.labels.get(question.id, {}),
        )

    def _answers(self, replies: Mapping[str, Reading]) -> dict[str, Reading]:
        """The answers by question: a slip's rows answer those questions that have no reply of their own."""
        answers = {name: reading for name, reading in replies.items() if name != SLIP}
        own = {name for name, reading in answers.items() if reading.outcome is not Outcome.SLIP}
        rows: dict[str, Reading] = {}
        for name, row in self._rows(replies):
            rows[name] = _agreed(rows[name], row) if name in rows else row
        return {**answers, **{name: row for name, row in rows.items() if name not in own}}

    def _rows(self, replies: Mapping[str, Reading]) -> Iterator[tuple[str, Reading]]:
        """Each row of each slip given, by the question that it answers."""
        for reading in replies.values():
            for analyte, row in (reading.slip or {}).items():
                if analyte in self.trial.measured:
                    yield self.trial.measured[analyte], row


def _agreed(first: Reading, second: Reading) -> Reading:
    """The reading of an analyte that stands on two slips: neither is taken where they differ."""
    if (first.standard, first.times_uln, first.uln) == (second.standard, second.times_uln, second.uln):
        return first
    return replace(first, outcome=Outcome.CLARIFY, reason=Reason.SEVERAL_NUMBERS)
