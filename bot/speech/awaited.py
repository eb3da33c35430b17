"""What is waited for after a sprint, with its choices by their names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.criteria.protocol import Kind, Respondent
from bot.criteria.reading import Alternative
from bot.flows.screening import READING
from bot.flows.session import Session
from bot.flows.states import State
from bot.record import record
from bot.speech.catalogue import Catalogue
from bot.speech.labels import label
from bot.speech.message import Button, Waiting
from bot.speech.offers import offer
from bot.speech.voice import Voice

NUMERIC = (Kind.QUANTITY, Kind.ULN)
KEPT = 4_096  # sets of buttons


@record
class Awaited:
    """What a conversation waits for. `variants`: the questions put to this person in other words than usual."""

    voice: Voice
    session: Session
    variants: Mapping[str, str]

    def waiting(self, choices: tuple[str, ...]) -> Waiting:
        """What is waited for, and the choices by their names."""
        session = self.session
        question = session.question if session.state in (State.ASKING, State.CLARIFYING) else None
        kind = self.voice.trial.protocol.by_id[question].kind if question else Kind.CHOICE
        numbered = kind is Kind.CHOICE or session.state is State.CLARIFYING
        buttons = (
            self._asked(question, choices) if session.state is State.ASKING and question else self._others(choices)
        )
        return Waiting(session.state, question, buttons, session.step, kind in NUMERIC, numbered)

    def _asked(self, question: str, choices: tuple[str, ...]) -> tuple[Button, ...]:
        voice, own = self.voice, self.voice.trial.protocol.by_id[question].choices
        about = (self.variants.get(question), voice.respondent)
        return _asked_with(voice.catalogue, voice.locale, question, choices, own, *about)

    def _others(self, choices: tuple[str, ...]) -> tuple[Button, ...]:
        return tuple([Button(choice, self._label(choice)) for choice in choices])

    def _label(self, choice: str) -> str:
        session = self.session
        if choice.startswith(READING):
            pending = session.slip[session.row] if session.row else session.pending
            readings = pending.readings if pending else ()
            return self._reading_label(readings[int(choice.removeprefix(READING)) - 1])
        return offer(self.voice.catalogue, self.voice.locale, choice)

    def _reading_label(self, reading: Alternative) -> str:
        voice, question = self.voice, self.session.question
        if reading.choice is None or not question:
            return voice.reading_label(reading)
        variant = self.variants.get(question)
        return label(voice.catalogue, voice.locale, question, reading.choice, variant, voice.respondent)


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
