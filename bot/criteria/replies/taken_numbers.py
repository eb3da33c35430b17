"""Taking a number of a row: as a multiple, a range, a count of something else, or a figure that may be the value."""

from __future__ import annotations

from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import LINE, WORD
from bot.criteria.reading import Role
from bot.criteria.replies.cursor import CLOSE, LABEL_GAP, Cursor
from bot.criteria.replies.figures import Figure, Units
from bot.criteria.replies.limits import normal_bound, range_at
from bot.criteria.replies.multiples import multiple, times
from bot.criteria.replies.numbers import Number
from bot.criteria.replies.parts import Part

_MINUS = "-"
_LIKE_DIGITS = "ilo"
_CLAUSE_ENDS = frozenset(",.;:!?")
_GLUES = (
    Sense.NAME,
    Sense.SIGN,
    Sense.QUALIFIER,
    Sense.LINK,
    Sense.NUMBERED,
    Sense.HEDGE,
    Sense.COMPARATOR,
    Sense.UNIT,
)


def take_number(cursor: Cursor) -> bool:
    """Take a number: a multiple, a range, a count of something else, or a figure that may be the value."""
    number = cursor.number_at(cursor.place)
    if number is None:
        return False
    part = cursor.parts[cursor.place]
    before = cursor.parts[cursor.place - 1] if cursor.place else None
    glued = part.glued and before is not None
    if (glued and before and not before.senses) or _is_laboratory_code(cursor, number):
        cursor.row.counted = True  # or a code such as X1
        cursor.take(cursor.place + 1, Role.NOISE)
        return True
    misplaced = glued and before and not _glues(before)
    if not number.values or misplaced or _runs_on(cursor):
        cursor.row.malformed = True
        cursor.take(cursor.place + 1, Role.UNREAD)
        return True
    if times(cursor, cursor.place, number) or _range(cursor) or _count(cursor):
        return True
    cursor.row.unclear |= cursor.means(cursor.place + 1, Sense.TIMES) and not cursor.means(cursor.place + 1, Sense.FLAG)
    return _figure(cursor, number)


def _glues(before: Part) -> bool:
    """Whether a number may follow the word at once (`Hb92`); letters that look like digits are none such (`lO5`)."""
    return bool(before.text.strip(_LIKE_DIGITS)) and any(before.means(sense) for sense in _GLUES)


def _is_laboratory_code(cursor: Cursor, number: Number) -> bool:
    """The number of the laboratory at the end of its row: `34 0-40 IU/L 01`."""
    noughted = number.whole is not None and len(number.text) > 1 and number.text.startswith("0")
    last = cursor.place + 1 == len(cursor.parts) or cursor.parts[cursor.place + 1].kind == LINE
    return noughted and last and bool(cursor.row.figures) and bool(cursor.row.ranges or cursor.row.limits)


def _runs_on(cursor: Cursor) -> bool:
    """Whether letters and further digits follow without a blank: `1e2`, `0x5c`."""
    if cursor.place + 2 >= len(cursor.parts):
        return False
    letters, digits = cursor.parts[cursor.place + 1 : cursor.place + 3]
    return letters.kind == WORD and not letters.apart and digits.glued


def _range(cursor: Cursor) -> bool:
    found = range_at(cursor, cursor.place)
    if found is None:
        return False
    ranged, end = found
    if cursor.means(end, Sense.TIMES) and (cursor.means(end + 1, Sense.UPPER) or cursor.means(end + 1, Sense.NORMAL)):
        return multiple(cursor, end + 2, (), bounded=True)
    if cursor.means(end, Sense.TIMES_UPPER):
        return multiple(cursor, end + 1, (), bounded=True)
    labelled = cursor.means(end, Sense.REFERENCE) or cursor.means(end, Sense.NORMAL)
    (cursor.row.limits if labelled else cursor.row.ranges).append(ranged)
    cursor.row.malformed |= cursor.means(end, Sense.DASH) and cursor.any_number(end + 1)
    cursor.take(end, Role.RANGE if labelled else Role.VALUE)
    return True


