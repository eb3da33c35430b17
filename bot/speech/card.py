"""A referral as a coordinator reads it: each criterion with the answer as typed, its value, the limit, and what is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.criteria.assess import assess
from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Assessment, Cause, Finding, Status
from bot.flows.handoff.people import Card
from bot.flows.handoff.stages import Stage
from bot.speech.catalogue import Catalogue
from bot.speech.evidence import evidence
from bot.speech.values import Values

MARKS = {Status.PASS: "✓", Status.FAIL: "✗", Status.UNDETERMINED: "?"}
LONGEST_REPLY = 60  # characters of a reply that are quoted


@dataclass(frozen=True, slots=True)
class CardText:
    """Writes a card in one language."""

    trial: CompiledTrial
    catalogue: Catalogue
    locale: str

    def write(self, card: Card) -> str:
        """The card. The last line says how far the referral has come."""
        if card.stage is Stage.WITHDRAWN:
            return self._text("card.withdrawn", reference=card.reference)
        assessment = assess(self.trial, card.answers, card.respondent, card.today)
        parts = [
            self._head(card, assessment),
            "\n".join(self._line(each, card) for each in self._settled(assessment)),
            *self._questions(assessment),
            *self._assessed_by_site(assessment),
            self._stage(card),
        ]
        return "\n\n".join(part for part in parts if part)

    def _text(self, key: str, **values: str) -> str:
        return self.catalogue.text(self.locale, key, **values)

    def _head(self, card: Card, assessment: Assessment) -> str:
        head = self._text(
            "card.head",
            reference=card.reference,
            site=self.catalogue.first(self.locale, [f"site.{card.site}"]),
            trial=self._text("trial.title"),
            version=card.trial_version,
        )
        verdict = self._text(f"card.verdict.{assessment.verdict}")
        source = self._text(f"card.source.{card.respondent}")
        day = Values(self.catalogue, self.locale).day(card.today)
        return f"{head}\n{verdict}\n{self._text('card.origin', source=source, date=day)}"

    @staticmethod
    def _settled(assessment: Assessment) -> list[Finding]:
        """All findings but those that the site makes itself: what failed first, then what is open."""
        order = (Status.FAIL, Status.UNDETERMINED, Status.PASS)
        own = [each for each in assessment.findings.values() if each.reason is not Cause.SITE_ASSESSES]
        return sorted(own, key=lambda finding: order.index(finding.status))

    def _line(self, finding: Finding, card: Card) -> str:
        """One criterion: mark, code, what it rests on, and the answers as typed."""
        shown = evidence(finding, self.trial.protocol, self.catalogue, self.locale)
        line = f"{MARKS[finding.status]} {finding.code} {shown}"
        typed = [self._text("card.typed", reply=reply) for reply in self._typed(finding, card)]
        return " ".join([line, *typed, *self._dates(finding, card)])

    def _typed(self, finding: Finding, card: Card) -> Iterator[str]:
        for question in dict.fromkeys(each.question for each in finding.evidence):
            reading = card.answers.get(question)
            reply = " ".join(reading.reply.split()) if reading and reading.choice is None else ""
            if reply:
                yield reply if len(reply) <= LONGEST_REPLY else f"{reply[: LONGEST_REPLY - 1]}…"

    def _dates(self, finding: Finding, card: Card) -> Iterator[str]:
        """The dates of the results that it rests on."""
        readings = (card.answers.get(each.question) for each in finding.evidence)
        days: dict[dt.date, None] = dict.fromkeys(
            reading.observed_on for reading in readings if reading and reading.observed_on
        )
        values = Values(self.catalogue, self.locale)
        return (self._text("card.observed", date=values.day(day)) for day in days)

    def _questions(self, assessment: Assessment) -> Iterator[str]:
        """What is open, as questions to ask on the phone."""
        open_ = [
            each
            for each in assessment.findings.values()
            if each.status is Status.UNDETERMINED and each.reason is not Cause.SITE_ASSESSES
        ]
        asked = dict.fromkeys(shown.question for each in open_ for shown in each.evidence if shown.met is None)
        if asked:
            lines = [f"– {self._text(f'question.{question}.ask.staff')}" for question in asked]
            yield "\n".join([self._text("card.ask"), *lines])

    def _assessed_by_site(self, assessment: Assessment) -> Iterator[str]:
        by_site = [each for each in assessment.findings.values() if each.reason is Cause.SITE_ASSESSES]
        if by_site:
            lines = [f"– {each.code} {self._text(f'criterion.{each.code}')}" for each in by_site]
            yield "\n".join([self._text("card.site_assesses"), *lines])

    def _stage(self, card: Card) -> str:
        stage = self._text(f"stage.{card.stage}")
        line = self._text("card.stage", stage=stage)
        if card.holder is not None:
            line = self._text("card.stage.held", stage=stage, holder=card.holder)
        return f"{line} ({card.detail})" if card.detail and card.stage is Stage.NOT_SUITABLE else line
