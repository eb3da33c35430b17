"""What is doubtful about a result: the print itself, two looks that differ, and what does not fit together.

A doubt costs one question. A misreading that nobody sees may cost far more, so each rule here errs on the side of asking.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import zip_longest

from bot.flows.photographed import Doubt
from bot.photo.ink import Ink, seen
from bot.photo.layout import MARK, Record
from bot.photo.looks import figures, same_figures, same_name
from bot.photo.models import Image
from bot.photo.names import codes_of, unit_known
from bot.photo.printed import Printed, text_of, wholes

COMPARATORS = "<>≤≥"
SURE_FIGURE = 0.9  # of the weakest digit or comparator of a value or a range
SURE_NAME = 0.45  # of the weakest character of a name, which has meaning to check it by
CLEAN = re.compile(r"[<>≤≥]?\d{1,5}(?:[.,]\d{1,3})?")
RANGE = re.compile(r"(\d+(?:[.,]\d+)?)[^\d.,]{1,3}(\d+(?:[.,]\d+)?)")
BOUND = re.compile(r"([<>≤≥])=?(\d+(?:[.,]\d+)?)")
UP = frozenset("↑⬆▲H高")
DOWN = frozenset("↓⬇▼L低")
COLUMN = 15  # heights up and down a column in which another name begins where one does
BEGINS = 1.0  # heights between the beginnings of two names of a column
STRAGGLERS = 0.35  # of the names of a page: more of them begin each at its own place, and none tells anything
FAR = 30  # times its limit: a value without a decimal point that was printed

Looks = dict[int, tuple[str, ...]]


def of_layout(record: Record, *, units_printed: bool, marks_printed: bool = True) -> set[Doubt]:
    """What is doubtful about the parts of a result, as far as the words tell."""
    found: set[Doubt] = set()
    if len(record.value) != 1 or len(record.unit) > 1 or len(record.range) > 1 + record.paired or len(record.flag) > 1:
        found.add(Doubt.CROWDED)
    if (
        not CLEAN.fullmatch(text_of(record.value))
        or record.astray
        or record.severed
        or record.slack >= 1
        or any(figures(other.text) for other in record.others)
        or any(sign in COMPARATORS for sign in text_of(record.name))  # of a value that stands too far from it
    ):
        found.add(Doubt.CROWDED)
    if units_printed and not _unit_fits(record):
        found.add(Doubt.UNIT)
    unmarked_here = not marks_printed and unmarked(record)
    if not found and not unmarked_here and not together(*map(text_of, (record.value, record.range, record.flag))):
        found.add(Doubt.FLAG)
    return found


def _unit_fits(record: Record) -> bool:
    codes = codes_of(text_of(record.name))
    return bool(record.unit) and all(unit_known(text_of(record.unit), code) for code in codes)


def together(value: str, limits: str, flag: str) -> bool:
    """Whether value, range and mark can stand together: marked where outside, and on the side of the mark."""
    low, high = _limits(limits)
    if low is None and high is None:
        return True
    if low is not None and high is not None and low >= high:
        return False
    amount = _number(value.lstrip(COMPARATORS))
    below = low is not None and amount < low
    above = high is not None and amount > high and (amount < FAR * high or "." in value or "," in value)
    if UP.intersection(flag):
        return above
    if DOWN.intersection(flag):
        return below or (low is not None and value[0] in "<≤" and amount <= low)
    if flag:
        return below or above
    return not (below or (high is not None and amount > high)) or (_compared(value) and below)


def unmarked(record: Record) -> bool:
    """Whether a value lies outside its range, and nothing is doubtful but that no mark says so."""
    if record.flag or len(record.value) != 1 or not CLEAN.fullmatch(text_of(record.value)):
        return False
    value, limits = text_of(record.value), text_of(record.range)
    return not together(value, limits, "") and together(value, limits, MARK)


def beginning_hidden(records: list[Record]) -> set[int]:
    """The ids of records whose name begins where no near one does, on a page whose names stand in columns.

    Light that washes out the first word of `Direct bilirubin` leaves no other trace.
    """
    lefts = [(record.name[0].left, record.name[0].level, record.name[0].height) for record in records]
    alone = {id(record) for record, here in zip(records, lefts, strict=True) if not _in_column(here, lefts)}
    return alone if len(alone) <= STRAGGLERS * len(records) else set()


def _in_column(here: tuple[float, float, float], lefts: list[tuple[float, float, float]]) -> bool:
    left, level, high = here
    near = (each for each in lefts if each is not here and abs(each[1] - level) < COLUMN * high)
    return any(abs(each[0] - left) < BEGINS * high for each in near)


def _limits(text: str) -> tuple[Fraction | None, Fraction | None]:
    both = RANGE.search(text)
    if both:
        return _number(both[1]), _number(both[2])
    bound = BOUND.search(text)
    if not bound:
        return None, None
    return (_number(bound[2]), None) if bound[1] in ">≥" else (None, _number(bound[2]))


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def of_print(record: Record, picture: Image, looks: Looks) -> set[Doubt]:
    """What is doubtful about the print of a result."""
    found: set[Doubt] = set()
    if any(_weakest(piece) < SURE_FIGURE for piece in (*record.value, *record.range)):
        found.add(Doubt.FAINT)
    if min((piece.confidence for piece in record.name), default=0.0) < SURE_NAME:
        found.add(Doubt.NAME)
    found |= _of_looks(record, looks) | _of_name(record, picture)
    for value in record.value:
        ink = seen(picture, value.corners)
        found |= _of_ink(value, ink) | _of_sign(value.text, ink)
    for limits in record.range:
        found |= _of_ink(limits, seen(picture, limits.corners)) - {Doubt.BLURRED}
    return found


def _of_name(record: Record, picture: Image) -> set[Doubt]:
    """Whether more of a name may have been printed: what is left of `Direct bilirubin` can mean another analyte."""
    inks = [seen(picture, piece.corners) for piece in record.name]
    return {Doubt.NAME} if any(ink.touched or ink.fading for ink in inks) else set()


def _weakest(piece: Printed) -> float:
    """How sure the weakest of the digits and comparators is; 0 where there is none."""
    told = (sure for sure, sign in zip(piece.sure, piece.text, strict=True) if sign.isdigit() or sign in COMPARATORS)
    return min(told, default=0.0)


def _compared(value: str) -> bool:
    return value[0] in COMPARATORS


def _of_sign(value: str, ink: Ink) -> set[Doubt]:
    """Whether the comparator before a value can be told: blur takes the bar of `≤` away, or gives one to `<`.

    Each look at a blurred print may see the same bar. As laboratories print `<`, one with a bar is never beyond doubt.
    """
    if not _compared(value):
        return set()
    return {doubt for doubt, holds in ((Doubt.BLURRED, not ink.crisp), (Doubt.FAINT, value[0] in "≤≥")) if holds}


def _of_looks(record: Record, looks: Looks) -> set[Doubt]:
    """Whether the figures and the name come out alike each time, and a value's comparator to the bar."""
    found: set[Doubt] = set()
    exact = {id(whole) for whole in wholes([piece for piece in record.value if _compared(piece.text)])}
    for whole in wholes([*record.value, *record.range]):
        others = looks.get(id(whole), ())
        if not all(same_figures(whole.text, other, exact=id(whole) in exact) for other in others):
            found.add(Doubt.DISAGREES)
    names = wholes(record.name)
    for seen_again in zip_longest(*(looks.get(id(whole), ()) for whole in names)):
        other = " ".join(whole.text if again is None else again for again, whole in zip(seen_again, names, strict=True))
        if not same_name(text_of(names), other):
            found.add(Doubt.NAME)
    return found


def _of_ink(piece: Printed, ink: Ink) -> set[Doubt]:
    points = sum(sign in ".," for sign in piece.text)
    found: set[Doubt] = set()
    if ink.points > points or (ink.gap and points == 0 and piece.text.isdigit()):
        found.add(Doubt.DECIMAL)
    if ink.raised:
        found.add(Doubt.CROWDED)
    if ink.small or ink.soft:
        found.add(Doubt.BLURRED)
    if ink.touched:
        found.add(Doubt.TOUCHES)
    if ink.fading:
        found.add(Doubt.FAINT)
    return found
