"""Whose a picture is: what stands under it may name a candidate, answer questions about one, or both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.criteria.reading import Reading
from bot.flows.bench.case import Case
from bot.flows.bench.codes import flaw, same
from bot.flows.bench.pairs import hear
from bot.flows.bench.work import Work

_TOKEN = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)[.:,;)：，。；）]*")
"""What may be a code, and the punctuation after it: all else, such as a letter that is not plain, ends it as well."""


def owner(work: Work, case: Case | None, caption: str) -> tuple[Case | None, str] | None:
    """The candidate that a caption is about, and the rest of it, which says something about them.

    The open one whose code it holds; where it holds none, `case`. None where that cannot be told: it names several, or
    holds what may be the code of somebody who is not open.
    """
    tokens = _TOKEN.findall(caption)
    named = {each.number: each for token in tokens for each in _named(work, case, caption, token)}
    if len(named) > 1:
        return None
    for each in named.values():
        return each, _without(caption, each.code)
    foreign = any(_may_be_code(token, caption) and not _counts(work, case, caption, token) for token in tokens)
    return None if foreign else (case, caption)


def _named(work: Work, case: Case | None, caption: str, token: str) -> Iterator[Case]:
    """The open candidate with that code. A number that answers something is no code, though somebody may have it as theirs."""
    for each in work.bench.cases:
        sure = not token.isdigit() or not _without(caption, token)
        if same(each.code, token) and (sure or not any(_only_with(work, case, caption, token))):
            yield each


def _may_be_code(token: str, caption: str) -> bool:
    """Whether a token has the form of a code, with letters and digits, or digits where nothing else is written.

    A telephone writes the first letter of a message large by itself.
    """
    mixed = not token.isdigit() and any(character.isdigit() for character in token)
    formed = flaw(token) is None or flaw(token[0].lower() + token[1:]) is None
    return formed and (mixed or not _without(caption, token))


def _counts(work: Work, case: Case | None, caption: str, token: str) -> bool:
    """Whether a token is part of an answer that counts, such as `spo2` before its value."""
    return any(reading.counts for reading in _only_with(work, case, caption, token))


def _only_with(work: Work, case: Case | None, caption: str, token: str) -> Iterator[Reading]:
    """The readings of a caption that it has no more without a token."""
    if case is None:
        return
    turn, names = work.turn(case), work.subject(case).names
    rest = hear(turn, names, _without(caption, token)).readings
    for question, reading in hear(turn, names, caption).readings.items():
        if question not in rest or (reading.counts and not rest[question].counts):
            yield reading


def _without(text: str, token: str) -> str:
    """A text without a token and the punctuation that follows it."""
    rest = _TOKEN.sub(lambda found: "" if same(found[1], token) else found[0], text).strip()
    return rest if any(character.isalnum() for character in rest) else ""