def _count(cursor: Cursor) -> bool:
    """`62 kg`, `12 hours`. Not in `AST 34 day 3`, where the word belongs to the number after it; `1 day 3` is asked about."""
    after = cursor.place + 1
    if not cursor.counts(after):
        return False
    if cursor.means(after, Sense.NUMBERED) and cursor.number_at(after + 1):
        before = cursor.place - 1
        cursor.row.unclear |= not (cursor.means(before, Sense.NAME) or cursor.means(before, Sense.LINK))
        return False
    measured = cursor.means(cursor.place + 1, Sense.FOREIGN_UNIT)
    number = cursor.number_at(cursor.place)
    if measured and number:
        cursor.row.figures.append(
            Figure(number, cursor.place, units=Units(text=cursor.parts[cursor.place + 1].text), aside=True)
        )
    cursor.row.counted = True
    cursor.take(cursor.place + 2, Role.NOISE)
    return True


def _figure(cursor: Cursor, number: Number) -> bool:
    figure = Figure(number, cursor.place)
    figure.operator, negated = _operator(cursor, cursor.place)
    figure.doubted = negated
    units, end = cursor.units_at(cursor.place + 1)
    figure.units = units or cursor.row.pending
    cursor.row.pending = None
    cursor.row.roles[cursor.place] = Role.VALUE
    cursor.row.roles[cursor.place + 1 : end] = [Role.UNIT] * (end - cursor.place - 1)
    trailing = cursor.parts[end].senses.get(Sense.TRAILING_COMPARATOR) if end < len(cursor.parts) else None
    if trailing and not (cursor.means(end, Sense.UPPER) and cursor.number_at(cursor.past_links(end + 1))):
        figure.operator, end = trailing, end + 1
    if end < len(cursor.parts) and cursor.parts[end].text == "+" and not cursor.parts[end].apart:
        cursor.row.unclear = True
    if normal_bound(cursor, figure, end):
        return True
    cursor.row.figures.append(figure)
    cursor.place = end
    return True


def _operator(cursor: Cursor, place: int) -> tuple[str | None, bool]:
    """The comparator before the number at `place`, and whether a negation stands there that no word list knows."""
    at = place - 1
    while cursor.means(at, Sense.HEDGE) or (cursor.means(at, Sense.LINK) and not cursor.means(at, Sense.COMPARATOR)):
        at -= 1
    part = cursor.parts[at] if at >= 0 else None
    if part is None or part.kind == LINE:
        return None, False
    if part.means(Sense.MINUS) or (not part.text.strip(_MINUS) and _is_minus(cursor, at, place)):
        cursor.row.negative = True
    operator = part.senses.get(Sense.COMPARATOR) if at not in cursor.dates else None
    if operator:
        cursor.row.roles[at] = Role.VALUE
        return operator, _negated(cursor, at) or cursor.means(at - 1, Sense.CHANGE)  # "went up to 34"
    return None, part.means(Sense.NEGATION) or part.means(Sense.CHANGE) or _negated(cursor, at)  # "from 80 up"


def _negated(cursor: Cursor, comparator: int) -> bool:
    """Whether a negation stands a few words before a comparator, in the same clause (`hasn't been above 80`)."""
    for at in range(comparator - 1, max(comparator - 1 - LABEL_GAP, -1), -1):
        part = cursor.parts[at]
        if part.number or part.text in _CLAUSE_ENDS or part.kind == LINE:
            return False
        if part.means(Sense.NEGATION):
            return True
    return False


def _is_minus(cursor: Cursor, at: int, place: int) -> bool:
    """A dash is a minus unless it follows a name, a unit or a flag. One that joins an unknown word is neither (`mid-90`)."""
    before = at - 1
    while before >= 0 and cursor.parts[before].text in CLOSE:
        before -= 1
    part = cursor.parts[before] if before >= 0 else None
    if part is None or part.text in {":", "="} or at != place - 1:
        return at == place - 1
    if any(part.means(sense) for sense in (Sense.NAME, Sense.UNIT, Sense.CUT_UNIT, Sense.FLAG, Sense.LINK)):
        return False
    joined = part.kind == WORD and not cursor.parts[at].apart
    cursor.row.unclear |= joined
    return not joined
