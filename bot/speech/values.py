"""Answers as a person reads them: value, unit and what it was converted to, ages, dates, choices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.criteria.calendar import MONTHS_A_YEAR
from bot.criteria.intervals import Interval
from bot.criteria.reading import Age, Flag, Outcome, Reading
from bot.speech.catalogue import Catalogue
from bot.speech.formats import AS_TYPED, Detail, day, is_one, number
from bot.speech.rounding import ALWAYS, MOST, TYPED, Compared, Limit, digits_of, roughly, roughly_apart

UNIT_SIGNS = {"umol/L": "µmol/L", "ukat/L": "µkat/L", "score": "", "fraction": ""}
"""How a UCUM code is shown, where people write it another way."""

UNCOMPARED = Compared()

MULTIPLE_DECIMALS = 2
"""With how many decimals it is told how many times the upper limit of normal a value is."""

WHOLE = Detail(MOST)
"""A number that is rounded already."""


@dataclass(frozen=True, slots=True)
class Values:
    """Shows values in one language."""

    catalogue: Catalogue
    locale: str

    def text(self, key: str, **values: str) -> str:
        """A text of the catalogue."""
        return self.catalogue.text(self.locale, key, **values)

    def measured(
        self, reading: Reading, *, with_limit: bool, compared: Compared = UNCOMPARED, uln: Fraction | None = None
    ) -> str:
        """A measured answer, as reported and in the standard unit, and the date of the result.

        with_limit: with the stated upper limit, and how many times that it is. compared: what it is compared with: no number
        is rounded onto or over that. uln: the upper limit of normal that was asked for, where it is known.
        """
        shown = self._converted(reading, compared.limits(reading.uln or uln))
        if Flag.APPROXIMATE in reading.flags:
            shown = self.text("evidence.approximate", value=shown)
        if with_limit and reading.uln is not None and reading.standard is not None and reading.standard.low is not None:
            limit, times = self._limit_as_reported(reading, compared), self._times(reading, compared)
            shown = self.text("value.with_uln", value=shown, uln=limit, times=times)
        if reading.observed_on is not None:
            shown = self.text("value.observed_on", value=shown, date=self.day(reading.observed_on))
        return shown

    def _limit_as_reported(self, reading: Reading, compared: Compared) -> str:
        """The upper limit of normal in the unit of the value, so that both can be compared at a glance."""
        uln, own, standard = reading.uln or Fraction(0), reading.reported, reading.standard
        unit, decimals, shown = reading.unit, TYPED, own or standard or Interval(None, None)
        if own is not None and standard is not None and own.low and standard.low and reading.reported_unit != unit:
            uln, unit, decimals = uln * own.low / standard.low, reading.reported_unit, ALWAYS
        bounds = tuple(bound for bound in (shown.low, shown.high) if bound is not None)
        digits = digits_of(uln, compared.multiples, bounds, decimals)
        return self.quantity(uln, unit, Detail(digits, decimals))

    def _times(self, reading: Reading, compared: Compared) -> str:
        """How many times the upper limit of normal a value is."""
        uln, value = reading.uln or Fraction(1), reading.standard or Interval(None, None)
        low, high = (
            None if bound is None else roughly_apart(bound / uln, compared.multiples, MULTIPLE_DECIMALS)
            for bound in (value.low, value.high)
        )
        return self.interval(replace(value, low=low, high=high), None, WHOLE)

    def _converted(self, reading: Reading, limits: tuple[Limit, ...]) -> str:
        if reading.times_uln is not None:
            return self.text("evidence.times_uln", times=number(self.locale, reading.times_uln, AS_TYPED))
        if reading.standard is None:
            return self.text("value.absent")
        if reading.reported is None or reading.reported_unit in (None, reading.unit):
            return self.interval(reading.standard, reading.unit)
        reported = self.interval(reading.reported, reading.reported_unit)
        low, high = (
            None if bound is None else roughly(bound, limits) for bound in (reading.standard.low, reading.standard.high)
        )
        shown = replace(reading.standard, low=low, high=high)
        key = "value.converted" if shown == reading.standard else "value.rounded"
        return self.text(key, reported=reported, standard=self.interval(shown, reading.unit, WHOLE))

    def interval(self, interval: Interval, unit: str | None, detail: Detail = AS_TYPED) -> str:
        """A number, a range or a bound, with its unit."""
        if interval.is_point and interval.low is not None:
            return self.quantity(interval.low, unit, detail)
        if interval.low is not None and interval.high is not None:
            low, high = number(self.locale, interval.low, detail), self.quantity(interval.high, unit, detail)
            return self.text("evidence.interval.between", low=low, high=high)
        if interval.low is not None:
            key = "evidence.interval.over" if interval.low_open else "evidence.interval.from"
            return self.text(key, low=self.quantity(interval.low, unit, detail))
        key = "evidence.interval.under" if interval.high_open else "evidence.interval.up_to"
        return self.text(key, high=self.quantity(interval.high or Fraction(0), unit, detail))

    def quantity(self, value: Fraction, unit: str | None, detail: Detail | None = None) -> str:
        """A number with its unit."""
        return f"{number(self.locale, value, detail)} {self.sign(unit)}".rstrip()

    @staticmethod
    def sign(unit: str | None) -> str:
        """How a unit is written."""
        return UNIT_SIGNS.get(unit or "", unit or "")

    def age(self, age: Age) -> str:
        """An age, or the date of birth."""
        if age.born is not None:
            first, last = (self.day(born) for born in age.born)
            if first == last:
                return self.text("evidence.born", date=first)
            return self.text("evidence.born_between", first=first, last=last)
        if age.high_months - age.low_months == MONTHS_A_YEAR and age.low_months % MONTHS_A_YEAR == 0:
            return self.span(Fraction(age.low_months, MONTHS_A_YEAR), "year")
        return self.span(Fraction(age.low_months), "month")

    def span(self, value: Fraction, unit: str) -> str:
        """A number of days, months or years."""
        plural = "one" if is_one(self.locale, value) else "other"
        return self.text(f"span.{unit}.{plural}", count=number(self.locale, value))

    def day(self, day_: dt.date) -> str:
        """A date, written out."""
        return day(self.locale, day_)

    def plain(
        self, reading: Reading, *, with_limit: bool, compared: Compared = UNCOMPARED, uln: Fraction | None = None
    ) -> str | None:
        """Any answer but a choice; as `measured`."""
        if reading.outcome is Outcome.ABSENT:
            return self.text("value.absent")
        if not reading.counts:
            return self.text("value.unclear")
        if reading.age is not None:
            return self.age(reading.age)
        if reading.date is not None:
            return self.day(reading.date)
        if not reading.standard and reading.times_uln is None:
            return None
        return self.measured(reading, with_limit=with_limit, compared=compared, uln=uln)

    def listed(self, names: list[str]) -> str:
        """Names in a row."""
        if not names:
            return ""
        *first, last = names
        joined = last
        for name in reversed(first):
            joined = self.text("list.comma", first=name, rest=joined)
        return joined
