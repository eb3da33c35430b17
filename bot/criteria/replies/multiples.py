"""Multiples of the upper limit of normal in a row: `1.5 x ULN`, `twice the upper limit`, `正常上限的2倍`."""

from __future__ import annotations

from fractions import Fraction

from bot.criteria.lexicon.senses import Sense
from bot.criteria.reading import Role
from bot.criteria.replies.cursor import LABEL_GAP, OPEN, Cursor
from bot.criteria.replies.numbers import Number


def multiple_word(cursor: Cursor) -> bool:
    """`twice the upper limit`."""
    times = cursor.parts[cursor.place].senses[Sense.MULTIPLE]
    found = _upper_after(cursor, cursor.place + 1, times, bounded=_bounded(cursor, cursor.place))
    cursor.row.unclear |= not found and cursor.any_number(cursor.place + 1)  # "twice 92"
    return found


def _bounded(cursor: Cursor, place: int) -> bool:
    """Whether a comparator or a dash stands before `place`."""
    return cursor.means(place - 1, Sense.COMPARATOR) or cursor.means(place - 1, Sense.DASH)


def times(cursor: Cursor, place: int, number: Number) -> bool:
    """`1.5 x ULN`: a number at `place`, "times", and a word for the upper limit."""
    if cursor.means(place + 1, Sense.TIMES_UPPER):
        return multiple(cursor, place + 2, number.values, bounded=_bounded(cursor, place))
    if not cursor.means(place + 1, Sense.TIMES):
        return False
    return _upper_after(cursor, place + 2, *number.values, bounded=_bounded(cursor, place))


def _upper_after(cursor: Cursor, at: int, *times: Fraction, bounded: bool) -> bool:
    for _ in range(LABEL_GAP):
        if cursor.means(at, Sense.UPPER) or cursor.means(at, Sense.NORMAL):
            return multiple(cursor, at + 1, times, bounded=bounded)
        if not cursor.means(at, Sense.LINK) and not cursor.means(at, Sense.TIMES):
            return False
        at += 1
    return False


def multiple(cursor: Cursor, end: int, times: tuple[Fraction, ...], *, bounded: bool) -> bool:
    """Take a multiple that ends at `end`, past what else names the limit."""
    for _ in range(2):  # "2 x ULN of normal", "3 times the upper limit of the normal range"
        end += cursor.means(end, Sense.NORMAL) or cursor.means(end, Sense.REFERENCE)
    if cursor.means(end + 1, Sense.UPPER) and cursor.parts[end].text in OPEN:
        end = cursor.past_close(end + 2)  # "2 x the upper limit of normal (ULN)"
    cursor.row.multiples.append(None if bounded or len(times) != 1 else times[0])
    cursor.take(end, Role.VALUE)
    return True


def upper_first(cursor: Cursor) -> bool:
    """`正常上限的2倍`, `ULN x 2`."""
    if not (cursor.means(cursor.place, Sense.UPPER) or cursor.means(cursor.place, Sense.NORMAL)):
        return False
    at = cursor.place + 1
    while cursor.means(at, Sense.LINK):
        at += 1
    bounded = cursor.means(at, Sense.COMPARATOR)
    at += bounded
    bounded |= _bounded(cursor, cursor.place)
    times_first = cursor.means(at, Sense.TIMES)
    at += times_first
    number = cursor.parts[at].number if at < len(cursor.parts) and at not in cursor.dates else None
    if number is None or not (times_first or cursor.means(at + 1, Sense.TIMES)):
        return False
    return multiple(cursor, at + (1 if times_first else 2), number.values, bounded=bounded)
