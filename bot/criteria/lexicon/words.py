"""What a word list holds: the vocabulary of one language, as read from its file."""

from __future__ import annotations

from pydantic import Field

from bot.criteria.protocol import Exact, Model
from bot.criteria.reading import Flag

Words = list[str]


class UnitWords(Model):
    """How one unit is written: any of `of`, a joiner and any of `per` (`mg` + `/` + `dl`), or a spelling of its own (`whole`)."""

    of: Words = []
    per: Words = []
    whole: Words = []


class MeasureWords(Model):
    """Words that stand around a value."""

    qualifiers: Words = []
    foreign_units: Words = []
    counted: Words = []
    numbered: Words = []
    negations: Words = []
    minus: Words = []
    dashes: Words = []
    between: Words = []
    changes: Words = []
    conjunctions: Words = []
    links: Words = []
    reference: Words = []
    normal: Words = []
    upper_limit: Words = []
    lower_limit: Words = []
    times: Words = []
    times_upper_limit: Words = []
    hedges: Words = []
    qualitative: Words = []
    not_the_value: Words = []
    earlier: Words = []
    decimal_words: Words = []
    comparators: dict[str, Words] = {}
    trailing_comparators: dict[str, Words] = {}
    multiples: dict[str, Exact] = {}
    flags: dict[Flag, Words] = {}


class CalendarWords(Model):
    """Words of dates and times. `calendar_weeks`: what stands before a weekday of another calendar week, by weeks from this one."""

    months: dict[int, Words] = {}
    weekdays: dict[int, Words] = {}
    days: dict[int, Words] = {}
    units: dict[str, Words] = {}
    ago: Words = []
    ago_before: Words = []
    last: Words = []
    calendar_weeks: dict[int, Words] = {}
    next: Words = []
    ordinals: Words = []
    year_marks: Words = []
    month_marks: Words = []
    day_marks: Words = []
    on: Words = []
    clock: Words = []
    ongoing: Words = []
    imprecise: Words = []
    bounded: Words = []
    of: Words = []
    other_events: Words = []


class AgeWords(Model):
    """Words of ages. `units`: spellings that count only after an age's number, such as `yo`."""

    units: dict[str, Words] = {}
    about: Words = []
    half: Words = []
    sex_marks: Words = []
    words: Words = []


class ChoiceWords(Model):
    """Words that answer a choice. A word given for two choices of one question is asked about; so is a hedged one."""

    words: dict[str, Words] = {}
    hedged: dict[str, Words] = {}
    fillers: Words = []
    places: dict[int, Words] = {}


class WordList(Model):
    """The words of one language (`common`: those that belong to none)."""

    language: str
    names: dict[str, Words] = {}
    others: dict[str, Words] = {}
    signs: dict[str, Words] = {}
    units: dict[str, UnitWords] = {}
    joiners: Words = []
    absent: Words = []
    absent_alone: Words = []
    numerals: dict[str, int] = {}
    measure: MeasureWords = Field(default_factory=MeasureWords)
    calendar: CalendarWords = Field(default_factory=CalendarWords)
    age: AgeWords = Field(default_factory=AgeWords)
    choices: ChoiceWords = Field(default_factory=ChoiceWords)
