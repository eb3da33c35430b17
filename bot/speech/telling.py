"""From events to messages: what the bot says, in the person's language and to the right person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, singledispatchmethod
from typing import Any, TypeAlias

from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Cause, Finding, Status, Verdict
from bot.criteria.protocol import Kind, Respondent
from bot.criteria.reading import Outcome, Reading, Reason, Role
from bot.flows.events import Event, control, referral, screening, slips
from bot.flows.session import Session
from bot.flows.states import State
from bot.speech.awaited import NUMERIC, Awaited
from bot.speech.catalogue import Catalogue
from bot.speech.event_json import event_json
from bot.speech.evidence import evidence
from bot.speech.findings import assessment_json
from bot.speech.message import Button, Message, Table
from bot.speech.tables import table
from bot.speech.voice import Voice

LONGEST_QUOTE = 60  # characters of a reply that are shown back as not understood
KEPT = 2_048  # events as they were said; one takes about 2 KiB
TELLERS = 64

ALIKE = (screening.QuestionAsked, screening.ReadBack, screening.ConsentAsked, control.Introduced)
"""The events that are said to many people word by word: of a turn's events most are one of these."""

Told: TypeAlias = tuple[str | None, dict[str, Any], Table | None, tuple[Button, ...]]
"""What is said of an event: its text, the event as JSON, its table, and what can be chosen beside it."""


def tell(
    teller: Teller, session: Session, variants: Mapping[str, str], told: Sequence[Event], choices: tuple[str, ...]
) -> tuple[Message, ...]:
    """The messages for the events of a sprint; the last one says what is waited for, with these choices.

    `variants`: the questions put to this person in other words than usual. That a picture is being read changes nothing:
    what was asked before it stays as it is, with its buttons.
    """
    mark, locale = session.mark, session.locale
    last = None if told and isinstance(told[-1], slips.PhotoAwaited) else len(told)
    waiting = Awaited(teller, session, variants).waiting(choices) if last else None
    said = []
    for place, event in enumerate(told, 1):
        text, as_json, rows, beside = _said_alike(teller, event) if isinstance(event, ALIKE) else teller.told(event)
        waits = waiting if place == last else None
        said.append(Message(text, as_json, waits, locale, rows, beside, session=mark))
    return tuple(said)


@lru_cache(TELLERS)
def teller_for(trial: CompiledTrial, catalogue: Catalogue, locale: str, respondent: Respondent) -> Teller:
    """The one that speaks of a trial in a language to one kind of respondent."""
    return Teller(trial, catalogue, locale, respondent)


