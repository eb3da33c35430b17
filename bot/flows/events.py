"""What the bot does in a turn, as codes and values: `bot.speech` makes the words.

Every class names its event in `event`; its other fields are what `prescreen chat --json` prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.criteria.findings import Assessment
from bot.criteria.reading import Reading
from bot.flows.inputs import Command, Lapse, Medium
from bot.flows.states import State

# Every event has a literal name, so that a stored list of events reads back as what it was.
ContactKind = Literal["chat", "phone", "email"]


@dataclass(frozen=True, slots=True)
class LanguageAsked:
    """`{"event": "language_asked", "languages": ["en", "zh_Hans"]}`."""

    languages: tuple[str, ...]
    event: Literal["language_asked"] = "language_asked"


@dataclass(frozen=True, slots=True)
class LanguageChanged:
    """`{"event": "language_changed", "locale": "zh_Hans"}`."""

    locale: str
    event: Literal["language_changed"] = "language_changed"


@dataclass(frozen=True, slots=True)
class Introduced:
    """What this is, told once at the start. `{"event": "introduced"}`."""

    event: Literal["introduced"] = "introduced"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """The words that always work, and what is waited for. `{"event": "help_given", "state": "asking"}`."""

    state: State
    event: Literal["help_given"] = "help_given"


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """Who sees the answers, and whether health questions may be asked. `{"event": "consent_asked"}`."""

    event: Literal["consent_asked"] = "consent_asked"


@dataclass(frozen=True, slots=True)
class ConsentDeclined:
    """`{"event": "consent_declined"}`."""

    event: Literal["consent_declined"] = "consent_declined"


@dataclass(frozen=True, slots=True)
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
class SlipRow:
    """One row of a slip: what was understood, and for which question it will be used.

    `before`: another answer that the question already has. `number`: the row's own in the picture that it was read from.
    """

    question: str
    reading: Reading
    before: Reading | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SlipRead:
    """A lab slip, read back as a table. `skipped`: names on it that the trial does not ask for."""

    rows: tuple[SlipRow, ...]
    skipped: tuple[str, ...] = ()
    event: Literal["slip_read"] = "slip_read"


@dataclass(frozen=True, slots=True)
class SlipRowAsked:
    """One row of the slip is to be typed anew, or picked from its plausible readings."""

    row: SlipRow
    event: Literal["slip_row_asked"] = "slip_row_asked"


@dataclass(frozen=True, slots=True)
class SlipRowTyped:
    """None of the readings of a row is right: its value is to be typed. `{"event": "slip_row_typed", "row": {…}}`."""

    row: SlipRow
    event: Literal["slip_row_typed"] = "slip_row_typed"


@dataclass(frozen=True, slots=True)
class SlipDayAsked:
    """On which day the sample of a photographed slip was taken. `{"event": "slip_day_asked", "days": ["2026-10-03", …]}`.

    `days`: as which the day in the picture can be read; none where there is none in it.
    """

    days: tuple[date, ...]
    event: Literal["slip_day_asked"] = "slip_day_asked"


@dataclass(frozen=True, slots=True)
class SlipDiscarded:
    """The slip is put aside; nothing of it is used. `{"event": "slip_discarded"}`."""

    event: Literal["slip_discarded"] = "slip_discarded"


@dataclass(frozen=True, slots=True)
class PhotoOffered:
    """A photograph of the slip may be sent instead. `{"event": "photo_offered"}`."""

    event: Literal["photo_offered"] = "photo_offered"


@dataclass(frozen=True, slots=True)
class PhotoAwaited:
    """A picture is being read; what is waited for stays as it is. `{"event": "photo_awaited"}`."""

    event: Literal["photo_awaited"] = "photo_awaited"


@dataclass(frozen=True, slots=True)
class PhotoNotRead:
    """`{"event": "photo_not_read", "reason": "no_table"}`.

    `reason`: the reader's or the channel's, `no_tests` where the trial asks for none of the tests in the picture, or
    `not_now` where no slip is taken.
    """

    reason: str
    event: Literal["photo_not_read"] = "photo_not_read"


@dataclass(frozen=True, slots=True)
class PhotoGaps:
    """So many lines of the picture look like results and could not be read. `{"event": "photo_gaps", "lines": 2}`."""

    lines: int
    event: Literal["photo_gaps"] = "photo_gaps"


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
class SiteAsked:
    """Which site is nearest. `{"event": "site_asked", "sites": ["shenzhen", …]}`."""

    sites: tuple[str, ...]
    event: Literal["site_asked"] = "site_asked"


@dataclass(frozen=True, slots=True)
class AgreementAsked:
    """Whether the answers may go to the site's coordinator. `{"event": "agreement_asked", "site": "haikou"}`."""

    site: str
    event: Literal["agreement_asked"] = "agreement_asked"


