"""One page: its print, the results on it, what is doubtful about each, who it is about and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from bot.flows.photographed import Doubt
from bot.photo import doubts, looks
from bot.photo.around import doubts_around
from bot.photo.beside import marks_beside
from bot.photo.find import Corners, flat
from bot.photo.headings import Role, headings_of
from bot.photo.layout import Kind, Record, kind_of, lines_of, records_of
from bot.photo.models import Image, read_lines
from bot.photo.names import codes_of, dated, days_in, month_first, of_person, slashed, spelled
from bot.photo.printed import Printed, printed, text_of, wholes
from bot.photo.upright import dark_on_light, lie_of, quarter_turned

UNMARKED = 2  # values outside their range without a mark, on a page that marks none
UNITS_SHARE = 0.5  # of the results of a page that have a unit, for one without to be odd


@dataclass(frozen=True, slots=True)
class Result:
    """One result, and what is doubtful about it. `others`: what other looks see in place of its value."""

    record: Record
    doubts: tuple[Doubt, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says. `days`: whether each is the day of collection or another one, None where it is in doubt. `persons`: where the person is named."""

    picture: Image
    results: tuple[Result, ...]
    days: tuple[tuple[str, dt.date | None], ...]
    date_text: str
    persons: tuple[Corners, ...]
    unread: int


def page_in(picture: Image) -> Page:
    """The page that a picture shows."""
    shown, found, _ = quarter_turned(picture)
    picture = dark_on_light(shown, found)
    lie = lie_of(found, picture.shape[1])
    read = read_lines([flat(picture, corners) for corners in found])
    levels = lie.levels(np.array([corners.mean(axis=0) for corners in found], np.float64).reshape(-1, 2))
    pieces = [
        printed(line, corners, float(level), lie.shift(corners[:, 1].mean()))
        for line, corners, level in zip(read, found, levels, strict=True)
        if line.text.strip()
    ]
    return replace(page_of(picture, pieces, on_paper=True), picture=shown)


def page_of(picture: Image, pieces: list[Printed], *, on_paper: bool) -> Page:
    """The page that pieces of print make. `on_paper`: whether they were read from the picture, and so can be misread."""
    lines = lines_of(pieces)
    records = [record for record in records_of(lines) if _is_result(record)]
    wanted = [record for record in records if codes_of(text_of(record.name))]
    if on_paper:
        _slashed(wanted)
        _spelled(wanted)
        _marked(picture, [record for record in wanted if doubts.unmarked(record)])
    units = sum(bool(record.unit) for record in records) > UNITS_SHARE * len(records)
    marks = _marks_printed(lines, records)
    hidden = doubts.beginning_hidden(records) if on_paper else set()
    around = doubts_around(lines, records, wanted)
    dates = [line for line in lines if dated(text_of(line))]
    order = month_first(" ".join(text_of(line) for line in lines))
    seen = looks.again(picture, _worth_a_look(wanted, dates)) if on_paper else {}

    def judged(record: Record) -> Result:
        found = _doubts(record, units, marks) | around.get(id(record), set())
        if on_paper:
            found |= _misread(record, picture, seen, hidden)
        return Result(record, tuple(sorted(found)), _others(record, seen))

    return Page(
        picture,
        tuple(map(judged, records)),
        tuple(day for line in dates for day in days_on(line, seen, month_leads=order)),
        " · ".join(text_of(line) for line in dates if not of_person(text_of(line))),
        tuple(_persons(lines)),
        _unread(lines, wanted),
    )


def _slashed(records: list[Record]) -> None:
    """Take a word for the unit that it is but for its slash, where a record has no other."""
    for record in records:
        for word in [] if record.unit else list(record.others):
            units = {slashed(word.text, code) for code in codes_of(text_of(record.name))}
            unit = units.pop() if len(units) == 1 else None
            if unit is not None:
                record.unit.append(word.called(unit))
                record.others.remove(word)


def _spelled(records: list[Record]) -> None:
    """Take a unit of which a letter was read as its like for what it is, where it was read apart from the value."""
    for record in records:
        if len(record.unit) != 1:
            continue
        if record.unit[0].text[0] in "1l|!" and record.unit[0].whole in wholes(record.value):
            continue  # it may be the value's last figure
        units = {spelled(record.unit[0].text, code) for code in codes_of(text_of(record.name))}
        unit = units.pop() if len(units) == 1 else None
        if unit is not None:
            record.unit = [record.unit[0].called(unit)]


