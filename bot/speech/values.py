"""Answers as a person reads them: value, unit and what it was converted to, ages, dates, choices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.criteria.calendar import MONTHS_A_YEAR
from bot.criteria.intervals import Interval
from bot.criteria.reading import Age, Flag, Outcome, Reading
from bot.speech.catalogue import Catalogue
from bot.speech.formats import day, is_one, number, roughly

UNIT_SIGNS = {"umol/L": "µmol/L", "ukat/L": "µkat/L", "score": "", "fraction": ""}
"""How a UCUM code is shown, where people write it another way."""

MULTIPLE_DECIMALS = 2
"""With how many decimals it is told how many times the upper limit of normal a value is."""


@dataclass(frozen=True, slots=True)
class Values:
    """Shows values in one language."""

    catalogue: Catalogue
    locale: str

    def text(self, key: str, **values: str) -> str:
        """A text of the catalogue."""
        return self.catalogue.text(self.locale, key, **values)

    def measured(self, reading: Reading, *, with_limit: bool) -> str:
        """A measured answer, as reported and in the standard unit, and the date of the result.

        with_limit: with the stated upper limit, and how many times that it is.
        """
        shown = self._converted(reading)
        if Flag.APPROXIMATE in reading.flags:
            shown = self.text("evidence.approximate", value=shown)
        if with_limit and reading.uln is not None and reading.standard is not None and reading.standard.low is not None:
            multiple = round(reading.standard.low / reading.uln, MULTIPLE_DECIMALS)
            limit = self.quantity(*self._limit_as_reported(reading))
            shown = self.text("value.with_uln", value=shown, uln=limit, times=number(self.locale, multiple))
        if reading.observed_on is not None:
            shown = self.text("value.observed_on", value=shown, date=self.day(reading.observed_on))
        return shown

    def _limit_as_reported(self, reading: Reading) -> tuple[Fraction, str | None]:
        """The upper limit of normal in the unit of the value, so that both can be compared at a glance."""
        uln, own, standard = reading.uln or Fraction(0), reading.reported, reading.standard
        if own is None or standard is None or not own.low or not standard.low:
            return uln, reading.unit
        return uln * own.low / standard.low, reading.reported_unit

    def _converted(self, reading: Reading) -> str:
        if reading.times_uln is not None:
            return self.text("evidence.times_uln", times=number(self.locale, reading.times_uln))
        if reading.standard is None:
            return self.text("value.absent")
        if reading.reported is None or reading.reported_unit in (None, reading.unit):
            return self.interval(reading.standard, reading.unit)
        reported = self.interval(reading.reported, reading.reported_unit)
        low, high = (
            None if bound is None else roughly(bound) for bound in (reading.standard.low, reading.standard.high)
        )
        shown = replace(reading.standard, low=low, high=high)
        key = "value.converted" if shown == reading.standard else "value.rounded"
        return self.text(key, reported=reported, standard=self.interval(shown, reading.unit))

    def interval(self, interval: Interval, unit: str | None) -> str:
        """A number, a range or a bound, with its unit."""
        if interval.is_point and interval.low is not None:
            return self.quantity(interval.low, unit)
        if interval.low is not None and interval.high is not None:
            low, high = number(self.locale, interval.low), self.quantity(interval.high, unit)
            return self.text("evidence.interval.between", low=low, high=high)
        if interval.low is not None:
            key = "evidence.interval.over" if interval.low_open else "evidence.interval.from"
            return self.text(key, low=self.quantity(interval.low, unit))
        key = "evidence.interval.under" if interval.high_open else "evidence.interval.up_to"
        return self.text(key, high=self.quantity(interval.high or Fraction(0), unit))

    def quantity(self, value: Fraction, unit: str | None) -> str:
        """A number with its unit."""
        return f"{number(self.locale, value)} {self.sign(unit)}".rstrip()

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

    def plain(self, reading: Reading, *, with_limit: bool) -> str | None:
        """Any answer but a choice."""
        if reading.outcome is Outcome.ABSENT:
            return self.text("value.absent")
        if not reading.counts:
            return self.text("value.unclear")
        if reading.age is not None:
            return self.age(reading.age)
        if reading.date is not None:
            return self.day(reading.date)
        return (
            self.measured(reading, with_limit=with_limit) if reading.standard or reading.times_uln is not None else None
        )

    def listed(self, names: list[str]) -> str:
        """Names in a row."""
        if not names:
            return ""
        *first, last = names
        joined = last
        for name in reversed(first):
            joined = self.text("list.comma", first=name, rest=joined)
        return joined
