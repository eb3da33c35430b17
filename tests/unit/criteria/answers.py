"""Readings made by hand, and a candidate of 4SCAR7U who meets every criterion."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache

from bot.criteria.assess import assess
from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Assessment, Finding
from bot.criteria.intervals import Interval
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Age, Flag, Outcome, Reading
from bot.library.trials import load_compiled

TODAY = dt.date(2026, 11, 22)
Answers = dict[str, Reading]


@cache
def trial() -> CompiledTrial:
    """The first trial, ready to be assessed."""
    return load_compiled("4scar7u")


def value(number: str, *, uln: str | None = None, flags: tuple[Flag, ...] = ()) -> Reading:
    """A measured value in the standard unit, with the limit stated on its slip."""
    stated = None if uln is None else Fraction(uln)
    exact = Interval.exactly(Fraction(number))
    return Reading(number, Outcome.ACCEPTED, standard=exact, uln=stated, flags=flags)


def between(low: str | None, high: str | None, *, low_open: bool = False, high_open: bool = False) -> Reading:
    """A measured value that is only known to lie in a range."""
    bounds = (None if bound is None else Fraction(bound) for bound in (low, high))
    return Reading("", Outcome.ACCEPTED, standard=Interval(*bounds, low_open, high_open))


def times(multiple: str, *, flags: tuple[Flag, ...] = ()) -> Reading:
    """A multiple of the upper limit of normal."""
    return Reading("", Outcome.ACCEPTED, times_uln=Fraction(multiple), flags=flags)


def chosen(choice: str) -> Reading:
    """A choice."""
    return Reading(choice, Outcome.ACCEPTED, choice=choice)


def months(low: int, high: int | None = None) -> Reading:
    """An age in completed months, from `low` up to `high` (one month if not given)."""
    return Reading("", Outcome.ACCEPTED, age=Age(low, low + 1 if high is None else high))


def years(low: int) -> Reading:
    """An age in completed years."""
    return months(12 * low, 12 * low + 12)


def born(day: dt.date, latest: dt.date | None = None) -> Reading:
    """A date of birth, or the range of them that an age in weeks leaves."""
    return Reading("", Outcome.ACCEPTED, age=Age(0, 1, (day, latest or day)))


def on(day: dt.date) -> Reading:
    """A date."""
    return Reading("", Outcome.ACCEPTED, date=day)


def ago(days: int) -> Reading:
    """The date so many days back."""
    return on(TODAY - dt.timedelta(days=days))


ABSENT = Reading("don't know", Outcome.ABSENT)
CLARIFY = Reading("hm", Outcome.CLARIFY)
REJECTED = Reading("hello", Outcome.REJECTED)

FULL: Answers = {
    "age": years(34),
    "sex": chosen("female"),
    "cd7": chosen("yes"),
    "other_antigens": chosen("yes"),
    "kps": value("90"),
    "life_expectancy": chosen("yes"),
    "lvef": value("60"),
    "spo2": value("97"),
    "creatinine": value("80"),
    "ast": value("30"),
    "alt": value("30"),
    "bilirubin": value("1"),
    "hemoglobin": value("92"),
    "cell_separation": chosen("no"),
    "consent": chosen("yes"),
    "severe_illness": chosen("no"),
    "infection": chosen("no"),
    "hiv": chosen("no"),
    "hcv": chosen("no"),
    "pregnancy": chosen("no"),
    "steroid": chosen("no"),
    "gene_therapy": chosen("no"),
    "compliance": chosen("no"),
}


def but(**changes: Reading | None) -> Answers:
    """The full candidate with some answers changed; None takes one away."""
    return {name: reading for name, reading in {**FULL, **changes}.items() if reading is not None}


def assessed(answers: Answers, respondent: Respondent = Respondent.STAFF, today: dt.date = TODAY) -> Assessment:
    """What the answers say about 4SCAR7U."""
    return assess(trial(), answers, respondent, today)


def finding(code: str, answers: Answers, respondent: Respondent = Respondent.STAFF, today: dt.date = TODAY) -> Finding:
    """What the answers say about one criterion."""
    return assessed(answers, respondent, today).findings[code]


def result(code: str, **changes: Reading | None) -> tuple[str, str]:
    """The status and the reason of one criterion for the full candidate with some answers changed."""
    found = finding(code, but(**changes))
    return found.status.value, found.reason.value
