"""Three-valued logic (strong Kleene): what is not known stays not known."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Never


class Truth(Enum):
    """Whether a statement holds: for every reading of the answers, for none, or it cannot be told.

    Ordered FALSE < UNKNOWN < TRUE, so that "and" is the least of its parts and "or" the greatest. It has no truth
    value of its own: `if truth:` would quietly take UNKNOWN for one side, so it raises.
    """

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __bool__(self) -> Never:
        raise TypeError("compare a Truth with `is`: an unknown one is neither true nor false")

    def negated(self) -> Truth:
        """The opposite; the opposite of unknown is unknown."""
        return Truth(2 - self.value)

    @classmethod
    def of(cls, *, surely: bool, surely_not: bool) -> Truth:
        """TRUE where `surely`, FALSE where `surely_not`, UNKNOWN where neither."""
        if surely:
            return cls.TRUE
        return cls.FALSE if surely_not else cls.UNKNOWN


def all_of(parts: Iterable[Truth]) -> Truth:
    """The "and" of `parts`; TRUE for none."""
    return min(parts, key=_rank, default=Truth.TRUE)


def any_of(parts: Iterable[Truth]) -> Truth:
    """The "or" of `parts`; FALSE for none."""
    return max(parts, key=_rank, default=Truth.FALSE)


def _rank(truth: Truth) -> int:
    return int(truth.value)
