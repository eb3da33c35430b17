"""Taking a row of parts apart: what is set aside first, and what remains as a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import LINE, WORD
from bot.criteria.protocol import Analyte
from bot.criteria.reading import Flag, Role
from bot.criteria.replies import moments
from bot.criteria.replies.figures import Figure, Range, Row, Units
from bot.criteria.replies.numbers import Number
from bot.criteria.replies.parts import Part

_OPEN, _CLOSE = frozenset("([{<"), frozenset(")]}>")
_LABEL_GAP = 4  # how many small words and signs may stand between a label and its number
_MINUS = "-"


def take_apart(parts: list[Part], analyte: Analyte, today: dt.date) -> Row:
    """The row that `parts` hold, read as being about `analyte`."""
    row = Row(parts, [Role.NOISE] * len(parts))
    _Taker(row, analyte, today).run()
    return row


class _Taker:
    """Goes once through the parts; every step takes one or more of them, so the time is in proportion to their number."""

    def __init__(self, row: Row, analyte: Analyte, today: dt.date) -> None:
        self.row = row
        self.parts = row.parts
        self.analyte = analyte
        self.accepted = frozenset(unit.code for unit in analyte.units)
        row.moments = moments.find(row.parts, today, alone=False)
        self.dates = {moment.start: moment for moment in row.moments}
        self.place = 0

    def run(self) -> None:
        """Take every part."""
        while self.place < len(self.parts):
            moment = self.dates.get(self.place)
            if moment:
                self._take(moment.end, Role.DATE)
            elif not self._by_sense() and not self._number():
                self._other()

    def _take(self, end: int, role: Role) -> None:
        self.row.roles[self.place : end] = [role] * (end - self.place)
        self.place = end

    def _means(self, place: int, sense: Sense) -> bool:
        return 0 <= place < len(self.parts) and sense in self.parts[place].senses

    def _number_at(self, place: int) -> Number | None:
        """The number in digits at `place`, unless a date begins there."""
        if not 0 <= place < len(self.parts) or place in self.dates:
            return None
        found = self.parts[place].number
        return found if found and not found.spelled else None

    # What is not a number

    def _by_sense(self) -> bool:
        """Take a part by what its phrase means, where that needs a look at what follows it."""
        senses = self.parts[self.place].senses
        if not senses:
            return self._bracket() if self.parts[self.place].text in _OPEN else False
        return any(step(self) for sense, step in _STEPS if sense in senses)

    def _name(self) -> bool:
        self.row.names.append(self.place)
        self._take(self.place + 1, Role.NAME)
        return True

    def _absent(self) -> bool:
        self.row.absent = True
        self._take(self.place + 1, Role.ABSENT)
        return True

    def _label(self) -> bool:
        """`ref 15-40`, `ULN 40`, `normal up to 40`: a label, small words, and then a range or a limit."""
        part = self.parts[self.place]
        multiple = self._upper_first()
        if multiple:
            return True
        at = self._past_links(self.place + 1)
        found = self._limit_at(at)
        if found is None:
            return self._names_limit_before()
        limit, end, single = found
        if single and part.means(Sense.LOWER):
            limit = Range(limit.high, None, limit.place, limit.units)
        elif single and not part.means(Sense.UPPER):
            self.row.unclear = True
        self.row.limits.append(limit)
        self._take(self._past_close(end), Role.RANGE)
        return True

    def _names_limit_before(self) -> bool:
        """`40 is the upper limit`: the number before was no value."""
        part = self.parts[self.place]
        bound = part.means(Sense.UPPER) or part.means(Sense.LOWER)
        if not bound or not self.row.figures or not self._only_links(self.row.figures[-1].place + 1, self.place):
            return False
        figure = self.row.figures.pop()
        upper = part.means(Sense.UPPER)
        low, high = (None, figure.number) if upper else (figure.number, None)
        self.row.limits.append(Range(low, high, figure.place, figure.units))
        self._take(self.place + 1, Role.RANGE)
        return True

    def _only_links(self, start: int, end: int) -> bool:
        """Whether nothing but small words, units and brackets stands there."""
        small = (Sense.LINK, Sense.UNIT, Sense.CUT_UNIT)
        return all(part.text in _OPEN or any(part.means(sense) for sense in small) for part in self.parts[start:end])

    def _sign(self) -> bool:
        """`HR 80`, `BP 120/80`, `weight 62 kg`, `80 pulse`: a sign of the body and its numbers."""
        self.row.sign = True
        at = self.place + 1
        while self._means(at, Sense.LINK) or self._means(at, Sense.FLAG):
            at += 1
        bare_before = self.row.figures[-1:] and self.row.figures[-1].place == self.place - 1
        if self._number_at(at) is None:
            before = self.row.figures[-1] if self.row.figures else None
            if before and before.place == self.place - 1 and not before.operator:
                before.aside = True
            self._take(self.place + 1, Role.NOISE)
            return True
        self.row.unclear |= bool(bare_before)  # "80 pulse 96": either number may be the pulse
        while self._number_at(at):
            _, at = self._units_at(at + 1)
            if (
                at < len(self.parts)
                and (self.parts[at].text == "/" or self._means(at, Sense.DASH))
                and self._number_at(at + 1)
            ):
                at += 1
            else:
                break
        counted = self._means(at, Sense.COUNTED) and not self._means(at, Sense.SIGN)
        self._take(at + counted, Role.NOISE)
        return True

    def _change(self) -> bool:
        self.row.changes = True
        self._take(self.place + 1, Role.NOISE)
        return True

    def _past_links(self, at: int) -> int:
        """Past small words, labels, hedges and opening brackets, to where a number may stand."""
        for _ in range(_LABEL_GAP):
            if at >= len(self.parts) or at in self.dates:
                break
            part = self.parts[at]
            passes = part.text in _OPEN or part.text == "," or not _PASSED.isdisjoint(part.senses)
            if not passes or part.number or self._means(at, Sense.COMPARATOR):
                break
            at += 1
        return at

    def _past_close(self, end: int) -> int:
        return end + 1 if end < len(self.parts) and self.parts[end].text in _CLOSE else end

    def _limit_at(self, at: int) -> tuple[Range, int, bool] | None:
        """The limit whose number stands at `at`: itself, where it ends, and whether it is a lone number without a comparator."""
        operator = self.parts[at].senses.get(Sense.COMPARATOR) if at < len(self.parts) else None
        number_at = at + 1 if operator else at
        number = self._number_at(number_at)
        if number is None:
            return None
        ranged = None if operator else self._range_at(number_at)
        if ranged:
            return (*ranged, False)
        units, end = self._units_at(number_at + 1)
        if operator and operator.startswith(">"):
            return Range(number, None, number_at, units), end, False
        return Range(None, number, number_at, units), end, operator is None

    def _range_at(self, at: int) -> tuple[Range, int] | None:
        """`15-40`, `15 U/L to 40 U/L`, with the unit that follows."""
        low = self._number_at(at)
        units, dash = self._units_at(at + 1)
        if low is None or not self._means(dash, Sense.DASH) or (units and self._means(dash, Sense.COMPARATOR)):
            return None  # "34 U/L hasta 40" is a value and a limit
        high = self._number_at(dash + 1)
        if high is None:
            return None
        last, end = self._units_at(dash + 2)
        return Range(low, high, at, last or units), end

    def _between(self) -> bool:
        """`between 55 and 60`."""
        low, high = self._number_at(self.place + 1), self._number_at(self.place + 3)
        joined = self._means(self.place + 2, Sense.AND) or self._means(self.place + 2, Sense.DASH)
        if low is None or high is None or not joined:
            return False
        units, end = self._units_at(self.place + 4)
        self.row.ranges.append(Range(low, high, self.place, units))
        self._take(end, Role.VALUE)
        return True

    def _bracket(self) -> bool:
        """`(15-40)`, `[<40]`, `(ref: 15-40 U/L)`: a limit in brackets."""
        at = self._past_links(self.place + 1)
        found = self._limit_at(at)
        if found is None or not self._closes(found[1]):
            return False
        limit, end, single = found
        if single and not any(self._means(place, Sense.UPPER) for place in range(self.place, at)):
            return False
        self.row.limits.append(limit)
        self._take(self._past_close(end), Role.RANGE)
        return True

    def _closes(self, end: int) -> bool:
        """Whether the bracket closes at `end` (past a word such as "normal"), or the row ends there."""
        while self._means(end, Sense.NORMAL) or self._means(end, Sense.REFERENCE):
            end += 1
        return end >= len(self.parts) or self.parts[end].text in _CLOSE

    def _flag(self) -> bool:
        if self._number_at(self.place + 1) and self._means(self.place, Sense.TIMES) and self.row.figures:
            return False
        flag = self.parts[self.place].senses[Sense.FLAG]
        if flag not in self.row.flags:
            self.row.flags.append(flag)
        self.row.qualitative = True
        self._take(self.place + 1, Role.FLAG)
        return True

    def _hedge(self) -> bool:
        if Flag.APPROXIMATE not in self.row.flags:
            self.row.flags.append(Flag.APPROXIMATE)
        self._take(self.place + 1, Role.HEDGE)
        return True

    def _qualitative(self) -> bool:
        self.row.qualitative = True
        self._take(self.place + 1, Role.NOISE)
        return True

    def _not_the_value(self) -> bool:
        self.row.not_the_value = True
        self._take(self.place + 1, Role.UNREAD)
        return True

    def _numbered(self) -> bool:
        """`day 3`, `cycle 2`: the number is a place in an order."""
        at = self.place + 1
        if self._means(at, Sense.LINK) and self.parts[at].kind != WORD:
            at += 1
        number = self._number_at(at)
        if number is None or number.whole is None:
            return False
        self.row.counted = True
        self._take(at + 1, Role.NOISE)
        return True

    def _spelled(self) -> bool:
        """A number in words: a multiple if "times" follows; else it must be asked about, unless it is a lone "one"."""
        part = self.parts[self.place]
        if part.number and part.number.values and self._times(self.place, part.number):
            return True
        lone = part.number is not None and part.number.whole == 1 and part.number.spelled
        beside = self._any_number(self.place + 1) or (self.place and self._any_number(self.place - 1))
        point = self._means(self.place + 1, Sense.DECIMAL_WORD)
        if self._counts(self.place + 1):
            self.row.counted = True
            self._take(self.place + 2, Role.NOISE)
            return True
        self.row.spelled = self.row.spelled or not lone or bool(beside) or point
        self._take(self.place + 1, Role.UNREAD if self.row.spelled else Role.NOISE)
        return True

    def _any_number(self, place: int) -> bool:
        return 0 <= place < len(self.parts) and self.parts[place].number is not None and place not in self.dates

    def _decimal_word(self) -> bool:
        """`9 point 2`, `90多`: it changes the number that it stands beside."""
        beside = self._any_number(self.place - 1) or self._any_number(self.place + 1)
        if not beside:
            return False
        self.row.malformed = True
        self._take(self.place + 1, Role.UNREAD)
        return True

    def _multiple_word(self) -> bool:
        """`twice the upper limit`."""
        times = self.parts[self.place].senses[Sense.MULTIPLE]
        return self._upper_after(self.place + 1, times, bounded=self._bounded(self.place))

    # Multiples

    def _bounded(self, place: int) -> bool:
        """Whether a comparator or a dash stands before `place`."""
        return self._means(place - 1, Sense.COMPARATOR) or self._means(place - 1, Sense.DASH)

    def _times(self, place: int, number: Number) -> bool:
        """`1.5 x ULN`: a number at `place`, "times", and a word for the upper limit."""
        if self._means(place + 1, Sense.TIMES_UPPER):
            return self._multiple(place + 2, number.values, bounded=self._bounded(place))
        if not self._means(place + 1, Sense.TIMES):
            return False
        return self._upper_after(place + 2, *number.values, bounded=self._bounded(place))

    def _upper_after(self, at: int, *times: Fraction, bounded: bool) -> bool:
        for _ in range(_LABEL_GAP):
            if self._means(at, Sense.UPPER) or self._means(at, Sense.NORMAL):
                return self._multiple(at + 1, times, bounded=bounded)
            if not self._means(at, Sense.LINK) and not self._means(at, Sense.TIMES):
                return False
            at += 1
        return False

    def _multiple(self, end: int, times: tuple[Fraction, ...], *, bounded: bool) -> bool:
        for _ in range(2):  # "2 x ULN of normal", "3 times the upper limit of the normal range"
            end += self._means(end, Sense.NORMAL) or self._means(end, Sense.REFERENCE)
        self.row.multiples.append(None if bounded or len(times) != 1 else times[0])
        self._take(end, Role.VALUE)
        return True

    def _upper_first(self) -> bool:
        """`正常上限的2倍`, `ULN x 2`."""
        if not (self._means(self.place, Sense.UPPER) or self._means(self.place, Sense.NORMAL)):
            return False
        at = self.place + 1
        while self._means(at, Sense.LINK):
            at += 1
        bounded = self._means(at, Sense.COMPARATOR)
        at += bounded
        times_first = self._means(at, Sense.TIMES)
        at += times_first
        number = self.parts[at].number if at < len(self.parts) and at not in self.dates else None
        if number is None or not (times_first or self._means(at + 1, Sense.TIMES)):
            return False
        return self._multiple(at + (1 if times_first else 2), number.values, bounded=bounded)

    # Numbers

    def _number(self) -> bool:
        """Take a number: a multiple, a range, a count of something else, or a figure that may be the value."""
        number = self._number_at(self.place)
        if number is None:
            return False
        part = self.parts[self.place]
        before = self.parts[self.place - 1] if self.place else None
        if part.glued and before and not before.senses:
            self.row.counted = True  # a code such as C1, or the index of an unknown name
            self._take(self.place + 1, Role.NOISE)
            return True
        if not number.values or self._runs_on():
            self.row.malformed = True
            self._take(self.place + 1, Role.UNREAD)
            return True
        if self._times(self.place, number) or self._range() or self._count():
            return True
        self.row.unclear |= self._means(self.place + 1, Sense.TIMES) and not self._means(self.place + 1, Sense.FLAG)
        return self._figure(number)

    def _runs_on(self) -> bool:
        """Whether letters and further digits follow without a blank: `1e2`, `0x5c`."""
        if self.place + 2 >= len(self.parts):
            return False
        letters, digits = self.parts[self.place + 1 : self.place + 3]
        return letters.kind == WORD and not letters.apart and digits.glued

    def _range(self) -> bool:
        found = self._range_at(self.place)
        if found is None:
            return False
        ranged, end = found
        if self._means(end, Sense.TIMES) and (self._means(end + 1, Sense.UPPER) or self._means(end + 1, Sense.NORMAL)):
            return self._multiple(end + 2, (), bounded=True)
        if self._means(end, Sense.TIMES_UPPER):
            return self._multiple(end + 1, (), bounded=True)
        labelled = self._means(end, Sense.REFERENCE) or self._means(end, Sense.NORMAL)
        (self.row.limits if labelled else self.row.ranges).append(ranged)
        self.row.malformed |= self._means(end, Sense.DASH) and self._any_number(end + 1)
        self._take(end, Role.RANGE if labelled else Role.VALUE)
        return True

    def _counts(self, place: int) -> bool:
        """Whether the part at `place` says that the number before it counts something that is no value of this analyte."""
        if not self._means(place, Sense.COUNTED):
            return False
        part = self.parts[place]
        flag = part.means(Sense.FLAG) and part.kind == WORD
        if flag and part.upper and not part.apart and self._means(place - 2, Sense.ON):
            return True  # "on 2L": litres of oxygen
        ours = self.accepted.intersection(part.senses.get(Sense.UNIT, part.senses.get(Sense.CUT_UNIT, ())))
        return not ours and not (flag and part.upper)

    def _count(self) -> bool:
        if not self._counts(self.place + 1):
            return False
        measured = self._means(self.place + 1, Sense.FOREIGN_UNIT)
        number = self._number_at(self.place)
        if measured and number:
            self.row.figures.append(
                Figure(number, self.place, units=Units(text=self.parts[self.place + 1].text), aside=True)
            )
        self.row.counted = True
        self._take(self.place + 2, Role.NOISE)
        return True

    def _figure(self, number: Number) -> bool:
        figure = Figure(number, self.place)
        figure.operator, negated = self._operator(self.place)
        figure.doubted = negated
        units, end = self._units_at(self.place + 1)
        figure.units = units or self.row.pending
        self.row.pending = None
        self.row.roles[self.place] = Role.VALUE
        self.row.roles[self.place + 1 : end] = [Role.UNIT] * (end - self.place - 1)
        trailing = self.parts[end].senses.get(Sense.TRAILING_COMPARATOR) if end < len(self.parts) else None
        if trailing and not (self._means(end, Sense.UPPER) and self._number_at(self._past_links(end + 1))):
            figure.operator, end = trailing, end + 1
        if end < len(self.parts) and self.parts[end].text == "+" and not self.parts[end].apart:
            self.row.unclear = True
        self.row.figures.append(figure)
        self.place = end
        return True

    def _operator(self, place: int) -> tuple[str | None, bool]:
        """The comparator before the number at `place`, and whether a negation stands there that no word list knows."""
        at = place - 1
        while self._means(at, Sense.HEDGE) or (self._means(at, Sense.LINK) and not self._means(at, Sense.COMPARATOR)):
            at -= 1
        part = self.parts[at] if at >= 0 else None
        if part is None or part.kind == LINE:
            return None, False
        if part.text == _MINUS and self._is_minus(at, place):
            self.row.negative = True
        operator = part.senses.get(Sense.COMPARATOR) if at not in self.dates else None
        if operator:
            self.row.roles[at] = Role.VALUE
            return operator, self._means(at - 1, Sense.NEGATION)
        return None, part.means(Sense.NEGATION)

    def _is_minus(self, at: int, place: int) -> bool:
        """A dash is a minus unless it follows a name, a unit or a flag; after a blank and before one it only separates."""
        before = at - 1
        while before >= 0 and self.parts[before].text in _CLOSE:
            before -= 1
        follows = any(
            self._means(before, sense) for sense in (Sense.NAME, Sense.UNIT, Sense.CUT_UNIT, Sense.FLAG, Sense.LINK)
        )
        separates = before >= 0 and (follows and self.parts[before].text not in {":", "="})
        return not separates and at == place - 1

    # Units

    def _units_at(self, place: int) -> tuple[Units | None, int]:
        """The unit that begins at `place`, and where it ends."""
        if place >= len(self.parts) or place in self.dates:
            return None, place
        part = self.parts[place]
        point = part.means(Sense.DECIMAL_WORD) and self._any_number(place + 1)
        if point or part.means(Sense.COMPARATOR) or (part.means(Sense.FLAG) and part.upper):
            return None, place
        end = self._unit_end(place)
        if end > place + 1:
            return Units(text=self._text(place, end)), end
        codes = part.senses.get(Sense.UNIT) or part.senses.get(Sense.CUT_UNIT)
        if codes:
            kept = tuple(code for code in codes if code in self.accepted)
            return Units(kept, cut=Sense.UNIT not in part.senses, text=part.text), place + 1
        if part.means(Sense.FOREIGN_UNIT) or self._unknown_unit(place):
            return Units(text=part.text), place + 1
        return None, place

    def _unit_end(self, place: int) -> int:
        """Where something like a unit ends that goes on after `place`: `mg/kg`, `g/foo`, `k/ul`."""
        part = self.parts[place]
        looks = part.kind == WORD and (not part.senses or not _UNITS.isdisjoint(part.senses))
        end = place + 1 if looks or part.text in ("/", "%") else place
        start = end
        while start and end + (part.text != "/") < len(self.parts) and self.parts[end].text in _UNIT_SIGNS:
            if self.parts[end].apart or self.parts[end + 1].apart:
                break
            end += 2
        if part.text == "/" and end == place + 1 and self.parts[end : end + 1] and self.parts[end].kind == WORD:
            return end + 1
        return end

    def _unknown_unit(self, place: int) -> bool:
        """Letters that nobody knows, right after a number."""
        part = self.parts[place]
        return part.kind == WORD and not part.senses and not part.apart

    def _text(self, start: int, end: int) -> str:
        return "".join(part.text for part in self.parts[start:end])

    def _loose_unit(self) -> bool:
        """A unit that does not follow a number at once: it belongs to the last figure and range without one, else to the next."""
        units, end = self._units_at(self.place)
        if units is None:
            return False
        lacking = [
            item for item in (*self.row.figures[-1:], *self.row.ranges[-1:], *self.row.limits[-1:]) if not item.units
        ]
        for item in lacking:
            item.units = units
        if not lacking and not self.row.figures:
            self.row.pending = units
        elif not lacking and self.row.figures[-1].units and set(self.row.figures[-1].units.codes) != set(units.codes):
            self.row.unclear = True
        self._take(end, Role.UNIT)
        return True

    def _other(self) -> None:
        """A sign or an unknown word: it may stand beside a value."""
        part = self.parts[self.place]
        numeric = any(character.isnumeric() for character in part.text)
        if numeric and self._number_beside():
            self.row.malformed = True
        self._take(self.place + 1, Role.UNREAD if numeric else Role.NOISE)

    def _number_beside(self) -> bool:
        part = self.parts[self.place]
        follows = self._any_number(self.place - 1) and not part.apart
        return follows or (self._any_number(self.place + 1) and not self.parts[self.place + 1].apart)


_PASSED = frozenset((Sense.LINK, Sense.HEDGE, Sense.REFERENCE, Sense.NORMAL, Sense.UPPER, Sense.BETWEEN))
_UNITS = frozenset((Sense.UNIT, Sense.CUT_UNIT, Sense.FOREIGN_UNIT))
_UNIT_SIGNS = frozenset("/^·*")
_STEPS: tuple[tuple[Sense, Callable[[_Taker], bool]], ...] = (
    (Sense.NAME, _Taker._name),
    (Sense.QUALIFIER, _Taker._name),
    (Sense.SIGN, _Taker._sign),
    (Sense.ABSENT, _Taker._absent),
    (Sense.MULTIPLE, _Taker._multiple_word),
    (Sense.UPPER, _Taker._label),
    (Sense.LOWER, _Taker._label),
    (Sense.REFERENCE, _Taker._label),
    (Sense.NORMAL, _Taker._label),
    (Sense.BETWEEN, _Taker._between),
    (Sense.CHANGE, _Taker._change),
    (Sense.NUMERAL, _Taker._spelled),
    (Sense.DECIMAL_WORD, _Taker._decimal_word),
    (Sense.NUMBERED, _Taker._numbered),
    (Sense.NOT_THE_VALUE, _Taker._not_the_value),
    (Sense.UNIT, _Taker._loose_unit),
    (Sense.FLAG, _Taker._flag),
    (Sense.CUT_UNIT, _Taker._loose_unit),
    (Sense.HEDGE, _Taker._hedge),
    (Sense.QUALITATIVE, _Taker._qualitative),
)
