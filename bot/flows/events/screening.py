"""The consent, the questions and their answers, the review and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.criteria.findings import Assessment
from bot.criteria.reading import Reading
from bot.record import record


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """Who sees the answers, and whether health questions may be asked. `{"event": "consent_asked"}`."""

    event: Literal["consent_asked"] = "consent_asked"


@dataclass(frozen=True, slots=True)
class ConsentDeclined:
    """`{"event": "consent_declined"}`."""

    event: Literal["consent_declined"] = "consent_declined"


@record
class QuestionAsked:
    """`{"event": "question_asked", "question": "hemoglobin", "number": 14, "total": 18, "variant": null}`.

    `number` of `total`: the progress. `variant`: another wording of the question, such as a child's scale.
    `current`: the answer that it already has, when the person came back to it.
    """

    question: str
    number: int
    total: int
    variant: str | None = None
    current: Reading | None = None
    event: Literal["question_asked"] = "question_asked"


@dataclass(frozen=True, slots=True)
class Explained:
    """What the question means and an example of a reply. `{"event": "explained", "question": "hemoglobin"}`."""

    question: str
    variant: str | None = None
    event: Literal["explained"] = "explained"


@record
class ReadBack:
    """An answer as it was understood. `{"event": "read_back", "question": "hemoglobin", "reading": {…}}`.

    `first`: it is the first one, so that the person is told how to change it.
    """

    question: str
    reading: Reading
    first: bool = False
    event: Literal["read_back"] = "read_back"


@dataclass(frozen=True, slots=True)
class ReplyUnclear:
    """Several readings are possible, or one that looks wrong: the choices are `reading.readings`."""

    question: str
    reading: Reading
    event: Literal["reply_unclear"] = "reply_unclear"


@dataclass(frozen=True, slots=True)
class ReplyRejected:
    """Not a reading at all: what is expected is told with an example."""

    question: str
    reading: Reading
    event: Literal["reply_rejected"] = "reply_rejected"


@dataclass(frozen=True, slots=True)
class ExactAsked:
    """The answer is read, but lies across the limit: the exact figure is asked for."""

    question: str
    reading: Reading
    event: Literal["exact_asked"] = "exact_asked"


@dataclass(frozen=True, slots=True)
class AnswersDropped:
    """Answers that no longer apply. `{"event": "answers_dropped", "questions": ["pregnancy"]}`."""

    questions: tuple[str, ...]
    event: Literal["answers_dropped"] = "answers_dropped"


@dataclass(frozen=True, slots=True)
class RulingOutAsked:
    """An answer that rules the person out is read back, to be confirmed. `codes`: the criteria that it fails."""

    question: str
    reading: Reading
    codes: tuple[str, ...]
    event: Literal["ruling_out_asked"] = "ruling_out_asked"


@dataclass(frozen=True, slots=True)
class EndOffered:
    """The person is probably ruled out, and may end here or go on. `codes`: the criteria that fail."""

    codes: tuple[str, ...]
    event: Literal["end_offered"] = "end_offered"


@dataclass(frozen=True, slots=True)
class AnswerChanged:
    """An edited message corrected its answer. `{"event": "answer_changed", "question": "hemoglobin", "before": {…}, "reading": {…}}`."""

    question: str
    before: Reading
    reading: Reading
    event: Literal["answer_changed"] = "answer_changed"


@dataclass(frozen=True, slots=True)
class EditIgnored:
    """An edited message corrects nothing (any more). `{"event": "edit_ignored", "reference": null}`."""

    reference: str | None
    event: Literal["edit_ignored"] = "edit_ignored"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One answer of the review."""

    question: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """All answers, to be checked."""

    rows: tuple[ReviewRow, ...]
    final: bool = False  # they are only shown, not to be changed here any more
    event: Literal["review_shown"] = "review_shown"


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """Which answer is to be changed. `{"event": "change_asked", "questions": ["age", …]}`."""

    questions: tuple[str, ...]
    event: Literal["change_asked"] = "change_asked"


@dataclass(frozen=True, slots=True)
class Assessed:
    """The verdict with its findings; printed as in `screen`."""

    assessment: Assessment
    event: Literal["assessed"] = "assessed"


@dataclass(frozen=True, slots=True)
class RecheckDue:
    """The day has come on which a failing criterion may pass. `{"event": "recheck_due"}`."""

    event: Literal["recheck_due"] = "recheck_due"


Event = (
    ConsentAsked
    | ConsentDeclined
    | QuestionAsked
    | Explained
    | ReadBack
    | ReplyUnclear
    | ReplyRejected
    | ExactAsked
    | AnswersDropped
    | RulingOutAsked
    | EndOffered
    | AnswerChanged
    | EditIgnored
    | ReviewShown
    | ChangeAsked
    | Assessed
    | RecheckDue
)
