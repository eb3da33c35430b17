"""What a row says beside its numbers, and numbers that belong to something else."""

from __future__ import annotations

from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import SIGN, WORD
from bot.criteria.reading import Flag, Role
from bot.criteria.replies.cursor import Cursor
from bot.criteria.replies.figures import Figure
from bot.criteria.replies.limits import range_at
from bot.criteria.replies.multiples import times


def name(cursor: Cursor) -> bool:
    """Note a name."""
    cursor.row.names.append(cursor.place)
    cursor.take(cursor.place + 1, Role.NAME)
    return True


def sign(cursor: Cursor) -> bool:
    """`HR 80`, `BP 120/80`, `weight 62 kg`, `80 pulse`: a sign of the body and its numbers."""
    cursor.row.sign = True
    at = cursor.place + 1
    while cursor.means(at, Sense.LINK) or cursor.means(at, Sense.FLAG):
        at += 1
    loose = _loose_figure_before(cursor)
    if cursor.number_at(at) is None:
        if loose:
            loose.aside = True
        cursor.take(cursor.place + 1, Role.NOISE)
        return True
    cursor.row.unclear |= loose is not None  # "80 pulse 96": either number may be the pulse
    cursor.take(_past_sign_numbers(cursor, at), Role.NOISE)
    return True


def _loose_figure_before(cursor: Cursor) -> Figure | None:
    """The number right before, unless its name or its unit tells what it is."""
    figure = cursor.row.figures[-1] if cursor.row.figures else None
    if figure is None or figure.place != cursor.place - 1 or figure.operator:
        return None
    at = figure.place - 1
    while cursor.means(at, Sense.LINK) or cursor.means(at, Sense.FLAG) or cursor.means(at, Sense.HEDGE):
        at -= 1
    return None if cursor.means(at, Sense.NAME) else figure


def _past_sign_numbers(cursor: Cursor, at: int) -> int:
    """Past `120/80 mmHg`."""
    while cursor.number_at(at):
        _, at = cursor.units_at(at + 1)
        parted = at < len(cursor.parts) and (cursor.parts[at].text == "/" or cursor.means(at, Sense.DASH))
        if not parted or not cursor.number_at(at + 1):
            break
        at += 1
    counted = cursor.means(at, Sense.COUNTED) and not cursor.means(at, Sense.SIGN)
    return at + counted


def absent(cursor: Cursor) -> bool:
    """Note that the value is not known."""
    cursor.row.absent = True
    cursor.take(cursor.place + 1, Role.ABSENT)
    return True


def flag(cursor: Cursor) -> bool:
    """Note a laboratory's flag, or a word such as "low"."""
    after = cursor.place + 1
    factor = cursor.number_at(after) is not None and range_at(cursor, after) is None
    if factor and cursor.means(cursor.place, Sense.TIMES) and cursor.row.figures:
        return False
    flag = cursor.parts[cursor.place].senses[Sense.FLAG]
    if flag not in cursor.row.flags:
        cursor.row.flags.append(flag)
    cursor.row.qualitative = True
    cursor.take(cursor.place + 1, Role.FLAG)
    return True


def hedge(cursor: Cursor) -> bool:
    """Note that the value is approximate."""
    if Flag.APPROXIMATE not in cursor.row.flags:
        cursor.row.flags.append(Flag.APPROXIMATE)
    cursor.take(cursor.place + 1, Role.HEDGE)
    return True


def lone_comparator(cursor: Cursor) -> bool:
    """A sign such as `<` that no number follows cannot be read, nor `34 more than normal`."""
    sign = cursor.parts[cursor.place].kind == SIGN
    at = cursor.place + 1
    while cursor.means(at, Sense.HEDGE) or cursor.means(at, Sense.LINK):
        at += 1
    cursor.row.unclear |= sign and not (cursor.any_number(at) or cursor.means(at, Sense.UPPER))
    cursor.row.unclear |= cursor.number_before(cursor.place) and cursor.means(at, Sense.NORMAL)
    return False


