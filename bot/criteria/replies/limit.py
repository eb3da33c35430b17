"""Replies to "what is your laboratory's upper limit of normal?": `40`, `15-40`, `<40`, `0.6-1.3 mg/dL`."""

from __future__ import annotations

from fractions import Fraction

from bot.criteria.intervals import Interval
from bot.criteria.protocol import AcceptedUnit, Analyte
from bot.criteria.reading import Outcome, Reading, Reason
from bot.criteria.replies.alternatives import alternative
from bot.criteria.replies.figures import Range, Row
from bot.criteria.replies.judge import clarify, rejected, unreadable


def judge_limit(row: Row, analyte: Analyte) -> Reading:
    """The upper limit of normal that a row states: a range gives its upper end."""
    return unreadable(row) or _stated(row, analyte)


def _stated(row: Row, analyte: Analyte) -> Reading:
    if row.multiples:
        return clarify(Reason.WRONG_UNIT)
    limits = [limit for limit in (*row.limits, *row.ranges) if limit.high is not None]
    figures = [figure for figure in row.figures if not figure.aside]
    if not limits:
        limits = [Range(None, figure.number, figure.place, figure.units) for figure in figures]
        if any((figure.operator or "").startswith(">") for figure in figures):
            return clarify(Reason.RANGE)
        if figures and figures[0].doubted:
            return clarify(Reason.NOT_UNDERSTOOD)
    if len(limits) > 1:
        return clarify(Reason.SEVERAL_NUMBERS)
    if not limits:
        return clarify(Reason.QUALITATIVE) if row.qualitative and not row.counted else rejected()
    return _decide(limits[0], analyte)


def _decide(limit: Range, analyte: Analyte) -> Reading:
    """Exactly one unit in which the limit may be taken without asking again is accepted."""
    if limit.units and limit.units.foreign:
        return clarify(Reason.WRONG_UNIT)
    low, high = analyte.stated_uln or analyte.plausible
    codes = limit.units.codes if limit.units else analyte.bare
    values = limit.high.values if limit.high else ()
    options = [
        (value, unit)
        for value in values
        for unit in analyte.units
        if unit.code in codes and low <= value * unit.factor <= high
    ]
    if not options or (limit.low and min(limit.low.values) >= max(values)):
        return clarify(Reason.IMPLAUSIBLE_ULN)
    if len(options) > 1:
        reason = Reason.UNIT if len({value for value, _ in options}) == 1 else Reason.SEPARATOR
        return clarify(reason, (alternative(Interval.exactly(value), unit.code) for value, unit in options))
    return _accepted(*options[0], analyte)


def _accepted(value: Fraction, unit: AcceptedUnit, analyte: Analyte) -> Reading:
    return Reading(
        "",
        Outcome.ACCEPTED,
        standard=Interval.exactly(value * unit.factor),
        unit=analyte.standard_unit,
        reported=Interval.exactly(value),
        reported_unit=unit.code,
    )
