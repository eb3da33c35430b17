"""A referral as a coordinator reads it: each criterion with the answer as typed, its value, the limit, and what is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
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
MOST_AGAIN = 3  # requests in other conversations that a card tells of: the latest ones


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: how it stands, what that rests on, the answers as typed, and the dates of the results."""

    code: str
    status: Status
    evidence: str
    typed: tuple[str, ...]
    observed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardParts:
    """A card in its parts, each in words. `again`: what the person asked for in other conversations.

    `ask`: the questions that are open; `site_assesses`: criteria by code and name.
    """

    verdict: str
    origin: str
    again: tuple[str, ...]
    lines: tuple[Line, ...]
    ask: tuple[str, ...]
    site_assesses: tuple[tuple[str, str], ...]


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
        if card.stage is Stage.REPEATED:
            return self._text("card.repeated", reference=card.reference, first=card.detail)
        parts = self.parts(card)
        blocks = [
            f"{self._head(card)}\n{parts.verdict}\n{parts.origin}",
            "\n".join(parts.again),
            "\n".join(self._written(line) for line in parts.lines),
            "\n".join(self._listed("card.ask", parts.ask)),
            "\n".join(self._listed("card.site_assesses", [" ".join(each) for each in parts.site_assesses])),
            self._stage(card),
        ]
        return "\n\n".join(block for block in blocks if block)

    def parts(self, card: Card) -> CardParts:
        """The card in its parts, assessed as of its day."""
        assessment = assess(self.trial, card.answers, card.respondent, card.today)
        source, day = self._text(f"card.source.{card.respondent}"), Values(self.catalogue, self.locale).day(card.today)
        return CardParts(
            verdict=self._text(f"card.verdict.{assessment.verdict}"),
            origin=self._text("card.origin", source=source, date=day),
            again=tuple(self._again(card)),
            lines=tuple(self._line(each, card) for each in _settled(assessment)),
            ask=tuple(self._text(f"question.{question}.ask.staff") for question in open_questions(assessment)),
            site_assesses=tuple(
                (each.code, self._text(f"criterion.{each.code}"))
                for each in assessment.findings.values()
                if each.reason is Cause.SITE_ASSESSES
            ),
        )

    def _text(self, key: str, **values: str) -> str:
        return self.catalogue.text(self.locale, key, **values)

    def _head(self, card: Card) -> str:
        return self._text(
            "card.head",
            reference=card.reference,
            site=self._site(card.site),
            trial=self._text("trial.title"),
            version=card.trial_version,
        )

    def _again(self, card: Card) -> Iterator[str]:
        """That the same contact was given in other conversations: when, with what result, and for which site."""
        for each in card.again[-MOST_AGAIN:]:
            values = {
                "date": Values(self.catalogue, self.locale).day(each.on),
                "verdict": self._text(f"inbox.verdict.{each.verdict}"),
            }
            if each.site == card.site:
                yield self._text("card.again", **values)
            else:
                yield self._text("card.again.site", site=self._site(each.site), **values)
        if card.again:
            yield self._text("card.again.once")

    def _site(self, site: str) -> str:
        return self.catalogue.first(self.locale, [f"site.{site}"])

    def _line(self, finding: Finding, card: Card) -> Line:
        shown = evidence(finding, self.trial.protocol, self.catalogue, self.locale)
        typed, observed = tuple(self._typed(finding, card)), tuple(self._dates(finding, card))
        return Line(finding.code, finding.status, shown, typed, observed)

    def _written(self, line: Line) -> str:
        """One criterion: mark, code, what it rests on, and the answers as typed."""
        typed = (self._text("card.typed", reply=reply) for reply in line.typed)
        return " ".join([f"{MARKS[line.status]} {line.code} {line.evidence}", *typed, *line.observed])

    def _listed(self, title: str, entries: Sequence[str]) -> list[str]:
        return [self._text(title), *(f"– {each}" for each in entries)] if entries else []

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

    def _stage(self, card: Card) -> str:
        stage = self._text(f"stage.{card.stage}")
        line = self._text("card.stage", stage=stage)
        if card.holder is not None:
            line = self._text("card.stage.held", stage=stage, holder=card.holder)
        return f"{line} ({card.detail})" if card.detail and card.stage is Stage.NOT_SUITABLE else line


def open_questions(assessment: Assessment) -> tuple[str, ...]:
    """The questions whose answers would settle what is open."""
    open_ = (
        each
        for each in assessment.findings.values()
        if each.status is Status.UNDETERMINED and each.reason is not Cause.SITE_ASSESSES
    )
    return tuple(dict.fromkeys(shown.question for each in open_ for shown in each.evidence if shown.met is None))


def _settled(assessment: Assessment) -> list[Finding]:
    """All findings but those that the site makes itself: what failed first, then what is open."""
    order = (Status.FAIL, Status.UNDETERMINED, Status.PASS)
    own = [each for each in assessment.findings.values() if each.reason is not Cause.SITE_ASSESSES]
    return sorted(own, key=lambda finding: order.index(finding.status))