def qualitative(cursor: Cursor) -> bool:
    """Note a word for a result that is no number."""
    cursor.row.qualitative = True
    cursor.take(cursor.place + 1, Role.NOISE)
    return True


def not_the_value(cursor: Cursor) -> bool:
    """Note that the number is a target, a change or the like."""
    if _describes(cursor):
        return False
    cursor.row.not_the_value = True
    cursor.take(cursor.place + 1, Role.UNREAD)
    return True


def _describes(cursor: Cursor) -> bool:
    """Whether a word for a change is one for a result here, since no number follows: `92 bajo` is low, `bajó 2` is by 2."""
    return cursor.means(cursor.place, Sense.FLAG) and not cursor.number_soon(cursor.place + 1)


def numbered(cursor: Cursor) -> bool:
    """`day 3`, `cycle 2`: the number is a place in an order."""
    at = cursor.place + 1
    if cursor.means(at, Sense.LINK) and cursor.parts[at].kind != WORD:
        at += 1
    number = cursor.number_at(at)
    if number is None or number.whole is None:
        return False
    cursor.row.counted = True
    cursor.take(at + 1, Role.NOISE)
    return True


def spelled(cursor: Cursor) -> bool:
    """A number in words: a multiple if "times" follows; else it must be asked about, unless it is a lone "one"."""
    part = cursor.parts[cursor.place]
    if part.number and part.number.values and times(cursor, cursor.place, part.number):
        return True
    lone = part.number is not None and part.number.whole == 1 and part.number.spelled
    beside = cursor.any_number(cursor.place + 1) or (cursor.place and cursor.any_number(cursor.place - 1))
    point = cursor.means(cursor.place + 1, Sense.DECIMAL_WORD)
    if cursor.counts(cursor.place + 1):
        cursor.row.counted = True
        cursor.take(cursor.place + 2, Role.NOISE)
        return True
    cursor.row.spelled = cursor.row.spelled or not lone or bool(beside) or point
    cursor.take(cursor.place + 1, Role.UNREAD if cursor.row.spelled else Role.NOISE)
    return True


def decimal_word(cursor: Cursor) -> bool:
    """`9 point 2`, `90多`, `8克多`: it changes the number that it stands beside."""
    apart = cursor.parts[cursor.place].apart
    before = cursor.any_number(cursor.place - 1) if apart else cursor.number_before(cursor.place)
    of_a_date = cursor.place + 1 in cursor.dates  # 半年前
    if of_a_date or not (before or cursor.any_number(cursor.place + 1)):
        return False
    cursor.row.malformed = True
    cursor.take(cursor.place + 1, Role.UNREAD)
    return True


def change(cursor: Cursor) -> bool:
    """Note that two numbers are a change from one to the other."""
    if _describes(cursor):
        return False
    cursor.row.changes = True
    cursor.row.not_the_value |= cursor.means(cursor.place, Sense.NOT_THE_VALUE) and cursor.any_number(cursor.place + 1)
    cursor.take(cursor.place + 1, Role.NOISE)
    return True


def loose_unit(cursor: Cursor) -> bool:
    """A unit that does not follow a number at once: it belongs to the last figure and range without one, else to the next."""
    units, end = cursor.units_at(cursor.place)
    if units is None:
        return False
    row = cursor.row
    figures = [figure for figure in row.figures[-1:] if not figure.units]
    ranges = [ranged for ranged in (*row.ranges[-1:], *row.limits[-1:]) if not ranged.units]
    for figure in figures:
        figure.units = units
    for ranged in ranges:
        ranged.units = units
    known = row.figures[-1].units if row.figures else None
    if not row.figures and not ranges:
        row.pending = units
    elif known and not figures and not ranges:
        row.unclear = row.unclear or set(known.codes) != set(units.codes)
    cursor.take(end, Role.UNIT)
    return True
