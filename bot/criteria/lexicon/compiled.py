"""Compiling the word lists into what replies are read with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bot.criteria.lexicon.characters import fold
from bot.criteria.lexicon.phrases import Phrases, spellings
from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.spelling import Misspellings
from bot.criteria.lexicon.words import CalendarWords, WordList
from bot.criteria.protocol import Analyte

_MEASURE = {
    "qualifiers": Sense.QUALIFIER,
    "foreign_units": Sense.FOREIGN_UNIT,
    "counted": Sense.COUNTED,
    "numbered": Sense.NUMBERED,
    "negations": Sense.NEGATION,
    "minus": Sense.MINUS,
    "dashes": Sense.DASH,
    "between": Sense.BETWEEN,
    "changes": Sense.CHANGE,
    "conjunctions": Sense.AND,
    "links": Sense.LINK,
    "reference": Sense.REFERENCE,
    "normal": Sense.NORMAL,
    "upper_limit": Sense.UPPER,
    "lower_limit": Sense.LOWER,
    "times": Sense.TIMES,
    "times_upper_limit": Sense.TIMES_UPPER,
    "hedges": Sense.HEDGE,
    "qualitative": Sense.QUALITATIVE,
    "not_the_value": Sense.NOT_THE_VALUE,
    "earlier": Sense.EARLIER,
    "decimal_words": Sense.DECIMAL_WORD,
}
_CALENDAR = {
    "ago": Sense.AGO,
    "ago_before": Sense.AGO_BEFORE,
    "last": Sense.LAST,
    "next": Sense.NEXT,
    "ordinals": Sense.ORDINAL,
    "year_marks": Sense.YEAR_MARK,
    "month_marks": Sense.MONTH_MARK,
    "day_marks": Sense.DAY_MARK,
    "on": Sense.ON,
    "clock": Sense.CLOCK,
    "ongoing": Sense.ONGOING,
    "imprecise": Sense.IMPRECISE_TIME,
    "bounded": Sense.BOUNDED_TIME,
    "of": Sense.OF,
    "other_events": Sense.OTHER_EVENT,
}
_CALENDAR_VALUES = {
    "months": Sense.MONTH,
    "weekdays": Sense.WEEKDAY,
    "days": Sense.DAY_WORD,
    "units": Sense.TIME_UNIT,
}
_AGE = {"about": Sense.ABOUT_AGE, "half": Sense.HALF, "sex_marks": Sense.SEX_MARK, "words": Sense.AGE_WORD}


def bare(text: str) -> str:
    """A folded text without the signs and blanks around it: what is compared when a reply must be one word list's entry whole."""
    return " ".join(text.split()).strip(" .,!;:\"'()[]~-*_…")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of every language, and the analytes that they name.

    `phrases`: all that can stand in a quantity, an age or a date. `choices`: what answers a choice. `absent`: what
    means "I don't know" as a whole reply, folded and bare.
    """

    words: tuple[WordList, ...]
    analytes: Mapping[str, Analyte]
    phrases: Phrases
    choices: Phrases
    absent: frozenset[str]
    misspellings: Misspellings

    def extended(self, names: Mapping[str, Sequence[str]], analytes: Mapping[str, Analyte] | None = None) -> Lexicon:
        """The lexicon with a trial's own analytes too: their names by code, and their units, spelled as their codes."""
        own = analytes or {}
        units = {unit.code: {"whole": [unit.code]} for analyte in own.values() for unit in analyte.units}
        listed = {code: list(given) for code, given in names.items()}
        extra = WordList.model_validate({"language": "trial", "names": listed, "units": units})
        return compile_lexicon((*self.words, extra), {**self.analytes, **own})


def compile_lexicon(words: Iterable[WordList], analytes: Mapping[str, Analyte]) -> Lexicon:
    """The word lists of all languages and the analyte table as one lexicon."""
    lists = tuple(words)
    phrases = Phrases()
    for each in lists:
        _add_measures(phrases, each)
        _add_times(phrases, each)
    _add_names(phrases, lists)
    _add_units(phrases, lists)
    return Lexicon(lists, analytes, phrases, _choices(lists), _absent(lists), _misspellings(lists, phrases))


def _add_names(phrases: Phrases, lists: Sequence[WordList]) -> None:
    for each in lists:
        for code, names in (*each.names.items(), *each.others.items()):
            for name in names:
                phrases.add(name, Sense.NAME, (code,))
        for name in (name for names in each.signs.values() for name in names):
            phrases.add(name, Sense.SIGN)


