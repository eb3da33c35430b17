"""Speaking to one kind of person: in their language, in the right person, of answers as they were understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from bot.criteria.compiled import CompiledTrial
from bot.criteria.protocol import Kind, Respondent
from bot.criteria.reading import Alternative, Reading
from bot.flows.engine import CHANGE
from bot.flows.events import Event, screening, slips
from bot.speech.catalogue import Catalogue, filled
from bot.speech.labels import label
from bot.speech.message import Button
from bot.speech.rounding import Compared, compared
from bot.speech.values import Values

AGE_UNITS = {"a": "year", "mo": "month"}  # by their UCUM codes
KEPT = 4_096  # wordings, and answers as they are told: few are said over and over


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """Speaks of a trial in one language, to one kind of respondent; known by its identity."""

    trial: CompiledTrial
    catalogue: Catalogue
    locale: str
    respondent: Respondent

    @property
    def values(self) -> Values:
        """Shows values in the person's language."""
        return Values(self.catalogue, self.locale)

    def text(self, key: str, **values: str) -> str:
        """A text in the wording for this respondent, where there is one."""
        return filled(_wording(self.catalogue, self.locale, self.respondent, key), values)

    def name(self, question: str) -> str:
        """What a question is called in a table."""
        return self.text(f"question.{question}.name")

    def row_name(self, row: slips.SlipRow) -> str:
        """What a row of a slip is called, with its number in the picture where it was read from one."""
        name = self.name(row.question)
        return name if row.number is None else self.text("photo.row", number=str(row.number), name=name)

    def slip_title(self, slip: slips.SlipRead) -> str:
        """What stands over the table of a slip."""
        pictured = any(row.number is not None for row in slip.rows)
        return self.text("photo.read" if pictured else "slip.read")

    def answer(self, question: str, reading: Reading, uln: Fraction | None = None) -> str:
        """An answer, as it was understood. uln: the upper limit of normal that was answered for it, in its standard unit."""
        return _answer(self.trial, self.catalogue, self.locale, self.respondent, question, reading, uln)

    def answers(self, readings: Mapping[str, Reading]) -> dict[str, str]:
        """Answers that are told beside each other, by question: each as exactly as the upper limits among them need."""
        told = {}
        for question, reading in readings.items():
            limit = readings.get(_compared(self.trial, question).uln_question or "")
            uln = limit.standard.low if limit is not None and limit.standard is not None else None
            told[question] = self.answer(question, reading, uln)
        return told

    def beside(self, event: Event) -> tuple[Button, ...]:
        """What can be chosen beside a message: to change an answer that is read back."""
        if not isinstance(event, screening.ReadBack | screening.AnswerChanged):
            return ()
        return (Button(f"{CHANGE}{event.question}", self.text("choice.change")),)

    def reading_label(self, reading: Alternative) -> str:
        """What one of several readings of a reply is called, where it is no choice."""
        if reading.interval is not None and reading.interval.low is not None and reading.unit in AGE_UNITS:
            return self.values.span(reading.interval.low, AGE_UNITS[reading.unit])
        if reading.interval is not None:
            return self.values.interval(reading.interval, reading.unit)
        return self.values.day(reading.date) if reading.date else reading.label


@lru_cache(KEPT)
def _wording(catalogue: Catalogue, locale: str, respondent: Respondent, key: str) -> str:
    """The text of a key for a respondent, its placeholders still in it. There are a few hundred."""
    return catalogue.first(locale, [f"{key}.{respondent}", key])


@lru_cache(KEPT)
def _answer(  # noqa: PLR0913, PLR0917 - how an answer is told depends on each of them
    trial: CompiledTrial,
    catalogue: Catalogue,
    locale: str,
    respondent: Respondent,
    question: str,
    reading: Reading,
    uln: Fraction | None,
) -> str:
    """An answer, as it was understood: it is told when it is given, in the review, and in the tables of both."""
    choice = reading.choice
    asked = trial.protocol.by_id[question]
    values = Values(catalogue, locale)
    if choice is None and asked.kind is Kind.SCORE and reading.standard and reading.standard.low is not None:
        return values.quantity(reading.standard.low, None)
    if choice is not None:
        return label(catalogue, locale, question, choice, respondent=respondent)
    analyte = trial.analytes.get(asked.analyte or "")
    with_limit, compared_ = bool(analyte and analyte.multiples), _compared(trial, question)
    return values.plain(reading, with_limit=with_limit, compared=compared_, uln=uln) or reading.reply


@lru_cache(KEPT)
def _compared(trial: CompiledTrial, question: str) -> Compared:
    """What a trial compares an answer with: the same for everybody."""
    return compared(trial, question)
