"""Asking the questions of the first trial, outside of any conversation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.criteria.protocol import Kind, Question, Respondent
from bot.criteria.reading import Reading
from bot.criteria.replies import read, read_slip
from bot.library.words import load_lexicon

TODAY = dt.date(2026, 11, 22)
YES_NO = ("yes", "no", "unknown")
QUANTITIES = ("hemoglobin", "creatinine", "ast", "alt", "bilirubin", "lvef", "spo2")
CHOICES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("hiv", "hcv", "pregnancy", "cd7", "steroid", "consent"), YES_NO),
    "sex": ("female", "male"),
    "respondent": ("patient", "caregiver", "staff"),
}
QUESTIONS = {
    **{name: Question(id=name, kind=Kind.QUANTITY, analyte=name) for name in QUANTITIES},
    **{f"{name}_uln": Question(id=f"{name}_uln", kind=Kind.ULN, analyte=name) for name in ("creatinine", "ast", "alt")},
    **{name: Question(id=name, kind=Kind.CHOICE, choices=choices) for name, choices in CHOICES.items()},
    "kps": Question(id="kps", kind=Kind.SCORE, analyte="kps", choices=tuple(str(score) for score in range(0, 101, 10))),
    "age": Question(id="age", kind=Kind.AGE),
    "steroid_last_dose": Question(id="steroid_last_dose", kind=Kind.DATE),
}
SLIP = "slip"


def ask(question: str, reply: str, respondent: Respondent = Respondent.PATIENT) -> Reading:
    """What the reply is read as; `slip` is no question but a whole laboratory slip."""
    lexicon = load_lexicon()
    common: dict[str, Any] = {
        "lexicon": lexicon,
        "analytes": lexicon.analytes,
        "respondent": respondent,
        "today": TODAY,
    }
    if question == SLIP:
        return read_slip(reply, asked=lexicon.analytes.keys(), **common)
    return read(QUESTIONS[question], reply, **common)
