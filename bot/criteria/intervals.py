"""Exact intervals of numbers: every numeric answer is one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`; a bound of None is infinite, an open bound is not included."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def exactly(cls, value: Fraction | int) -> Interval:
        """The interval that holds `value` alone."""
        point = Fraction(value)
        return cls(point, point)

    @property
    def is_point(self) -> bool:
        """Whether it holds a single number."""
        return self.low is not None and self.low == self.high

    def times(self, factor: Fraction) -> Interval:
        """The interval in another unit, where one of its own is `factor` (above 0) of the other."""
        return Interval(
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
            self.low_open,
            self.high_open,
        )

    def meets(self, low: Fraction, high: Fraction) -> bool:
        """Whether any number of it lies in the closed range from `low` to `high`."""
        if self.low is not None and (self.low > high or (self.low_open and self.low == high)):
            return False
        return not (self.high is not None and (self.high < low or (self.high_open and self.high == low)))