@dataclass(frozen=True, slots=True)
class AgreementRefused:
    """Nothing is sent. `{"event": "agreement_refused"}`."""

    event: Literal["agreement_refused"] = "agreement_refused"


@dataclass(frozen=True, slots=True)
class NameAsked:
    """`{"event": "name_asked"}`."""

    event: Literal["name_asked"] = "name_asked"


@dataclass(frozen=True, slots=True)
class ReachAsked:
    """By which way the coordinator may reach the person. `{"event": "reach_asked"}`."""

    event: Literal["reach_asked"] = "reach_asked"


@dataclass(frozen=True, slots=True)
class ContactAsked:
    """`{"event": "contact_asked", "kind": "phone"}`."""

    kind: ContactKind
    event: Literal["contact_asked"] = "contact_asked"


@dataclass(frozen=True, slots=True)
class DetailRejected:
    """A name, phone number or e-mail address that cannot be one. `{"event": "detail_rejected", "kind": "phone"}`."""

    kind: Literal["name", "pseudonym", "phone", "email"]
    event: Literal["detail_rejected"] = "detail_rejected"


@dataclass(frozen=True, slots=True)
class ReferralRequested:
    """A referral is on record. `{"event": "referral_requested", "reference": "7KQ2-M9XF-3C", "site": "haikou"}`."""

    reference: str
    site: str
    event: Literal["referral_requested"] = "referral_requested"


@dataclass(frozen=True, slots=True)
class Ended:
    """All is done: what the person can still do. `{"event": "ended", "reference": null}`."""

    reference: str | None
    event: Literal["ended"] = "ended"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A pause that the person asked for. `{"event": "stopped"}`."""

    event: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class Resumed:
    """The person is back. `{"event": "resumed", "state": "asking", "question": "hemoglobin"}`."""

    state: State
    question: str | None
    event: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True)
class RestartAsked:
    """Whether to drop all answers and begin anew. `{"event": "restart_asked"}`."""

    event: Literal["restart_asked"] = "restart_asked"


@dataclass(frozen=True, slots=True)
class Restarted:
    """`{"event": "restarted"}`."""

    event: Literal["restarted"] = "restarted"


@dataclass(frozen=True, slots=True)
class DeletionAsked:
    """Whether to delete all that is kept of this person. `{"event": "deletion_asked", "reference": null}`."""

    reference: str | None
    event: Literal["deletion_asked"] = "deletion_asked"


@dataclass(frozen=True, slots=True)
class Deleted:
    """All that was kept of this person is deleted. `{"event": "deleted"}`."""

    event: Literal["deleted"] = "deleted"


@dataclass(frozen=True, slots=True)
class PrivacyTold:
    """Who sees the answers, where they are kept, and how to delete them. `{"event": "privacy_told"}`."""

    event: Literal["privacy_told"] = "privacy_told"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A message that fits no choice of the state. `{"event": "not_understood", "state": "choosing_site"}`."""

    state: State
    event: Literal["not_understood"] = "not_understood"


@dataclass(frozen=True, slots=True)
class ButtonStale:
    """A button of an earlier step; nothing was changed. `{"event": "button_stale"}`."""

    event: Literal["button_stale"] = "button_stale"


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
class MediaRefused:
    """What came is no text. `{"event": "media_refused", "medium": "photo"}`."""

    medium: Medium
    event: Literal["media_refused"] = "media_refused"


