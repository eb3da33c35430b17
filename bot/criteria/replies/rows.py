"""Taking a row of parts apart: what is set aside first, and what remains as a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot.criteria.lexicon.senses import Sense
from bot.criteria.protocol import Analyte
from bot.criteria.reading import Role
from bot.criteria.replies import asides, limits, multiples
from bot.criteria.replies.cursor import OPEN, Cursor
from bot.criteria.replies.figures import Row
from bot.criteria.replies.parts import Part
from bot.criteria.replies.taken_numbers import take_number

_STEPS: tuple[tuple[Sense, Callable[[Cursor], bool]], ...] = (
    (Sense.NAME, asides.name),
    (Sense.QUALIFIER, asides.name),
    (Sense.SIGN, asides.sign),
    (Sense.ABSENT, asides.absent),
    (Sense.MULTIPLE, multiples.multiple_word),
    (Sense.UPPER, limits.label),
    (Sense.LOWER, limits.label),
    (Sense.REFERENCE, limits.label),
    (Sense.NORMAL, limits.label),
    (Sense.BETWEEN, limits.between),
    (Sense.CHANGE, asides.change),
    (Sense.NUMERAL, asides.spelled),
    (Sense.DECIMAL_WORD, asides.decimal_word),
    (Sense.NUMBERED, asides.numbered),
    (Sense.NOT_THE_VALUE, asides.not_the_value),
    (Sense.UNIT, asides.loose_unit),
    (Sense.FLAG, asides.flag),
    (Sense.CUT_UNIT, asides.loose_unit),
    (Sense.COMPARATOR, asides.lone_comparator),
    (Sense.HEDGE, asides.hedge),
    (Sense.QUALITATIVE, asides.qualitative),
    (Sense.NORMAL, asides.qualitative),
)
"""What each meaning of a phrase calls for, in the order in which they are tried."""


def take_apart(parts: list[Part], analyte: Analyte, today: dt.date) -> Row:
    """The row that `parts` hold, read as being about `analyte`."""
    row = Row(parts, [Role.NOISE] * len(parts))
    cursor = Cursor(row, analyte, today)
    while cursor.place < len(parts):
        moment = cursor.dates.get(cursor.place)
        if moment:
            cursor.take(moment.end, Role.DATE)
        elif not _by_sense(cursor) and not take_number(cursor):
            _other(cursor)
    return row


def _by_sense(cursor: Cursor) -> bool:
    """Take a part by what its phrase means, where that needs a look at what follows it."""
    senses = cursor.parts[cursor.place].senses
    if not senses:
        return cursor.parts[cursor.place].text in OPEN and limits.bracket(cursor)
    return any(step(cursor) for sense, step in _STEPS if sense in senses)


def _other(cursor: Cursor) -> None:
    """A sign or an unknown word: it may stand beside a value."""
    part = cursor.parts[cursor.place]
    numeric = part.means(Sense.HALF) or any(character.isnumeric() for character in part.text)
    if numeric and _number_beside(cursor):
        cursor.row.malformed = True
    cursor.take(cursor.place + 1, Role.UNREAD if numeric else Role.NOISE)


def _number_beside(cursor: Cursor) -> bool:
    part = cursor.parts[cursor.place]
    if part.means(Sense.HALF):
        joined = cursor.means(cursor.place - 1, Sense.AND)
        return cursor.number_before(cursor.place - joined) and cursor.place + 1 not in cursor.dates  # "half a year ago"
    follows = cursor.any_number(cursor.place - 1) and not part.apart
    return follows or (cursor.any_number(cursor.place + 1) and not cursor.parts[cursor.place + 1].apart)