class Teller(Voice):
    """Says events."""

    def told(self, event: Event) -> Told:
        """All that is said of an event."""
        return self.say(event), self.as_json(event), table(self, event), self.beside(event)

    def as_json(self, event: Event) -> dict[str, Any]:
        """The event with its fields, as `prescreen chat --json` prints it."""
        if isinstance(event, screening.Assessed):
            shown = assessment_json(event.assessment, self.trial.protocol, self.catalogue, self.locale)
            return {"event": event.event, **shown}
        return event_json(event)

    def say(self, event: Event) -> str | None:
        """What the person reads of an event."""
        return _saying(type(event))(self, event)  # type: ignore[arg-type] # mypy takes classes for unhashable

    @singledispatchmethod
    def _said(self, event: Event) -> str | None:
        whole = self.catalogue.has(self.locale, event.event)
        return self.text(event.event if whole else event.event.replace("_", "."))

    @_said.register
    def _(self, event: control.LanguageAsked) -> str:
        return "\n".join(self.catalogue.text(locale, "language.ask") for locale in event.languages)

    @_said.register
    def _(self, event: control.LanguageChanged) -> str:
        return self.catalogue.text(event.locale, "language.changed")

    @_said.register
    def _(self, event: control.Introduced) -> str:  # noqa: ARG002
        return self.text("introduced", title=self.text("trial.title"))

    @_said.register
    def _(self, event: screening.QuestionAsked) -> str:
        progress = self.text("question.progress", number=str(event.number), total=str(event.total))
        lines = [progress, self._question(event.question, event.variant)]
        if event.current is not None:
            lines.append(self.text("question.current", answer=self.answer(event.question, event.current)))
        return "\n".join(lines)

    def _question(self, question: str, variant: str | None) -> str:
        ask = f"question.{question}.ask"
        respondent = self.respondent
        keys = [f"{ask}.{variant}.{respondent}"] if variant else []
        return self.catalogue.first(self.locale, [*keys, f"{ask}.{respondent}"])

    @_said.register
    def _(self, event: screening.Explained) -> str:
        help_ = f"question.{event.question}.help"
        keys = [f"{help_}.{event.variant}", help_] if event.variant else [help_]
        return "\n".join([self.catalogue.first(self.locale, keys), *self._example(event.question)])

    def _example(self, question: str) -> list[str]:
        key = f"question.{question}.example"
        if not self.catalogue.has(self.locale, key):
            return []
        return [self.text("question.example", example=self.text(key))]

    @_said.register
    def _(self, event: control.HelpGiven) -> str:  # noqa: ARG002
        return self.text("help")

    @_said.register
    def _(self, event: screening.ConsentAsked) -> str:  # noqa: ARG002
        return self.text("consent.ask")

    @_said.register
    def _(self, event: screening.ReadBack) -> str:
        return self.text(
            "read_back.hint" if event.first else "read_back",
            name=self.name(event.question),
            answer=self.answer(event.question, event.reading),
        )

    @_said.register
    def _(self, event: screening.ReplyUnclear) -> str:
        reason = event.reading.reason
        key = f"unclear.{reason}"
        if not self.catalogue.has(self.locale, key):
            key = "unclear.other"
        if reason is Reason.IMPLAUSIBLE and not event.reading.readings:
            key = "rejected.implausible"
        said = self.text(key, name=self.name(event.question), units=self._units(event.question))
        return "\n".join([said, *self._unread(event.reading)])

    def _unread(self, reading: Reading) -> list[str]:
        """Which part of the reply was not understood, where it is not the whole of it."""
        parts = [reading.reply[span.start : span.end] for span in reading.spans if span.role is Role.UNREAD]
        part = " … ".join(parts)
        if not part or len(part) > LONGEST_QUOTE or part == reading.reply.strip():
            return []
        return [self.text("unread", part=part)]

    def _units(self, question: str) -> str:
        asked = self.trial.protocol.by_id[question]
        analyte = self.trial.analytes.get(asked.analyte or "")
        signs = [self.values.sign(unit.code) for unit in analyte.units] if analyte else []
        return self.values.listed([sign for sign in signs if sign])

    @_said.register
    def _(self, event: screening.ReplyRejected) -> str:
        kind = self.trial.protocol.by_id[event.question].kind
        lines = [self.text(self._rejection(event.reading.reason, kind), name=self.name(event.question))]
        return "\n".join([*lines, *self._unread(event.reading), *self._example(event.question)])

    def _rejection(self, reason: Reason | None, kind: Kind) -> str:
        if reason is Reason.IMPLAUSIBLE and kind is Kind.AGE:
            return "rejected.implausible_age"
        if kind is Kind.SCORE:
            return "rejected.score"
        if self.catalogue.has(self.locale, f"rejected.{reason}"):
            return f"rejected.{reason}"
        return f"rejected.{'number' if kind in NUMERIC else kind}"

    @_said.register
    def _(self, event: screening.ExactAsked) -> str:
        kind = self.trial.protocol.by_id[event.question].kind
        key = f"exact.{kind}" if kind in (Kind.AGE, Kind.DATE) else "exact.number"
        return self.text(key, answer=self.answer(event.question, event.reading))

    @_said.register
    def _(self, event: screening.AnswersDropped) -> str:
        return self.text("dropped", names=self.values.listed([self.name(each) for each in event.questions]))

    @_said.register
    def _(self, event: screening.RulingOutAsked) -> str:
        answer = self.answer(event.question, event.reading)
        return self.text("ruling_out.ask", name=self.name(event.question), answer=answer)

    @_said.register
    def _(self, event: screening.EndOffered) -> str:
        return self.text("end_offered", codes=self.values.listed(list(event.codes)))

    @_said.register
    def _(self, event: slips.SlipRead) -> str:
        lines = [self.slip_title(event), *(self.slip_row(row) for row in event.rows)]
        if event.skipped:
            lines.append(self.text("slip.skipped", names=self.values.listed(list(event.skipped))))
        lines.append(self.text("slip.ask" if event.rows else "slip.none"))
        return "\n".join(lines)

    def slip_row(self, row: slips.SlipRow) -> str:
        """A row of a slip, marked by whether it is understood."""
        if row.reading.outcome is Outcome.ACCEPTED:
            mark, answer = "✓", self.answer(row.question, row.reading)
        else:
            mark, answer = "?", self.text("slip.unclear", reply=row.reading.reply.strip())
        line = self.text("slip.row", mark=mark, name=self.row_name(row), answer=answer)
        if row.before is None:
            return line
        return f"{line} {self.text('slip.before', answer=self.answer(row.question, row.before))}"

    @_said.register
    def _(self, event: slips.SlipRowAsked) -> str:
        row = event.row
        key = "slip.row.ask" if row.number is None else "photo.row.ask"
        return self.text(key, name=self.row_name(row), reply=row.reading.reply.strip())

    @_said.register
    def _(self, event: slips.PhotoNotRead) -> str:
        return self.text(f"photo.{event.reason}")

    @_said.register
    def _(self, event: slips.PhotoGaps) -> str:
        return self.text("photo.gaps", lines=str(event.lines))

    @_said.register
    def _(self, event: screening.ReviewShown) -> str:
        title = self.text("review.final" if event.final else "review.title")
        told = self.answers({row.question: row.reading for row in event.rows})
        rows = (self.text("review.row", name=self.name(each), answer=answer) for each, answer in told.items())
        return "\n".join([title, *rows])

    @_said.register
    def _(self, event: screening.ChangeAsked) -> str:  # noqa: ARG002
        return self.text("change.ask")

    @_said.register
    def _(self, event: screening.Assessed) -> str:
        assessment = event.assessment
        parts = [self.text(f"verdict.{assessment.verdict}")]
        if assessment.verdict is Verdict.NOT_YET:
            day = assessment.recheck_on
            parts.append(
                self.text("verdict.recheck", date=self.values.day(day)) if day else self.text("verdict.recheck.open")
            )
        findings = assessment.findings.values()
        failed = [each for each in findings if each.status is Status.FAIL]
        open_ = [each for each in findings if each.status is Status.UNDETERMINED]
        by_site = [each for each in open_ if each.reason is Cause.SITE_ASSESSES]
        parts += self._reasons("failed", failed)
        if assessment.verdict is Verdict.UNDETERMINED:
            parts += self._reasons("open", [each for each in open_ if each not in by_site])
        if by_site and assessment.verdict in (Verdict.LIKELY_ELIGIBLE, Verdict.UNDETERMINED):
            parts.append(self.text("verdict.site_assesses"))
        return "\n\n".join(parts)

    def _reasons(self, kind: str, findings: list[Finding]) -> list[str]:
        if not findings:
            return []
        lines = [self.text(f"verdict.reasons.{kind}")]
        for finding in findings:
            requirement = self.text(f"criterion.{finding.code}")
            shown = evidence(finding, self.trial.protocol, self.catalogue, self.locale, to_patients=True)
            lines.append(self.text("verdict.reason", requirement=requirement, evidence=shown))
        return ["\n".join(lines)]

    @_said.register
    def _(self, event: referral.SiteAsked) -> str:  # noqa: ARG002
        return self.text("site.ask")

    @_said.register
    def _(self, event: referral.AgreementAsked) -> str:
        return self.text("agreement.ask", site=self.text(f"site.{event.site}"))

    @_said.register
    def _(self, event: referral.NameAsked) -> str:  # noqa: ARG002
        return self.text("name.ask")

    @_said.register
    def _(self, event: referral.ReachAsked) -> str:  # noqa: ARG002
        return self.text("reach.ask")

    @_said.register
    def _(self, event: referral.ContactAsked) -> str:
        return self.text(f"contact.ask.{event.kind}")

    @_said.register
    def _(self, event: referral.DetailRejected) -> str:
        return self.text(f"detail.rejected.{event.kind}")

    @_said.register
    def _(self, event: referral.ReferralRequested) -> str:
        return self.text("referral.requested", site=self.text(f"site.{event.site}"), reference=event.reference)

    @_said.register
    def _(self, event: control.RestartAsked) -> str:  # noqa: ARG002
        return self.text("restart.ask")

    @_said.register
    def _(self, event: control.DeletionAsked) -> str:
        if event.reference is not None and event.others:
            named = self.values.listed([event.reference, *event.others])
            return self.text("deletion.ask.several", references=named)
        if event.reference is not None:
            return self.text("deletion.ask.referred", reference=event.reference)
        return self.text("deletion.ask")

    @_said.register
    def _(self, event: control.PrivacyTold) -> str:  # noqa: ARG002
        return self.text("privacy")

    @_said.register
    def _(self, event: control.NotUnderstood) -> str:
        return self.text("not_understood.finished" if event.state is State.FINISHED else "not_understood")

    @_said.register
    def _(self, event: control.ButtonStale) -> str:  # noqa: ARG002
        return self.text("button_stale")

    @_said.register
    def _(self, event: screening.AnswerChanged) -> str:
        before, now = self.answer(event.question, event.before), self.answer(event.question, event.reading)
        return self.text("answer_changed", name=self.name(event.question), before=before, answer=now)

    @_said.register
    def _(self, event: screening.EditIgnored) -> str:
        return self.text("edit_ignored.referred" if event.reference else "edit_ignored")

    @_said.register
    def _(self, event: control.MediaRefused) -> str:
        return self.text("media_refused", medium=self.text(f"medium.{event.medium}"))

    @_said.register
    def _(self, event: control.LapseTold) -> str:
        return self.text(f"lapse.{event.lapse}")

    @_said.register
    def _(self, event: control.Expired) -> str:
        if event.reference is not None:
            return self.text("expired.asked", days=str(event.days), reference=event.reference)
        return self.text("expired", days=str(event.days))

    @_said.register
    def _(self, event: referral.TeamReopened) -> str:
        return self.text("team_reopened.writable" if event.writable else "team_reopened", reference=event.reference)

    @_said.register
    def _(self, event: referral.TeamDone) -> str:
        if event.other is None:
            return self.text("team_done")
        return self.text("team_done.other", reference=event.reference, other=event.other)

    @_said.register
    def _(self, event: referral.TeamWrote) -> str:
        return self.text("team_wrote", text=event.text)

    @_said.register
    def _(self, event: referral.TeamSilent) -> str:
        if event.phone is None:
            return self.text("team_silent", reference=event.reference)
        return self.text("team_silent.phone", phone=event.phone, reference=event.reference)

    @_said.register
    def _(self, event: control.CommandRefused) -> str:
        return self.text(f"refused.{event.command}")


@lru_cache(KEPT)
def _said_alike(teller: Teller, event: Event) -> Told:
    """What is said of an event of a kind that comes in every conversation alike. It is not to be changed."""
    return teller.told(event)


@cache
def _saying(kind: type[Event]) -> Callable[[Teller, Event], str | None]:
    """How an event of that kind is said. It is looked up once: each look makes a method anew."""
    return vars(Teller)["_said"].dispatcher.dispatch(kind)  # type: ignore[no-any-return] # what `register` was given
