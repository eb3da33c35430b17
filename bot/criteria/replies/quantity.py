"""Replies to a question about a quantity, a score or an upper limit of normal."""

from __future__ import annotations

from dataclasses import replace

from bot.criteria.lexicon.characters import Folded, fold
from bot.criteria.protocol import Analyte
from bot.criteria.reading import Outcome, Reading, Reason, Role, Span
from bot.criteria.replies.absent import is_absent
from bot.criteria.replies.context import Context
from bot.criteria.replies.judge import clarify, told
from bot.criteria.replies.limit import judge_limit
from bot.criteria.replies.parts import mark
from bot.criteria.replies.rows import take_apart
from bot.criteria.replies.score import judge_score
from bot.criteria.replies.sections import Section, divide
from bot.criteria.replies.slip import MAX_ROWS, MAX_SLIP, read_sections, spans_of, valued

MAX_REPLY = 200  # characters of a reply to a single question


def read_quantity(reply: str, analyte: Analyte, context: Context, *, upper_limit: bool = False) -> Reading:
    """A reply to the question of an analyte's value, or with `upper_limit` of its upper limit of normal."""
    if len(reply) > MAX_SLIP:
        return Reading(reply, Outcome.REJECTED, Reason.TOO_LONG)
    folded = fold(reply)
    if len(reply) <= MAX_REPLY and is_absent(folded, context.lexicon):
        return Reading(reply, Outcome.ABSENT, spans=(Span(0, len(reply), Role.ABSENT),))
    parts = mark(folded, context.lexicon)
    sections = divide(parts)
    if len(sections) > MAX_ROWS:
        return Reading(reply, Outcome.REJECTED, Reason.TOO_LONG)
    other = _about_others(folded, sections, analyte, context, upper_limit=upper_limit)
    if other:
        return other
    if len(reply) > MAX_REPLY:
        return Reading(reply, Outcome.REJECTED, Reason.TOO_LONG)
    row = take_apart([part for section in sections for part in section.parts], analyte, context.today)
    reading = judge_limit(row, analyte) if upper_limit else judge_score(row, analyte, context.respondent)
    return told(reading, reply, row, context.today, tuple(spans_of(folded, row)))


def _about_others(
    folded: Folded, sections: list[Section], analyte: Analyte, context: Context, *, upper_limit: bool
) -> Reading | None:
    """What a reply is that names other analytes: a slip, or about something else. None where it is about the one asked for."""
    named = [section for section in sections if section.codes or section.other]
    if len(folded.reply) > MAX_REPLY and len(named) < 2:
        return None
    if not named or all(section.means(analyte.code) for section in named):
        return None
    found = [section for section in named if valued(section, analyte, context)]
    if len(found) > 1 and not upper_limit and any(section.only(context.analytes) for section in found):
        return read_sections(folded, sections, context.analytes, context)
    if any(section.means(analyte.code) for section in found or named) and len(found) < 2:
        return None
    shared = any(section.mixed and analyte.code in section.codes for section in found)
    return replace(clarify(Reason.SEVERAL_NUMBERS if shared else Reason.OTHER_ANALYTE), reply=folded.reply)