@dataclass(frozen=True, slots=True)
class LapseTold:
    """The bot was silent for long. `{"event": "lapse_told", "lapse": "late"}`."""

    lapse: Lapse
    event: Literal["lapse_told"] = "lapse_told"


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that a question waits. `{"event": "reminded"}`."""

    event: Literal["reminded"] = "reminded"


@dataclass(frozen=True, slots=True)
class Expired:
    """Nothing was heard for long: all is deleted. `{"event": "expired", "days": 30}`."""

    days: int
    event: Literal["expired"] = "expired"


@dataclass(frozen=True, slots=True)
class TeamSaw:
    """Somebody of the study team has the referral. `{"event": "team_saw", "reference": "7KQ2-M9XF-3C"}`."""

    reference: str
    event: Literal["team_saw"] = "team_saw"


@dataclass(frozen=True, slots=True)
class TeamWrote:
    """A message from the study team. `{"event": "team_wrote", "reference": "7KQ2-M9XF-3C", "text": "…"}`."""

    reference: str
    text: str
    event: Literal["team_wrote"] = "team_wrote"


@dataclass(frozen=True, slots=True)
class TeamSilent:
    """Nobody has acted yet. `{"event": "team_silent", "reference": "7KQ2-M9XF-3C", "phone": null}`."""

    reference: str
    phone: str | None
    event: Literal["team_silent"] = "team_silent"


@dataclass(frozen=True, slots=True)
class TeamBooked:
    """The study team has booked a visit. `{"event": "team_booked", "reference": "7KQ2-M9XF-3C"}`."""

    reference: str
    event: Literal["team_booked"] = "team_booked"


@dataclass(frozen=True, slots=True)
class TeamUnbooked:
    """The booking was taken back. `{"event": "team_unbooked", "reference": "7KQ2-M9XF-3C"}`."""

    reference: str
    event: Literal["team_unbooked"] = "team_unbooked"


@dataclass(frozen=True, slots=True)
class TeamDone:
    """The study team has ended the referral. `{"event": "team_done", "reference": "7KQ2-M9XF-3C"}`."""

    reference: str
    event: Literal["team_done"] = "team_done"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What the person wrote goes to the study team. `{"event": "passed_on"}`."""

    event: Literal["passed_on"] = "passed_on"


@dataclass(frozen=True, slots=True)
class RecheckDue:
    """The day has come on which a failing criterion may pass. `{"event": "recheck_due"}`."""

    event: Literal["recheck_due"] = "recheck_due"


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command that cannot be done here, such as going back from the first question."""

    command: Command
    event: Literal["command_refused"] = "command_refused"


Event = (
    LanguageAsked
    | LanguageChanged
    | Introduced
    | QuestionAsked
    | Explained
    | HelpGiven
    | ConsentAsked
    | ConsentDeclined
    | ReadBack
    | ReplyUnclear
    | ReplyRejected
    | ExactAsked
    | AnswersDropped
    | RulingOutAsked
    | EndOffered
    | SlipRead
    | SlipRowAsked
    | SlipRowTyped
    | SlipDayAsked
    | SlipDiscarded
    | PhotoOffered
    | PhotoAwaited
    | PhotoNotRead
    | PhotoGaps
    | ReviewShown
    | ChangeAsked
    | Assessed
    | SiteAsked
    | AgreementAsked
    | AgreementRefused
    | NameAsked
    | ReachAsked
    | ContactAsked
    | DetailRejected
    | ReferralRequested
    | Ended
    | Stopped
    | Resumed
    | RestartAsked
    | Restarted
    | DeletionAsked
    | Deleted
    | PrivacyTold
    | NotUnderstood
    | ButtonStale
    | CommandRefused
    | AnswerChanged
    | EditIgnored
    | MediaRefused
    | LapseTold
    | Reminded
    | Expired
    | TeamSaw
    | TeamWrote
    | TeamSilent
    | TeamBooked
    | TeamUnbooked
    | TeamDone
    | PassedOn
    | RecheckDue
)
"""Everything that the bot does."""
