"""Scores: performance status, answered in numbers or by one of the descriptions shown."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from bot.criteria.protocol import Analyte, Respondent
from bot.criteria.reading import Outcome, Reading, Reason
from bot.criteria.replies.alternatives import alternative
from bot.criteria.intervals import Interval

LONGEST_LIST = 11  # a score up to it may be a place in the list of descriptions, where descriptions are shown


def checked_score(reading: Reading, analyte: Analyte, respondent: Respondent) -> Reading:
    """The reading of a score; from somebody who is shown descriptions, a small number is asked about."""
    value = reading.reported.low if reading.reported else None
    if (
        analyte.step is None
        or respondent is Respondent.STAFF
        or reading.outcome is not Outcome.ACCEPTED
        or value is None
    ):
        return reading
    if value > LONGEST_LIST:
        return reading
    return replace(
        reading,
        outcome=Outcome.CLARIFY,
        reason=Reason.NOT_UNDERSTOOD,
        standard=None,
        unit=None,
        reported=None,
        reported_unit=None,
        readings=(alternative(Interval.exactly(value), analyte.standard_unit),),
    )


def scored(reply: str, value: Fraction, analyte: Analyte) -> Reading:
    """The reading of a description chosen from the list."""
    exact = Interval.exactly(value)
    unit = analyte.standard_unit
    return Reading(reply, Outcome.ACCEPTED, standard=exact, unit=unit, reported=exact, reported_unit=unit)
