"""Ranges and limits in a row: `ref 15-40`, `(<40)`, `ULN 40`, `between 55 and 60`."""

from __future__ import annotations

from bot.criteria.lexicon.senses import Sense
from bot.criteria.reading import Role
from bot.criteria.replies.cursor import CLOSE, OPEN, Cursor
from bot.criteria.replies.figures import Figure, Range
from bot.criteria.replies.multiples import upper_first


def label(cursor: Cursor) -> bool:
    """`ref 15-40`, `ULN 40`, `normal up to 40`: a label, small words, and then a range or a limit."""
    part = cursor.parts[cursor.place]
    multiple = upper_first(cursor)
    if multiple:
        return True
    at = cursor.past_links(cursor.place + 1)
    found = _limit_at(cursor, at)
    if found is None:
        cursor.row.unclear |= part.means(Sense.NORMAL) and cursor.means(
            cursor.place + 1, Sense.NAME
        )  # "normal Hb is 130"
        return _names_limit_before(cursor)
    limit, end, single = found
    if single and part.means(Sense.NORMAL) and cursor.parts[cursor.place + 1].text == ",":
        return False  # "normal, 60 %" is a value
    if single and part.means(Sense.LOWER):
        limit = Range(limit.high, None, limit.place, limit.units)
    elif single and not part.means(Sense.UPPER):
        cursor.row.unclear = True
    cursor.row.limits.append(limit)
    cursor.take(cursor.past_close(end), Role.RANGE)
    return True


def _names_limit_before(cursor: Cursor) -> bool:
    """`40 is the upper limit`: the number before was no value."""
    part = cursor.parts[cursor.place]
    bound = part.means(Sense.UPPER) or part.means(Sense.LOWER)
    figures = cursor.row.figures
    another = cursor.number_soon(cursor.place + 1)  # "45; the limit here is 40"
    named = bool(figures) and not another and _only_links(cursor, figures[-1].place + 1, cursor.place)
    if not bound or not named:
        cursor.row.unclear |= part.means(Sense.UPPER)  # "3 above the upper limit"
        return False
    figure = figures.pop()
    upper = part.means(Sense.UPPER)
    low, high = (None, figure.number) if upper else (figure.number, None)
    cursor.row.limits.append(Range(low, high, figure.place, figure.units))
    cursor.take(cursor.place + 1, Role.RANGE)
    return True


def _only_links(cursor: Cursor, start: int, end: int) -> bool:
    """Whether nothing but small words, units and brackets stands there."""
    small = (Sense.LINK, Sense.UNIT, Sense.CUT_UNIT)
    return all(part.text in OPEN or any(part.means(sense) for sense in small) for part in cursor.parts[start:end])


def _limit_at(cursor: Cursor, at: int) -> tuple[Range, int, bool] | None:
    """The limit whose number stands at `at`: itself, where it ends, and whether it is a lone number without a comparator."""
    operator = cursor.parts[at].senses.get(Sense.COMPARATOR) if at < len(cursor.parts) else None
    number_at = at + 1 if operator else at
    number = cursor.number_at(number_at)
    if number is None:
        return None
    ranged = None if operator else range_at(cursor, number_at)
    if ranged:
        return (*ranged, False)
    units, end = cursor.units_at(number_at + 1)
    if operator and operator.startswith(">"):
        return Range(number, None, number_at, units), end, False
    return Range(None, number, number_at, units), end, operator is None


def range_at(cursor: Cursor, at: int) -> tuple[Range, int] | None:
    """`15-40`, `15 U/L to 40 U/L`, with the unit that follows."""
    low = cursor.number_at(at)
    units, dash = cursor.units_at(at + 1)
    paired = cursor.means(at - 1, Sense.BETWEEN) or cursor.means(at - 1, Sense.REFERENCE)  # "normal between 15 and 40"
    joined = cursor.means(dash, Sense.DASH) or (paired and cursor.means(dash, Sense.AND))
    if low is None or not joined:
        return None
    if cursor.means(dash, Sense.COMPARATOR) and (units or (cursor.row.names and not cursor.intervals)):
        return None  # "34 U/L hasta 40", "TGO 34 hasta 40": a value and a limit
    high = cursor.number_at(dash + 1)
    if high is None:
        return None
    last, end = cursor.units_at(dash + 2)
    if units and not last and cursor.means(end, Sense.DASH) and cursor.number_at(end + 1):
        return None  # "92 g/L - 115-150" is a value and a range
    return Range(low, high, at, last or units), end


def normal_bound(cursor: Cursor, bound: Figure, end: int) -> bool:
    """Whether a bound that ends at `end` says after a value what is normal, and so is a limit: `34, up to 40 is normal`."""
    while cursor.means(end, Sense.LINK):
        end += 1
    if bound.operator is None or not cursor.row.figures or not cursor.means(end, Sense.NORMAL):
        return False
    cursor.row.limits.append(as_limit(bound))
    cursor.take(end + 1, Role.RANGE)
    return True


def as_limit(bound: Figure) -> Range:
    """A bound (`<40`) as the limit that it states."""
    upper = (bound.operator or "").startswith("<")
    low, high = (None, bound.number) if upper else (bound.number, None)
    return Range(low, high, bound.place, bound.units)


def between(cursor: Cursor) -> bool:
    """`between 55 and 60`."""
    low, high = cursor.number_at(cursor.place + 1), cursor.number_at(cursor.place + 3)
    joined = cursor.means(cursor.place + 2, Sense.AND) or cursor.means(cursor.place + 2, Sense.DASH)
    if low is None or high is None or not joined:
        return False
    units, end = cursor.units_at(cursor.place + 4)
    cursor.row.ranges.append(Range(low, high, cursor.place, units))
    cursor.take(end, Role.VALUE)
    return True


def bracket(cursor: Cursor) -> bool:
    """`(15-40)`, `[<40]`, `(ref: 15-40 U/L)`: a limit in brackets."""
    at = cursor.past_links(cursor.place + 1)
    found = _limit_at(cursor, at)
    if found is None or not _closes(cursor, found[1]):
        return False
    limit, end, single = found
    if single and not any(cursor.means(place, Sense.UPPER) for place in range(cursor.place, at)):
        return False
    cursor.row.limits.append(limit)
    cursor.take(cursor.past_close(end), Role.RANGE)
    return True


def _closes(cursor: Cursor, end: int) -> bool:
    """Whether the bracket closes at `end` (past a word such as "normal"), or the row ends there."""
    while any(cursor.means(end, sense) for sense in (Sense.LINK, Sense.NORMAL, Sense.REFERENCE)):
        end += 1
    return end >= len(cursor.parts) or cursor.parts[end].text in CLOSE
