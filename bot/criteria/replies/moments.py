"""Dates and times of day in a reply, wherever they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.criteria.lexicon.senses import Sense
from bot.criteria.reading import Reason
from bot.criteria.replies.days import EARLIEST_YEAR, LATEST_YEAR, Moment, full_year, latest_past, orders, valid
from bot.criteria.replies.parts import Part

_SEPARATORS = frozenset("-/.")
_GOES_ON = frozenset("-/.,:'")
_CONTINUES = frozenset(
    (
        Sense.YEAR_MARK,
        Sense.MONTH_MARK,
        Sense.DAY_MARK,
        Sense.ORDINAL,
        Sense.MONTH,
        Sense.ON,
        Sense.CLOCK,
        Sense.TIME_UNIT,
    )
)
_LONGEST_AGO = 3650  # days
_DAYS = {"day": 1, "week": 7}


def find(parts: Sequence[Part], today: dt.date, *, alone: bool, dotted: bool = False) -> list[Moment]:
    """The dates and times in a reply.

    alone: a date is the answer itself, so that `5/6` and `20 Nov 26` are dates too; dotted: and `20.11.` and `2026` as well.
    """
    finder = _Finder(parts, today, alone=alone, dotted=dotted)
    moments = []
    place = 0
    while place < len(parts):
        moment = finder.at(place) if parts[place].number or parts[place].senses else None
        if moment is None:
            place += 1
        else:
            moments.append(moment)
            place = moment.end
    return moments


class _Finder:
    """Looks for a moment that begins at a given part."""

    def __init__(self, parts: Sequence[Part], today: dt.date, *, alone: bool, dotted: bool = False) -> None:
        self.dotted = dotted
        self.parts = parts
        self.today = today
        self.alone = alone

    def at(self, place: int) -> Moment | None:
        """The moment that begins at part `place`."""
        if self.parts[place].number:
            return self._from_number(place)
        return self._from_word(place)

    def _from_number(self, place: int) -> Moment | None:
        if not self._may_begin_a_date(place):
            return self._compact(place)
        return (
            self._three_numbers(place)
            or self._compact(place)
            or self._year_first(place)
            or self._month_number(place)
            or self._day_month(place)
            or self._clock(place)
            or self._ago(place)
            or self._two_numbers(place)
            or self._day_alone(place)
        )

    def _may_begin_a_date(self, place: int) -> bool:
        """Whether what follows the number at `place` can go on with a date or a time: most numbers are none."""
        if self.dotted or "." in self.parts[place].text:
            return True
        if place + 1 == len(self.parts):
            return False
        after = self.parts[place + 1]
        return after.number is not None or after.text in _GOES_ON or not _CONTINUES.isdisjoint(after.senses)

    def _from_word(self, place: int) -> Moment | None:
        senses = self.parts[place].senses
        named = self._named_day(place)
        if named:
            return named
        if Sense.AGO_BEFORE in senses:
            return self._ago(place + 1, start=place)
        if Sense.LAST in senses or Sense.NEXT in senses or Sense.WEEKDAY in senses:
            return self._weekday(place)
        if Sense.ON in senses and not self.alone:
            return self._after_preposition(place)
        return self._month_first(place) if Sense.MONTH in senses else None

    def _named_day(self, place: int) -> Moment | None:
        """`yesterday`, `上周三`, `last week`: one phrase."""
        senses = self.parts[place].senses
        if Sense.DAY_WORD in senses:
            return Moment(place, place + 1, (self.today + dt.timedelta(senses[Sense.DAY_WORD]),))
        if Sense.DATED_WEEKDAY in senses:
            monday = self.today - dt.timedelta(self.today.weekday())
            return Moment(place, place + 1, (monday + dt.timedelta(senses[Sense.DATED_WEEKDAY]),))
        if Sense.IMPRECISE_TIME in senses:
            return Moment(place, place + 1, reason=Reason.IMPRECISE_DATE)
        return None

    def _whole(self, place: int) -> int | None:
        """The value of the part at `place` if it is a whole number written or spelled."""
        if not 0 <= place < len(self.parts):
            return None
        found = self.parts[place].number
        return found.whole if found else None

    def _means(self, place: int, sense: Sense) -> bool:
        return 0 <= place < len(self.parts) and self.parts[place].means(sense)

    def _sign(self, place: int, signs: Iterable[str]) -> bool:
        return 0 <= place < len(self.parts) and self.parts[place].text in signs

    def _exact(self, start: int, end: int, candidates: Iterable[dt.date | None], *, year_given: bool = True) -> Moment:
        """A moment of the days that exist among the candidates; one that exists in no reading is not understood."""
        days = tuple(dict.fromkeys(day for day in candidates if day))
        reason = Reason.DATE_ORDER if len(days) > 1 else None if days else Reason.NOT_UNDERSTOOD
        return Moment(start, end, days, reason, year_given)

    def _three_numbers(self, place: int) -> Moment | None:
        """`2026-05-03`, `3/5/2026`, `03.05.26`: three numbers with the same separator; blanks only in a date alone."""
        pieces, end = self._pieces(place, spaced=self.alone)
        if len(pieces) != 3 or not all(0 < len(piece) <= 4 for piece in pieces):
            return None
        if end < len(self.parts) and self.parts[end].text == "t" and self._whole(end + 1) is not None:
            clock = self._clock(end + 1)
            end = clock.end if clock else end
        candidates = list(orders(pieces, self.today))
        return self._exact(place, end, candidates) if candidates else None

    def _pieces(self, place: int, *, spaced: bool = False) -> tuple[list[str], int]:
        """The digits of a numeric date that begins at `place`, and where it ends."""
        text = self.parts[place].text
        if text.count(".") == 2 and text.replace(".", "").isdigit():
            return text.split("."), place + 1
        pieces, end = [text], place + 1
        separator = self.parts[end].text if end < len(self.parts) else ""
        while separator in _SEPARATORS and self._sign(end, (separator,)) and self._number_after(end, spaced=spaced):
            pieces.append(self.parts[end + 1].text)
            end += 2
        return (pieces, end) if all(piece.isdigit() for piece in pieces) else ([], place)

    def _number_after(self, sign: int, *, spaced: bool = False) -> bool:
        """Whether a number follows the sign; unless `spaced`, nothing blank may stand beside the sign."""
        if sign + 1 >= len(self.parts) or self.parts[sign + 1].number is None:
            return False
        return spaced or not (self.parts[sign].apart or self.parts[sign + 1].apart)

    def _compact(self, place: int) -> Moment | None:
        """`20261120`."""
        text = self.parts[place].text
        if len(text) != 8 or not text.isdigit() or not EARLIEST_YEAR <= int(text[:4]) <= LATEST_YEAR:
            return None
        day = valid(int(text[:4]), int(text[4:6]), int(text[6:]))
        return Moment(place, place + 1, (day,)) if day else None

    def _year_first(self, place: int) -> Moment | None:
        """`2026年11月20日`, `2026 Nov 20`, `2026-Nov-20`, or the year alone."""
        year = self._whole(place)
        marked = self._means(place + 1, Sense.YEAR_MARK)
        if year is None or not (marked or EARLIEST_YEAR <= year <= LATEST_YEAR):
            return None
        year = full_year(year, self.today) if year < 100 else year
        at = place + 1 + marked
        joined = self._sign(at, ("-", "/")) and self._means(at + 1, Sense.MONTH)
        month, at = self._month(at + joined)
        if month is None:
            vague = marked or self.dotted
            return Moment(place, place + 1 + marked, reason=Reason.IMPRECISE_DATE) if vague else None
        day, end = self._day(at + (joined and self._sign(at, ("-", "/"))))
        if day is None:
            return Moment(place, at, reason=Reason.IMPRECISE_DATE)
        return self._exact(place, end, [valid(year, month, day)])

    def _month(self, place: int) -> tuple[int | None, int]:
        """A month at `place` (`11月`, `Nov`), and the part after it."""
        if self._means(place, Sense.MONTH):
            return self.parts[place].senses[Sense.MONTH], place + 1
        month = self._whole(place)
        if month is not None and 1 <= month <= 12 and self._means(place + 1, Sense.MONTH_MARK):
            return month, place + 2
        return None, place

    def _day(self, place: int) -> tuple[int | None, int]:
        """A day of the month at `place` (`20日`, `20th`, `20`), and the part after it."""
        day = self._whole(place)
        if day is None or not 1 <= day <= 31:
            return None, place
        marked = self._means(place + 1, Sense.DAY_MARK) or self._means(place + 1, Sense.ORDINAL)
        return day, place + 1 + marked

    def _month_number(self, place: int) -> Moment | None:
        """`11月20日`, `11月`."""
        month, at = self._month(place)
        if month is None:
            return None
        day, end = self._day(at)
        if day is None:
            return Moment(place, at, reason=Reason.IMPRECISE_DATE, year_given=False)
        return self._exact(place, end, [latest_past(month, day, self.today)], year_given=False)

    def _day_month(self, place: int) -> Moment | None:
        """`20 Nov`, `20th of November 2026`, `20-Nov-2026`, `20 de noviembre de 2026`."""
        day, at = self._day(place)
        if day is None:
            return None
        joined = self._sign(at, ("-", "/"))
        between = joined or self._means(at, Sense.OF) or self._sign(at, (".", ","))
        at += between
        if not self._means(at, Sense.MONTH):
            return None
        signs = ("-", "/", "'") if joined else ("'",) if between else ("'", "")  # "took 2, Nov 20"
        return self._with_year(place, at + 1, self.parts[at].senses[Sense.MONTH], day, signs)

    def _month_first(self, place: int) -> Moment | None:
        """`Nov 20`, `November the 20th, 2026`, `Nov 2026`, `November`."""
        month = self.parts[place].senses[Sense.MONTH]
        spoken = self._means(place + 1, Sense.ON) and self._means(place + 3, Sense.ORDINAL)
        joined = self._sign(place + 1, ("-", "/"))
        day, end = self._day(place + 1 + (spoken or joined or self._sign(place + 1, (".",))))
        if day is not None:
            signs = ("'", ",") if self.alone else ("'",)  # "on May 3, 92 g/L"
            found = self._with_year(place, end, month, day, signs)
            of_a_year = joined and not found.year_given and 0 <= self.today.year - full_year(day, self.today) <= 1
            return found._replace(reason=Reason.IMPRECISE_DATE) if of_a_year else found  # "Nov-26"
        year, end = self._year(place + 1, ())
        if year is None and not self.alone:
            return None
        return Moment(place, end, reason=Reason.IMPRECISE_DATE)

    def _with_year(self, start: int, end: int, month: int, day: int, signs: Sequence[str]) -> Moment:
        year, after = self._year(end, signs)
        if year is None:
            return self._exact(start, end, [latest_past(month, day, self.today)], year_given=False)
        return self._exact(start, after, [valid(year, month, day)])

    def _year(self, place: int, signs: Sequence[str]) -> tuple[int | None, int]:
        """A year at `place`, past a sign or "of". Two digits are one only after one of `signs` ("": after nothing, and last)."""
        sign = self.parts[place].text if self._sign(place, ("-", "/", "'", ",", ".")) else ""
        at = place + (bool(sign) or self._means(place, Sense.ON))
        year = self._whole(at)
        if year is None:
            return None, place
        if EARLIEST_YEAR <= year <= LATEST_YEAR:
            return year, at + 1 + self._means(at + 1, Sense.YEAR_MARK)
        last = self.alone and at + 1 == len(self.parts)
        if len(self.parts[at].text) == 2 and sign in signs and (sign or last):
            return full_year(year, self.today), at + 1
        return None, place

    def _clock(self, place: int) -> Moment | None:
        """`10:30`, `10:30:00 am`, `8 am`."""
        hour = self._whole(place)
        if hour is None or not 0 <= hour <= 24:
            return None
        at = place + 1
        while self._sign(at, (":",)) and self._number_after(at) and self._is_minutes(at + 1):
            at += 2
        if self._means(at, Sense.CLOCK):
            return Moment(place, at + 1)
        return Moment(place, at) if at > place + 1 else None

    def _is_minutes(self, place: int) -> bool:
        text = self.parts[place].text
        return len(text) == 2 and text.isdigit() and int(text) < 60

    def _ago(self, place: int, start: int | None = None) -> Moment | None:
        """`3 days ago`; with `start`, "ago" was said before the number (`hace 3 días`)."""
        count = self._whole(place)
        if count is None or not self._means(place + 1, Sense.TIME_UNIT):
            return None
        after = self._means(place + 2, Sense.AGO)
        if start is None and not after:
            return None
        begin, end = place if start is None else start, place + 2 + after
        each = _DAYS.get(self.parts[place + 1].senses[Sense.TIME_UNIT], 0)
        if not each or count > _LONGEST_AGO:
            return Moment(begin, end, reason=Reason.IMPRECISE_DATE)
        day = self.today - dt.timedelta(count * each)
        return Moment(begin, end, (day,), None if each == 1 else Reason.IMPRECISE_DATE)

    def _two_numbers(self, place: int) -> Moment | None:
        """`11/20`, `20.11.`: a day and a month, only where a date is the answer."""
        if not self.alone:
            return None
        pieces, end = self._pieces(place)
        if self.dotted and self.parts[place].text.count(".") == 1 and not self.parts[place].text.startswith("."):
            pieces, end = self.parts[place].text.split("."), place + 1
        if len(pieces) != 2 or not all(piece.isdigit() and len(piece) <= 2 for piece in pieces):
            return None
        one, other = int(pieces[0]), int(pieces[1])
        days = [latest_past(*order, self.today) for order in ((one, other), (other, one)) if 1 <= order[0] <= 12]
        marked = end == place + 1 and self._means(end, Sense.DAY_MARK)  # 11.20日
        if self._means(end, Sense.TIME_UNIT) and not marked:
            return None  # "3-4 days"
        return self._exact(place, end + marked, days, year_given=False) if any(days) else None

    def _day_alone(self, place: int) -> Moment | None:
        """`20th`, `20号`."""
        day, end = self._day(place)
        if day is None or end == place + 1:
            return None
        return Moment(place, end, reason=Reason.IMPRECISE_DATE)

    def _weekday(self, place: int) -> Moment | None:
        """`last Monday`, `el lunes pasado`, `next Monday`, `Monday`."""
        at = place
        last, coming = self._means(at, Sense.LAST), self._means(at, Sense.NEXT)
        at += last or coming
        if not self._means(at, Sense.WEEKDAY) or self.parts[at].means(Sense.NAME):
            return None
        weekday = self.parts[at].senses[Sense.WEEKDAY]
        end = at + 1
        last = last or self._means(end, Sense.LAST)
        coming = coming or self._means(end, Sense.NEXT)
        end += at == place and (self._means(end, Sense.LAST) or self._means(end, Sense.NEXT))
        if coming:
            ahead = (weekday - self.today.weekday() - 1) % 7 + 1
            return Moment(place, end, (self.today + dt.timedelta(ahead),))
        if last:
            back = (self.today.weekday() - weekday - 1) % 7 + 1
            return Moment(place, end, (self.today - dt.timedelta(back),))
        return Moment(place, end, reason=Reason.IMPRECISE_DATE, weekday=weekday)

    def _after_preposition(self, place: int) -> Moment | None:
        """What is a date only after "on" or "in": `on 3/5`, `in May`, `in 2024`."""
        number = self._whole(place + 1)
        if number is None and not self._means(place + 1, Sense.MONTH):
            return None
        found = self.at(place + 1) or _Finder(self.parts, self.today, alone=True).at(place + 1)
        if found:
            return found._replace(start=place)
        is_year = number is not None and EARLIEST_YEAR <= number <= LATEST_YEAR
        return Moment(place, place + 2, reason=Reason.IMPRECISE_DATE) if is_year else None
