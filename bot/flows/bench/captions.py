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

_PARTED = re.compile(r"([A-Za-z]{2,})[-_]?(\d+)")
_SPACED = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z]{2,})\s+(\d{1,4})(?![A-Za-z0-9_-]|[.,:/]\d)")
"""A code of letters and a number, and one in which a space stands between them: no day, and no value with its decimals."""


def owner(work: Work, case: Case | None, caption: str) -> tuple[Case | None, str] | None:
    """The candidate that a caption is about, and the rest of it, which says something about them.

    The open one whose code it holds; where it holds none, `case`. None where that cannot be told: it names several, or
    holds what may be the code of somebody who is not open.
    """
    caption = _closed_up(work, case, caption)
    tokens = _TOKEN.findall(caption)
    named = {each.number: each for token in tokens for each in _named(work, case, caption, token)}
    if len(named) > 1:
        return None
    for each in named.values():
        return each, _without(caption, each.code)
    foreign = any(_may_be_code(token, caption) and not _counts(work, case, caption, token) for token in tokens)
    return None if foreign else (case, caption)


def _closed_up(work: Work, case: Case | None, caption: str) -> str:
    """A caption without the spaces in its codes. A word and a number are one where an open code begins with these letters, and
    the two answer nothing.
    """
    parted = [found for each in work.bench.cases if (found := _PARTED.fullmatch(each.code)) is not None]

    def close(found: re.Match[str]) -> str:
        alike = [each for each in parted if same(each[1], found[1])]
        rest = caption[: found.start()] + caption[found.end() :]
        if not alike or any(_only_in(work, case, caption, rest)):
            return found[0]
        meant = [each[0] for each in alike if each[2] == found[2]]
        return " ".join(meant) or f"{alike[0][1]}-{found[2]}"

    return _SPACED.sub(close, caption)


def _named(work: Work, case: Case | None, caption: str, token: str) -> Iterator[Case]:
    """The open candidate with that code. A number that answers something is no code, though somebody may have it as theirs."""
    for each in work.bench.cases:
        sure = not token.isdigit() or not _without(caption, token)
        if same(each.code, token) and (sure or not any(_only_in(work, case, caption, _without(caption, token)))):
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
    return any(reading.counts for reading in _only_in(work, case, caption, _without(caption, token)))


def _only_in(work: Work, case: Case | None, caption: str, rest: str) -> Iterator[Reading]:
    """The readings of a caption that the rest of it has no more."""
    if case is None:
        return
    turn, names = work.turn(case), work.subject(case).names
    left = hear(turn, names, rest).readings
    for question, reading in hear(turn, names, caption).readings.items():
        if question not in left or (reading.counts and not left[question].counts):
            yield reading


def _without(text: str, token: str) -> str:
    """A text without a token and the punctuation that follows it."""
    rest = _TOKEN.sub(lambda found: "" if same(found[1], token) else found[0], text).strip()
    return rest if any(character.isalnum() for character in rest) else ""
