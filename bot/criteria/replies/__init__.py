"""Reading replies: from what a person typed to what it says, or to what must be asked again.

A wrong reading that nobody sees is the worst fault that this program can have, so whatever leaves a doubt is asked about.
The contract is `docs/replies.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from bot.criteria.lexicon import Lexicon
from bot.criteria.lexicon.characters import fold
from bot.criteria.protocol import Analyte, Kind, Question, Respondent
from bot.criteria.reading import Outcome, Reading, Reason
from bot.criteria.replies.absent import is_absent
from bot.criteria.replies.age import read_age
from bot.criteria.replies.choice import named_choice, read_choice
from bot.criteria.replies.context import Context
from bot.criteria.replies.contract import as_json
from bot.criteria.replies.date import read_date
from bot.criteria.replies.parts import mark
from bot.criteria.replies.quantity import MAX_REPLY, read_quantity
from bot.criteria.replies.score import scored
from bot.criteria.replies.sections import divide
from bot.criteria.replies.slip import MAX_ROWS, MAX_SLIP, read_sections

__all__ = ["as_json", "chosen", "read", "read_slip"]

_NO_LABELS: Mapping[str, Sequence[str]] = {}


def read(  # noqa: PLR0913 - all that a reading depends on, by name
    question: Question,
    reply: str,
    *,
    lexicon: Lexicon,
    analytes: Mapping[str, Analyte],
    respondent: Respondent,
    today: dt.date,
    labels: Mapping[str, Sequence[str]] = _NO_LABELS,
) -> Reading:
    """A reply to one question. Never raises, whatever the reply.

    analytes: the shared table and the trial's own. labels: by choice id, what was shown for it in any language.
    A question of kind `uln` names its analyte itself.
    """
    if question.kind in (Kind.CHOICE, Kind.AGE, Kind.DATE) and len(reply) > MAX_REPLY:
        return Reading(reply, Outcome.REJECTED, Reason.TOO_LONG)
    if question.kind is Kind.CHOICE:
        return read_choice(reply, question, lexicon=lexicon, labels=labels)
    if question.kind is Kind.AGE:
        return read_age(reply, lexicon=lexicon, today=today)
    if question.kind is Kind.DATE:
        return read_date(reply, lexicon=lexicon, today=today)
    analyte = analytes[question.analyte or ""]
    if question.kind is Kind.SCORE and labels and len(reply) <= MAX_REPLY:
        choice = named_choice(fold(reply), question.choices, labels)
        if choice is not None:
            return scored(reply, Fraction(choice), analyte)
    context = Context(lexicon, analytes, respondent, today)
    return read_quantity(reply, analyte, context, upper_limit=question.kind is Kind.ULN)


def read_slip(  # noqa: PLR0913 - all that a reading depends on, by name
    reply: str,
    *,
    lexicon: Lexicon,
    analytes: Mapping[str, Analyte],
    respondent: Respondent,
    today: dt.date,
    asked: Collection[str],
) -> Reading:
    """A whole slip. `asked`: the codes of the analytes that the trial asks for; other names on it are skipped."""
    if len(reply) > MAX_SLIP:
        return Reading(reply, Outcome.REJECTED, Reason.TOO_LONG)
    folded = fold(reply)
    if len(reply) <= MAX_REPLY and is_absent(folded, lexicon):
        return Reading(reply, Outcome.ABSENT)
    known = {code: analytes[code] for code in asked if code in analytes}
    sections = divide(mark(folded, lexicon))
    if len(sections) > MAX_ROWS:
        return Reading(reply, Outcome.REJECTED, Reason.TOO_LONG)
    context = Context(lexicon, known, respondent, today)
    read_as = read_sections(folded, sections, known, context)
    return read_as or Reading(reply, Outcome.REJECTED, Reason.NOT_UNDERSTOOD)


def chosen(question: Question, choice: str, analytes: Mapping[str, Analyte]) -> Reading:
    """The reading of a choice that was picked from the list itself, such as a button."""
    if question.kind is Kind.SCORE:
        return scored(choice, Fraction(choice), analytes[question.analyte or ""])
    return replace(Reading(choice, Outcome.ACCEPTED), choice=choice)
