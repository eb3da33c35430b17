"""A slip: several analytes in one reply, each read by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.criteria.lexicon.characters import Folded
from bot.criteria.protocol import Analyte
from bot.criteria.reading import Outcome, Reading, Role, Span
from bot.criteria.replies import moments
from bot.criteria.replies.context import Context
from bot.criteria.replies.figures import Row
from bot.criteria.replies.judge import told
from bot.criteria.replies.parts import Part
from bot.criteria.replies.rows import take_apart
from bot.criteria.replies.score import judge_score
from bot.criteria.replies.sections import Section

MAX_SLIP = 4096  # characters
MAX_ROWS = 200  # names on one slip


def valued(section: Section, asked: Analyte, context: Context) -> bool:
    """Whether a section holds a value, of whatever analyte."""
    code = section.only(context.analytes)
    return has_value(take_apart(section.parts, context.analytes[code] if code else asked, context.today))


def has_value(row: Row) -> bool:
    """Whether a row holds what may be a value."""
    figures = any(not figure.aside for figure in row.figures)
    return figures or bool(row.ranges or row.multiples) or row.malformed or row.spelled


def read_sections(
    folded: Folded, sections: Sequence[Section], asked: Mapping[str, Analyte], context: Context
) -> Reading | None:
    """The reading of a slip; None where no analyte that is asked for stands on it with anything said about it."""
    entries: dict[str, Reading] = {}
    spans: list[Span] = []
    for code, parts in _rows(sections, asked).items():
        row = take_apart(parts, asked[code], context.today)
        found = tuple(spans_of(folded, row))
        spans += found
        if has_value(row) or row.absent or row.qualitative:
            reading = judge_score(row, asked[code], context.respondent)
            entries[code] = told(reading, _typed(folded, parts), row, context.today, found)
    if not entries:
        return None
    day = _heading_day(sections, context.today)
    if day:
        entries = {code: replace(entry, observed_on=entry.observed_on or day) for code, entry in entries.items()}
    return Reading(
        folded.reply,
        Outcome.SLIP,
        slip=entries,
        skipped=_skipped(folded, sections, asked),
        spans=tuple(sorted(spans, key=lambda span: span.start)),
    )


def _rows(sections: Sequence[Section], asked: Collection[str]) -> dict[str, list[Part]]:
    """The parts about each analyte; what is said about one in two places is read together."""
    rows: dict[str, list[Part]] = {}
    for section in sections:
        code = section.only(asked)
        if code:
            rows.setdefault(code, []).extend(section.parts)
    return rows


def _skipped(folded: Folded, sections: Sequence[Section], asked: Collection[str]) -> tuple[str, ...]:
    """The names, as typed, of what stands on the slip with a number and is not asked for."""
    others = [section for section in sections if section.codes and not section.only(asked)]
    return tuple(
        dict.fromkeys(_typed_name(folded, section) for section in others if any(part.number for part in section.parts))
    )


def _heading_day(sections: Sequence[Section], today: dt.date) -> dt.date | None:
    """The day that a line without a name gives for the whole slip; none where another day stands anywhere on it."""
    headings = {day for section in sections if not section.codes for day in _days(section, today)}
    all_days = {day for section in sections for day in _days(section, today)}
    return headings.pop() if headings and len(all_days) == 1 else None


def _days(section: Section, today: dt.date) -> list[dt.date]:
    """The days named in a section that are past and beyond doubt."""
    found = moments.find(section.parts, today, alone=False)
    return [moment.days[0] for moment in found if moment.days and moment.reason is None and moment.days[0] <= today]


def _typed(folded: Folded, parts: Sequence[Part]) -> str:
    return folded.typed(parts[0].start, parts[-1].end).strip()


def _typed_name(folded: Folded, section: Section) -> str:
    return section.name if not section.parts else folded.typed(*_name_span(section))


def _name_span(section: Section) -> tuple[int, int]:
    words = section.name.split(" ")[0]
    first = next(part for part in section.parts if part.text.startswith(words))
    return first.start, first.end


def spans_of(folded: Folded, row: Row) -> list[Span]:
    """What each part of a row was taken for, in the places of the reply as typed; neighbours of one role are joined."""
    spans: list[Span] = []
    for part, role in zip(row.parts, row.roles, strict=True):
        if role is Role.NOISE and not part.text.strip(".,;:()[]|\n"):
            continue
        start, end = folded.origin(part.start), folded.origin(part.end)
        if spans and spans[-1].role is role and spans[-1].end >= start - 1:
            spans[-1] = Span(spans[-1].start, end, role)
        else:
            spans.append(Span(start, end, role))
    return spans