def _marked(picture: Image, records: list[Record]) -> None:
    """Give each record the mark that stands beside its value, where one does."""
    for record, mark in zip(records, marks_beside(picture, records), strict=True):
        if mark is not None:
            record.flag.append(mark)


def _is_result(record: Record) -> bool:
    """Whether a name with a number is a result: nothing about the person, and more beside it than a number."""
    name = text_of(record.name)
    more = bool(record.unit or record.range or record.flag or codes_of(name))
    if record.name[0].text[0].isdigit() and kind_of(record.name[0].text) is Kind.UNIT:
        return False  # a row of which the name was not read
    return more and not of_person(name) and not dated(text_of([*record.name, *record.value]))


def _worth_a_look(records: list[Record], dates: list[list[Printed]]) -> list[Printed]:
    pieces = [each for record in records for each in (*record.name, *record.value, *record.range)]
    return wholes([*pieces, *(piece for line in dates for piece in line if looks.figures(piece.text))])


def _marks_printed(lines: list[list[Printed]], records: list[Record]) -> bool:
    """Whether the page marks what lies outside its range: some mark or a column of them stands there.

    Of one value outside without a mark, either may be misread; of several, the page marks none.
    """
    if any(record.flag for record in records) or sum(map(doubts.unmarked, records)) < UNMARKED:
        return True
    return any(heading.role is Role.FLAG for line in lines for heading in headings_of(line))


def _doubts(record: Record, units_printed: bool, marks_printed: bool) -> set[Doubt]:  # noqa: FBT001 - of one page
    if not codes_of(text_of(record.name)):
        return set()
    return doubts.of_layout(record, units_printed=units_printed, marks_printed=marks_printed)


def _misread(record: Record, picture: Image, seen: doubts.Looks, hidden: set[int]) -> set[Doubt]:
    if not codes_of(text_of(record.name)):
        return set()
    return doubts.of_print(record, picture, seen) | ({Doubt.NAME} if id(record) in hidden else set())


def _others(record: Record, seen: doubts.Looks) -> tuple[str, ...]:
    """The numbers that other looks see in place of the value, each where it is the only one there."""
    looked = (looks.figures(text, exact=True) for each in wholes(record.value) for text in seen.get(id(each), ()))
    alone = (found[0] for found in looked if len(found) == 1)
    return tuple(dict.fromkeys(other for other in alone if other != text_of(record.value)))


def days_on(line: list[Printed], seen: doubts.Looks, *, month_leads: bool | None) -> list[tuple[str, dt.date | None]]:
    """The days on a line; none beyond doubt where another look reads other figures."""
    agreed = all(
        _same_days(line, place, other, month_leads=month_leads)
        for place, piece in enumerate(line)
        for other in seen.get(id(piece), ())
    )
    return [(kind, day if agreed else None) for kind, day in dated(text_of(line), month_leads=month_leads)]


def _same_days(line: list[Printed], place: int, other: str, *, month_leads: bool | None) -> bool:
    """Whether a line names the same days with what another look reads in one place.

    Beside a whole day the hour may differ. A piece without one may hold a part of a day, so none of its figures may.
    """
    text = line[place].text
    texts = [piece.text for piece in line]
    again = " ".join([*texts[:place], other, *texts[place + 1 :]])
    if days_in(again, month_leads=month_leads) != days_in(" ".join(texts), month_leads=month_leads):
        return False
    return looks.same_figures(text, other) or bool(days_in(text, month_leads=month_leads))


def _persons(lines: list[list[Printed]]) -> list[Corners]:
    """What is to be covered: every piece about the person, and the one beside a bare label."""
    found: list[Corners] = []
    for line in lines:
        if headings_of(line):
            continue
        for place, piece in enumerate(line):
            if of_person(piece.text):
                found.append(piece.corners)
                bare = piece.text.rstrip().endswith((":", "：")) or len(piece.text) <= 5
                found += [after.corners for after in line[place + 1 : place + 2] if bare]
    return found


def _unread(lines: list[list[Printed]], wanted: list[Record]) -> int:
    """How many names of analytes that a trial can ask for stand on the page without a value that could be read."""
    used = {id(whole) for record in wanted for whole in wholes(record.name)}
    rest = [piece for line in lines for piece in line if id(piece) not in used and codes_of(piece.text)]
    return len(rest)
