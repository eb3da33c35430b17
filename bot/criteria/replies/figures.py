"""What stands in one row: values, ranges, limits and multiples, each with its unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from bot.criteria.reading import Flag, Role
from bot.criteria.replies.days import Moment
from bot.criteria.replies.numbers import Number
from bot.criteria.replies.parts import Part


@dataclass(slots=True)
class Units:
    """The unit of a figure: UCUM codes that its spelling may stand for; none where it is of no known analyte (`foreign`)."""

    codes: tuple[str, ...] = ()
    cut: bool = False
    text: str = ""

    @property
    def foreign(self) -> bool:
        """Whether it is a unit, or looks like one, that no analyte here has."""
        return not self.codes


@dataclass(slots=True)
class Figure:
    """A number that may be the value. `operator`: its comparator. `aside`: it also counts things that are no value (`62 kg`)."""

    number: Number
    place: int
    operator: str | None = None
    units: Units | None = None
    aside: bool = False
    doubted: bool = False


@dataclass(slots=True)
class Range:
    """Two numbers with a dash between; or, as a limit, one bound alone."""

    low: Number | None
    high: Number | None
    place: int
    units: Units | None = None


@dataclass(slots=True)
class Row:
    """All that a reply, or one row of a slip, says about one analyte."""

    parts: list[Part]
    roles: list[Role]
    figures: list[Figure] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    limits: list[Range] = field(default_factory=list)
    multiples: list[Fraction | None] = field(default_factory=list)  # None: one with a comparator, or a range of them
    flags: list[Flag] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    names: list[int] = field(default_factory=list)  # the places of its names
    pending: Units | None = None  # a unit that stands before its number
    malformed: bool = False
    negative: bool = False
    spelled: bool = False
    counted: bool = False
    sign: bool = False
    changes: bool = False
    qualitative: bool = False
    absent: bool = False
    not_the_value: bool = False
    unclear: bool = False

    def observed_on(self, today: dt.date) -> dt.date | None:
        """The day of the measurement, where exactly one past day is named."""
        named = {(moment.days, moment.reason) for moment in self.moments if moment.days or moment.reason}
        if len(named) != 1:
            return None
        ((days, reason),) = named
        return days[0] if reason is None and days[0] <= today else None
