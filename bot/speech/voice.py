"""Speaking to one person: in their language, in the right person, with choices by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.criteria.compiled import CompiledTrial
from bot.criteria.protocol import Kind, Respondent
from bot.criteria.reading import Alternative, Reading
from bot.flows.engine import CHANGE
from bot.flows.events import Event, screening, slips
from bot.flows.screening import READING
from bot.flows.session import Session
from bot.flows.states import State
from bot.speech.catalogue import Catalogue, filled
from bot.speech.labels import label
from bot.speech.message import Button, Waiting
from bot.speech.offers import offer
from bot.speech.values import Values

AGE_UNITS = {"a": "year", "mo": "month"}  # by their UCUM codes
NUMERIC = (Kind.QUANTITY, Kind.ULN)
KEPT = 4_096  # wordings, and sets of buttons: few are said over and over


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks to one person, in their language. `variants`: the questions put to them in other words than usual."""

    trial: CompiledTrial
    catalogue: Catalogue
    session: Session
    variants: Mapping[str, str]

    @property
    def values(self) -> Values:
        """Shows values in the person's language."""
        return Values(self.catalogue, self.session.locale)

    def text(self, key: str, **values: str) -> str:
        """A text in the wording for this respondent, where there is one."""
        session = self.session
        return filled(_wording(self.catalogue, session.locale, session.respondent, key), values)

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

    def answer(self, question: str, reading: Reading) -> str:
        """An answer, as it was understood."""
        choice = reading.choice
        asked = self.trial.protocol.by_id[question]
        if choice is None and asked.kind is Kind.SCORE and reading.standard and reading.standard.low is not None:
            return self.values.quantity(reading.standard.low, None)
        if choice is not None:
            return label(self.catalogue, self.session.locale, question, choice, respondent=self.session.respondent)
        analyte = self.trial.analytes.get(asked.analyte or "")
        return self.values.plain(reading, with_limit=bool(analyte and analyte.multiples)) or reading.reply

    def waiting(self, choices: tuple[str, ...]) -> Waiting:
        """What is waited for, and the choices by their names."""
        session = self.session
        question = session.question if session.state in (State.ASKING, State.CLARIFYING) else None
        kind = self.trial.protocol.by_id[question].kind if question else Kind.CHOICE
        numbered = kind is Kind.CHOICE or session.state is State.CLARIFYING
        buttons = (
            self._asked(question, choices) if session.state is State.ASKING and question else self._others(choices)
        )
        return Waiting(session.state, question, buttons, session.step, kind in NUMERIC, numbered)

    def beside(self, event: Event) -> tuple[Button, ...]:
        """What can be chosen beside a message: to change an answer that is read back."""
        if not isinstance(event, screening.ReadBack | screening.AnswerChanged):
            return ()
        return (Button(f"{CHANGE}{event.question}", self.text("choice.change")),)

    def _asked(self, question: str, choices: tuple[str, ...]) -> tuple[Button, ...]:
        session, own = self.session, self.trial.protocol.by_id[question].choices
        about = (self.variants.get(question), session.respondent)
        return _asked_with(self.catalogue, session.locale, question, choices, own, *about)

    def _others(self, choices: tuple[str, ...]) -> tuple[Button, ...]:
        return tuple([Button(choice, self._label(choice)) for choice in choices])

    def _label(self, choice: str) -> str:
        session = self.session
        if choice.startswith(READING):
            pending = session.slip[session.row] if session.row else session.pending
            readings = pending.readings if pending else ()
            return self._reading_label(readings[int(choice.removeprefix(READING)) - 1])
        return offer(self.catalogue, session.locale, choice)

    def _reading_label(self, reading: Alternative) -> str:
        if reading.choice is not None and self.session.question:
            return self._own_label(self.session.question, reading.choice)
        if reading.interval is not None and reading.interval.low is not None and reading.unit in AGE_UNITS:
            return self.values.span(reading.interval.low, AGE_UNITS[reading.unit])
        if reading.interval is not None:
            return self.values.interval(reading.interval, reading.unit)
        return self.values.day(reading.date) if reading.date else reading.label

    def _own_label(self, question: str, choice: str) -> str:
        session = self.session
        variant = self.variants.get(question)
        return label(self.catalogue, session.locale, question, choice, variant, session.respondent)


@lru_cache(KEPT)
def _wording(catalogue: Catalogue, locale: str, respondent: Respondent, key: str) -> str:
    """The text of a key for a respondent, its placeholders still in it. There are a few hundred."""
    return catalogue.first(locale, [f"{key}.{respondent}", key])


@lru_cache(KEPT)
def _asked_with(  # noqa: PLR0913, PLR0917 - what the buttons of a question are called depends on each of them
    catalogue: Catalogue,
    locale: str,
    question: str,
    choices: tuple[str, ...],
    own: tuple[str, ...],
    variant: str | None,
    respondent: Respondent,
) -> tuple[Button, ...]:
    """The buttons under a question. `own`: those choices that are its answers."""

    def named(choice: str) -> str:
        if choice in own:
            return label(catalogue, locale, question, choice, variant, respondent)
        return offer(catalogue, locale, choice)

    return tuple(Button(choice, named(choice)) for choice in choices)
