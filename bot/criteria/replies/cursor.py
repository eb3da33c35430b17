"""A place in a row of parts, and what stands around it."""

from __future__ import annotations

import datetime as dt

from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import WORD
from bot.criteria.protocol import Analyte
from bot.criteria.reading import Role
from bot.criteria.replies import moments
from bot.criteria.replies.figures import Row, Units
from bot.criteria.replies.numbers import Number

OPEN, CLOSE = frozenset("([{"), frozenset(")]}")
LABEL_GAP = 4  # how many small words and signs may stand between a label and its number
SENTENCE = 16  # parts
_PASSED = frozenset((Sense.LINK, Sense.HEDGE, Sense.REFERENCE, Sense.NORMAL, Sense.UPPER, Sense.BETWEEN))
_UNITS = frozenset((Sense.UNIT, Sense.CUT_UNIT, Sense.FOREIGN_UNIT))
_UNIT_SIGNS = frozenset("/^·*")


class Cursor:
    """Goes once through the parts of a row; every step takes one or more of them, so the time is in proportion to their number."""

    def __init__(self, row: Row, analyte: Analyte, today: dt.date) -> None:
        self.row = row
        self.parts = row.parts
        self.accepted = frozenset(unit.code for unit in analyte.units)
        self.intervals = analyte.range_is_interval
        row.moments = moments.find(row.parts, today, alone=False)
        self.dates = {moment.start: moment for moment in row.moments}
        self.place = 0

    def take(self, end: int, role: Role) -> None:
        """Take the parts up to `end` (half open) for `role`."""
        self.row.roles[self.place : end] = [role] * (end - self.place)
        self.place = end

    def means(self, place: int, sense: Sense) -> bool:
        """Whether there is a part at `place`, and it can mean `sense`."""
        return 0 <= place < len(self.parts) and sense in self.parts[place].senses

    def number_at(self, place: int) -> Number | None:
        """The number in digits at `place`, unless a date begins there."""
        if not 0 <= place < len(self.parts) or place in self.dates:
            return None
        found = self.parts[place].number
        return found if found and not found.spelled else None

    def any_number(self, place: int) -> bool:
        """Whether a number stands at `place`, in digits or words, that is no date."""
        return 0 <= place < len(self.parts) and self.parts[place].number is not None and place not in self.dates

    def number_soon(self, place: int) -> bool:
        """Whether a number stands at `place` or within a sentence's length after it."""
        return any(self.any_number(at) for at in range(place, place + SENTENCE))

    def number_before(self, place: int) -> bool:
        """Whether a number stands right before `place`, with its unit or without (`8克多`)."""
        united = self.means(place - 1, Sense.UNIT) or self.means(place - 1, Sense.CUT_UNIT)
        return self.any_number(place - 1 - united)

    def past_links(self, at: int) -> int:
        """Past small words, labels, hedges and opening brackets, to where a number may stand."""
        for _ in range(LABEL_GAP):
            if at >= len(self.parts) or at in self.dates:
                break
            part = self.parts[at]
            passes = part.text in OPEN or part.text == "," or not _PASSED.isdisjoint(part.senses)
            if not passes or part.number or self.means(at, Sense.COMPARATOR):
                break
            at += 1
        return at

    def past_close(self, end: int) -> int:
        """Past a closing bracket at `end`."""
        return end + 1 if end < len(self.parts) and self.parts[end].text in CLOSE else end

    def counts(self, place: int) -> bool:
        """Whether the part at `place` says that the number before it counts something that is no value of this analyte."""
        if not self.means(place, Sense.COUNTED):
            return False
        part = self.parts[place]
        if part.means(Sense.SIGN) and self.number_at(self.past_links(place + 1)):
            return False  # "EF 60 HR 80": a heart rate, not hours
        flag = part.means(Sense.FLAG) and part.kind == WORD
        if flag and part.upper and not part.apart and self.means(place - 2, Sense.ON):
            return True  # "on 2L": litres of oxygen
        ours = self.accepted.intersection(part.senses.get(Sense.UNIT, part.senses.get(Sense.CUT_UNIT, ())))
        return not ours and not (flag and part.upper)

    def units_at(self, place: int) -> tuple[Units | None, int]:
        """The unit that begins at `place`, and where it ends."""
        if place >= len(self.parts) or place in self.dates:
            return None, place
        part = self.parts[place]
        point = part.means(Sense.DECIMAL_WORD) and self.any_number(place + 1)
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
        lone = len(part.text) == 1 and part.means(Sense.LINK)  # the a of "92a"
        return part.kind == WORD and not part.apart and (lone or not part.senses)

    def _text(self, start: int, end: int) -> str:
        return "".join(part.text for part in self.parts[start:end])
