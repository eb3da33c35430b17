"""What a phrase can mean in a reply."""

from __future__ import annotations

from enum import IntEnum, auto


class Sense(IntEnum):  # an int, because looking up a plain member of an enum calls Python for its hash
    """One thing a phrase can mean; many have several, and the place decides. In brackets: the payload, True where none is named."""

    NAME = auto()  # of an analyte (codes)
    SIGN = auto()  # of the body: its number is set aside
    QUALIFIER = auto()  # makes the analyte named beside it another one
    UNIT = auto()  # (UCUM codes, one for each unit so spelled or so begun)
    CUT_UNIT = auto()  # spelled by its beginning alone
    FOREIGN_UNIT = auto()  # a unit of laboratory values that no analyte here has
    COUNTED = auto()  # after a number: what it counts is no value
    NUMBERED = auto()  # before a number: a day, a cycle, a grade
    COMPARATOR = auto()  # (operator)
    TRAILING_COMPARATOR = auto()  # after its number (operator)
    NEGATION = auto()
    MINUS = auto()  # a word for the sign
    DASH = auto()
    BETWEEN = auto()
    CHANGE = auto()
    AND = auto()
    LINK = auto()
    REFERENCE = auto()  # begins a reference range
    NORMAL = auto()
    UPPER = auto()
    LOWER = auto()
    TIMES = auto()
    TIMES_UPPER = auto()
    MULTIPLE = auto()  # (how many times)
    FLAG = auto()  # (reading.Flag)
    HEDGE = auto()
    QUALITATIVE = auto()
    ABSENT = auto()
    NOT_THE_VALUE = auto()  # a target, a threshold
    EARLIER = auto()
    NUMERAL = auto()  # (its value)
    DECIMAL_WORD = auto()
    MONTH = auto()  # (1 to 12)
    WEEKDAY = auto()  # (Monday is 0)
    DAY_WORD = auto()  # (days from today)
    TIME_UNIT = auto()  # (day, week, month, year)
    AGO = auto()
    AGO_BEFORE = auto()
    LAST = auto()
    DATED_WEEKDAY = auto()  # a weekday of a calendar week (days from this week's Monday)
    NEXT = auto()
    ORDINAL = auto()
    YEAR_MARK = auto()
    MONTH_MARK = auto()
    DAY_MARK = auto()
    ON = auto()
    CLOCK = auto()
    ONGOING = auto()
    IMPRECISE_TIME = auto()
    BOUNDED_TIME = auto()  # before, after, since a date
    OF = auto()  # between day and month
    OTHER_EVENT = auto()  # what the date beside it may be of: no dose that was taken
    AGE_UNIT = auto()  # written so only for ages (day, week, month, year)
    ABOUT_AGE = auto()
    HALF = auto()
    SEX_MARK = auto()
    AGE_WORD = auto()
    CHOICE = auto()  # (ids)
    HEDGED_CHOICE = auto()  # (id)
    PLACE = auto()  # in the list of choices (from 1)
    FILLER = auto()
