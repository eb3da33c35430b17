"""Scores: performance status, answered in numbers or by one of the descriptions shown."""

from __future__ import annotations

from fractions import Fraction

from bot.criteria.intervals import Interval
from bot.criteria.protocol import Analyte, Respondent
from bot.criteria.reading import Outcome, Reading, Reason
from bot.criteria.replies.alternatives import alternative
from bot.criteria.replies.figures import Row
from bot.criteria.replies.judge import clarify, judge

LONGEST_LIST = 11  # a score up to it may be a place in the list of descriptions, where descriptions are shown


def judge_score(row: Row, analyte: Analyte, respondent: Respondent) -> Reading:
    """The reading of any row; a small score from somebody who is shown descriptions is asked about."""
    reading = judge(row, analyte)
    values = [value for figure in row.figures if not figure.aside for value in figure.number.values]
    answered = reading.outcome is Outcome.ACCEPTED or reading.reason is Reason.IMPLAUSIBLE
    if analyte.step is None or respondent is Respondent.STAFF or not answered or max(values) > LONGEST_LIST:
        return reading
    scores = [value for value in values if value % analyte.step == 0]
    return clarify(
        Reason.NOT_UNDERSTOOD, (alternative(Interval.exactly(score), analyte.standard_unit) for score in scores)
    )


def scored(reply: str, value: Fraction, analyte: Analyte) -> Reading:
    """The reading of a description chosen from the list."""
    exact = Interval.exactly(value)
    unit = analyte.standard_unit
    return Reading(reply, Outcome.ACCEPTED, standard=exact, unit=unit, reported=exact, reported_unit=unit)
