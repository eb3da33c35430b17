"""What is said alike to many is what would be said to each."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.criteria.intervals import Interval
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Outcome, Reading
from bot.flows.events import Event, screening
from bot.flows.session import Session
from bot.speech.catalogue import languages
from bot.speech.telling import ALIKE, Teller, tell, teller_for
from tests.talks import about

HEMOGLOBIN = Reading(
    "92 g/L",
    Outcome.ACCEPTED,
    standard=Interval.exactly(Fraction(92)),
    unit="g/L",
    reported=Interval.exactly(Fraction(92)),
    reported_unit="g/L",
)
PATIENT = Reading("patient", Outcome.ACCEPTED, choice="patient")
EVENTS: tuple[Event, ...] = (
    screening.ConsentAsked(),
    screening.QuestionAsked("kps", 3, 18),
    screening.QuestionAsked("kps", 3, 18, "lansky"),
    screening.QuestionAsked("hemoglobin", 3, 18),
    screening.QuestionAsked("hemoglobin", 3, 18, None, HEMOGLOBIN),
    screening.ReadBack("hemoglobin", HEMOGLOBIN),
    screening.ReadBack("hemoglobin", HEMOGLOBIN, first=True),
    screening.ReadBack("respondent", PATIENT),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event)
def test_what_was_said_before_is_said_to_nobody_whose_words_are_others(event: Event) -> None:
    """In every language, to every kind of respondent, one after the other and again: text, JSON, table and buttons."""
    subject = about("4scar7u")
    assert isinstance(event, ALIKE)
    for _ in range(2):
        for locale in languages():
            for respondent in Respondent:
                answers = {"respondent": Reading("", Outcome.ACCEPTED, choice=respondent.value)}
                session = Session(id="0123456789", trial="4scar7u", trial_version="1", locale=locale, answers=answers)
                kept = teller_for(subject.setting.trial, subject.catalogue, locale, session.respondent)
                (said,) = tell(kept, session, {}, [event], ())
                anew = Teller(subject.setting.trial, subject.catalogue, locale, respondent).told(event)
                assert (said.text, said.event, said.table, said.buttons) == anew
                assert (said.locale, said.session) == (locale, session.mark)
