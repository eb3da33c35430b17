"""From what stands in a row to what it was read as: which units are plausible, and whether exactly one reading remains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from bot.criteria.intervals import Interval
from bot.criteria.protocol import AcceptedUnit, Analyte
from bot.criteria.reading import Alternative, Outcome, Reading, Reason, Role, Span
from bot.criteria.replies.alternatives import alternative
from bot.criteria.replies.figures import Figure, Range, Row, Units
from bot.criteria.replies.limits import as_limit

TIMES_UPPER_LIMIT = (Fraction(1, 10), Fraction(100))  # a multiple outside it is no plausible one


class Option(NamedTuple):
    """One way to read a figure: in one unit of the analyte."""

    interval: Interval
    unit: AcceptedUnit

    @property
    def standard(self) -> Interval:
        """The interval in the standard unit."""
        return self.interval.times(self.unit.factor)


def judge(row: Row, analyte: Analyte) -> Reading:
    """What a row says about an analyte. What does not depend on the analyte is for `told` to fill in."""
    return unreadable(row) or _multiple(row, analyte) or _Judge(row, analyte).reading()


def told(reading: Reading, reply: str, row: Row, today: dt.date, spans: tuple[Span, ...]) -> Reading:
    """The reading with the reply itself and what stood beside the value."""
    flags, observed_on = tuple(row.flags), row.observed_on(today)
    return replace(reading, reply=reply, flags=flags, observed_on=observed_on, spans=spans)


def clarify(reason: Reason, readings: Iterable[Alternative] = ()) -> Reading:
    """A reading that must be asked about."""
    return Reading("", Outcome.CLARIFY, reason, readings=tuple(dict.fromkeys(readings)))


def rejected(reason: Reason = Reason.NOT_UNDERSTOOD) -> Reading:
    """No reading at all."""
    return Reading("", Outcome.REJECTED, reason)


def unreadable(row: Row) -> Reading | None:
    """What rules a value out before it is looked at."""
    numbers = bool(row.figures or row.ranges or row.multiples)
    if row.malformed:
        return rejected()
    if row.negative:
        return rejected(Reason.NEGATIVE)
    if row.spelled:
        return clarify(Reason.SEVERAL_NUMBERS) if numbers else rejected()
    if row.absent:
        return clarify(Reason.HEDGED) if numbers else Reading("", Outcome.ABSENT)
    if (row.unclear or row.not_the_value) and numbers:
        return clarify(Reason.SEVERAL_NUMBERS if len(row.figures) > 1 else Reason.NOT_UNDERSTOOD)
    return None


def _multiple(row: Row, analyte: Analyte) -> Reading | None:
    """A multiple of the upper limit of normal."""
    if not row.multiples:
        return None
    if len(row.multiples) + len(row.figures) + len(row.ranges) > 1:
        return clarify(Reason.SEVERAL_NUMBERS)
    if not analyte.multiples:
        return clarify(Reason.WRONG_UNIT)
    (times,) = row.multiples
    if times is None:
        return clarify(Reason.RANGE)
    if not TIMES_UPPER_LIMIT[0] <= times <= TIMES_UPPER_LIMIT[1]:
        return rejected(Reason.IMPLAUSIBLE)
    return Reading("", Outcome.ACCEPTED, times_uln=times)


class _Judge:
    """One row against one analyte, once no multiple is left."""

    def __init__(self, row: Row, analyte: Analyte) -> None:
        self.row = row
        self.analyte = analyte
        self.figures = _candidates(row)
        self.ranges = list(row.ranges)
        self.limits = list(row.limits)
        self._demote()

    def reading(self) -> Reading:
        """The row's reading."""
        if len(self.figures) > 1:
            return self._several()
        if not self.figures:
            return self._range() if self.ranges else self._nothing()
        if self.ranges:
            return self._several()
        (figure,) = self.figures
        if figure.doubted:
            return clarify(Reason.NOT_UNDERSTOOD, () if figure.operator else self._alternatives(figure))
        if figure.operator and self.analyte.step:
            return clarify(Reason.RANGE)
        return self._decide(_intervals(figure), figure.units, figure.operator, decimal=figure.number.decimal)

    def _demote(self) -> None:
        """A range, or a bound, after a value with its unit or after name and value is the reference range."""
        if not self.figures:
            return
        first = self.figures[0]
        if not self._anchored(first):
            return
        after = [ranged for ranged in self.ranges if ranged.place > first.place]
        self.ranges = [ranged for ranged in self.ranges if ranged.place < first.place]
        bounds = [figure for figure in self.figures[1:] if figure.operator and not _opposite(first, figure)]
        self.figures = [figure for figure in self.figures if figure not in bounds]
        self.limits += after + [as_limit(figure) for figure in bounds]

    def _anchored(self, figure: Figure) -> bool:
        """Whether a figure is the value beyond doubt: by its unit, a name before it or a flag after it."""
        united = figure.units is not None and not figure.units.foreign
        named = any(name < figure.place for name in self.row.names)
        return united or named or self.row.roles[figure.place + 1 : figure.place + 2] == [Role.FLAG]

    def _nothing(self) -> Reading:
        row = self.row
        if row.limits:
            return clarify(Reason.RANGE)
        if row.sign and not row.names:
            return clarify(Reason.OTHER_ANALYTE)
        foreign = [figure for figure in row.figures if figure.aside]
        if foreign:
            return clarify(Reason.WRONG_UNIT, self._alternatives(foreign[0]))
        if row.qualitative and not row.counted:
            return clarify(Reason.QUALITATIVE)
        return rejected()

    def _several(self) -> Reading:
        """Several values: one reading only if they say the same in several units."""
        units = [figure.units for figure in self.figures]
        if not self.ranges and all(unit and len(unit.codes) == 1 for unit in units):
            options = [self._options(_intervals(figure), figure.units) for figure in self.figures]
            same = {option.standard for found in options for option in found}
            if len(same) == 1 and all(options):
                return self._accepted(options[0][0])
        readings = [each for figure in self.figures for each in self._alternatives(figure)]
        return clarify(Reason.SEVERAL_NUMBERS, readings)

    def _range(self) -> Reading:
        """A range where a value was asked for."""
        (ranged, *more) = self.ranges
        if self.row.changes:
            return clarify(Reason.SEVERAL_NUMBERS)
        if more or not self.analyte.range_is_interval or ranged.low is None or ranged.high is None:
            return clarify(Reason.SEVERAL_NUMBERS if more else Reason.RANGE)
        intervals = [Interval(low, high) for low in ranged.low.values for high in ranged.high.values if low <= high]
        if not intervals:
            return clarify(Reason.RANGE)
        return self._decide(intervals, ranged.units, None, decimal=ranged.low.decimal and ranged.high.decimal)

    def _decide(
        self, intervals: list[Interval], units: Units | None, operator: str | None, *, decimal: bool
    ) -> Reading:
        """One plausible reading is accepted; none and several are asked about."""
        if units and units.foreign:
            return clarify(Reason.WRONG_UNIT, self._in_other_units(intervals, ()))
        units = units or self._limits_unit()
        options = self._options(intervals, units, operator, decimal=decimal)
        if not options:
            others = self._in_other_units(intervals, units.codes) if units else []
            return clarify(Reason.IMPLAUSIBLE, others) if others else rejected(Reason.IMPLAUSIBLE)
        options = self._narrowed(options, certain=bool(units and not units.cut))
        if not options:
            return clarify(Reason.IMPLAUSIBLE_ULN)
        if len(options) > 1:
            reason = Reason.SEPARATOR if len({option.interval for option in options}) > 1 else Reason.UNIT
            return clarify(reason, (alternative(option.interval, option.unit.code) for option in options))
        return self._accepted(options[0])

    def _limits_unit(self) -> Units | None:
        """The unit that stands with the limit: a value without one is in it too."""
        known = [limit.units for limit in self.limits if limit.units and len(limit.units.codes) == 1]
        return known[0] if known else None

    def _options(
        self, intervals: list[Interval], units: Units | None, operator: str | None = None, *, decimal: bool = True
    ) -> list[Option]:
        """The plausible readings: in the unit given, or for a bare number in each that is tried."""
        codes = units.codes if units else self.analyte.bare
        bare = units is None or len(units.codes) > 1
        return [
            Option(interval, unit)
            for interval in intervals
            for unit in self.analyte.units
            if unit.code in codes
            and self._plausible(interval, unit, bound_itself=bare and operator is not None, decimal=decimal)
        ]

    def _plausible(self, interval: Interval, unit: AcceptedUnit, *, bound_itself: bool, decimal: bool) -> bool:
        low, high = self.analyte.plausible
        if unit.only and not (decimal and interval.meets(*unit.only)):
            return False
        standard = interval.times(unit.factor)
        if bound_itself:
            bound = standard.low if standard.low is not None else standard.high
            return bound is not None and low <= bound <= high
        return standard.meets(low, high)

    def _narrowed(self, options: list[Option], *, certain: bool) -> list[Option]:
        """The options in whose unit the stated limit is credible; none where it is in no unit that the value can have."""
        limits = self._upper_limits()
        stated = self.analyte.stated_uln
        if not limits or stated is None:
            return options
        if any(limit.low and limit.high and min(limit.high.values) <= min(limit.low.values) for limit in limits):
            return []
        taken = [option for option in options if self._stated(option)]
        credible = self.analyte.credible_uln
        if certain or len(taken) < 2 or credible is None:
            return taken
        closer = [
            option for option in taken if any(credible[0] <= value <= credible[1] for value in self._stated(option))
        ]
        return closer or taken

    def _upper_limits(self) -> list[Range]:
        return [limit for limit in self.limits if limit.high is not None]

    def _stated(self, option: Option) -> set[Fraction]:
        """What the upper limit can be in the standard unit, in its own unit or else in that of the option."""
        low, high = self.analyte.stated_uln or (Fraction(0), Fraction(0))
        found = set()
        for limit in self._upper_limits():
            codes = limit.units.codes if limit.units and limit.units.codes else (option.unit.code,)
            factors = [unit.factor for unit in self.analyte.units if unit.code in codes]
            values = limit.high.values if limit.high else ()
            found |= {value * factor for value in values for factor in factors}
        return {value for value in found if low <= value <= high}

    def _limit(self, option: Option) -> Fraction | None:
        """The stated upper limit; None where there is none, or where there are several (`M: 0.7-1.2 F: 0.5-0.9`)."""
        stated = self._stated(option)
        return stated.pop() if len(stated) == 1 else None

    def _accepted(self, option: Option) -> Reading:
        standard = option.standard
        if self.analyte.step and (standard.low or Fraction(0)) % self.analyte.step:
            return rejected(Reason.IMPLAUSIBLE)
        return Reading(
            "",
            Outcome.ACCEPTED,
            standard=standard,
            unit=self.analyte.standard_unit,
            reported=option.interval,
            reported_unit=option.unit.code,
            uln=self._limit(option),
        )

    def _alternatives(self, figure: Figure) -> list[Alternative]:
        units = figure.units if figure.units and figure.units.codes else None
        options = self._options(_intervals(figure), units, figure.operator, decimal=figure.number.decimal)
        return [alternative(option.interval, option.unit.code) for option in options]

    def _in_other_units(self, intervals: list[Interval], codes: tuple[str, ...]) -> list[Alternative]:
        """The readings that would be plausible in the analyte's other units."""
        others = tuple(unit.code for unit in self.analyte.units if unit.code not in codes)
        return [alternative(option.interval, option.unit.code) for option in self._options(intervals, Units(others))]


def _candidates(row: Row) -> list[Figure]:
    """The figures that may be the value: one that also counts other things is none."""
    return [figure for figure in row.figures if not figure.aside]


def _opposite(one: Figure, other: Figure) -> bool:
    """Whether two bounds hold a value between them: `>80, <100`."""
    signs = {figure.operator[0] for figure in (one, other) if figure.operator}
    return len(signs) > 1


def _intervals(figure: Figure) -> list[Interval]:
    return [bounded(value, figure.operator) for value in figure.number.values]


def bounded(value: Fraction, operator: str | None) -> Interval:
    """The numbers that stand in the relation `operator` to `value`; without one, itself."""
    match operator:
        case "<" | "<=":
            return Interval(None, value, high_open=operator == "<")
        case ">" | ">=":
            return Interval(value, None, low_open=operator == ">")
    return Interval.exactly(value)