def _add_units(phrases: Phrases, lists: Sequence[WordList]) -> None:
    """Every numerator with every joiner and denominator of any language; a numerator alone is a unit cut short."""
    joiners = [joiner for each in lists for joiner in each.joiners]
    for code in dict.fromkeys(code for each in lists for code in each.units):
        spelled = [each.units[code] for each in lists if code in each.units]
        above = list(dict.fromkeys(word for each in spelled for word in each.of))
        below = list(dict.fromkeys(word for each in spelled for word in each.per))
        for whole in (word for each in spelled for word in each.whole):
            phrases.add(whole, Sense.UNIT, (code,))
        for of, joiner, per in product(above, joiners, below):
            phrases.add(f"{of} {joiner} {per}", Sense.UNIT, (code,))
        for of in above:
            phrases.add(of, Sense.CUT_UNIT, (code,))


def _add_measures(phrases: Phrases, words: WordList) -> None:
    measure = words.measure
    for field, sense in _MEASURE.items():
        for pattern in getattr(measure, field):
            phrases.add(pattern, sense)
    valued: tuple[tuple[Sense, Mapping[Any, list[str]]], ...] = (
        (Sense.COMPARATOR, measure.comparators),
        (Sense.TRAILING_COMPARATOR, measure.trailing_comparators),
        (Sense.FLAG, measure.flags),
    )
    for sense, payloads in valued:
        for payload, patterns in payloads.items():
            for pattern in patterns:
                phrases.add(pattern, sense, payload)
    for pattern, times in measure.multiples.items():
        phrases.add(pattern, Sense.MULTIPLE, times)
    for pattern in words.absent:
        phrases.add(pattern, Sense.ABSENT)
    for numeral, value in words.numerals.items():
        phrases.add(numeral, Sense.NUMERAL, value)


def _add_times(phrases: Phrases, words: WordList) -> None:
    for table, source in ((_CALENDAR, words.calendar), (_AGE, words.age)):
        for field, sense in table.items():
            for pattern in getattr(source, field):
                phrases.add(pattern, sense)
    for field, sense in _CALENDAR_VALUES.items():
        for value, patterns in getattr(words.calendar, field).items():
            for pattern in patterns:
                phrases.add(pattern, sense, value)
    _add_dated_weekdays(phrases, words.calendar)
    for unit, patterns in words.age.units.items():
        for pattern in patterns:
            phrases.add(pattern, Sense.AGE_UNIT, unit)


def _add_dated_weekdays(phrases: Phrases, calendar: CalendarWords) -> None:
    """Weekdays of another calendar week: `上周三`."""
    for weeks, weekday in product(calendar.calendar_weeks, calendar.weekdays):
        for before, named in product(calendar.calendar_weeks[weeks], calendar.weekdays[weekday]):
            phrases.add(f"{before}{named}", Sense.DATED_WEEKDAY, 7 * weeks + weekday)


def _choices(lists: Sequence[WordList]) -> Phrases:
    choices = Phrases()
    for words in (each.choices for each in lists):
        for choice, patterns in words.words.items():
            for pattern in patterns:
                choices.add(pattern, Sense.CHOICE, (choice,))
        for choice, patterns in words.hedged.items():
            for pattern in patterns:
                choices.add(pattern, Sense.HEDGED_CHOICE, choice)
        for place, patterns in words.places.items():
            for pattern in patterns:
                choices.add(pattern, Sense.PLACE, place)
        for pattern in words.fillers:
            choices.add(pattern, Sense.FILLER)
    for pattern in (pattern for each in lists for pattern in each.absent):
        choices.add(pattern, Sense.ABSENT)
    return choices


def _absent(lists: Sequence[WordList]) -> frozenset[str]:
    patterns = (pattern for each in lists for pattern in each.absent_alone)
    return frozenset(bare(fold(phrase).text) for pattern in patterns for phrase in spellings(pattern))


def _misspellings(lists: Sequence[WordList], phrases: Phrases) -> Misspellings:
    """Names of one word, of the analytes and of what they are taken for; a word known for anything else is no slip."""
    named: dict[str, tuple[str, ...]] = {}
    for each in lists:
        for code, patterns in (*each.names.items(), *each.others.items()):
            for word in (fold(phrase).text for pattern in patterns for phrase in spellings(pattern)):
                if word.isascii() and word.isalpha():
                    named[word] = tuple(dict.fromkeys((*named.get(word, ()), code)))
    return Misspellings(named, phrases.words())
