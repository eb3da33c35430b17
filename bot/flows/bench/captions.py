"""Whose a picture is: what stands under it may name a candidate, answer questions about one, or both."""

from __future__ import annotations

import re

from bot.criteria.reading import Reading
from bot.flows.bench.case import Case
from bot.flows.bench.codes import flaw, same
from bot.flows.bench.mentions import Mention, mentions, plain
from bot.flows.bench.pairs import hear
from bot.flows.bench.work import Work

_TOKEN = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)[.:,;)：，。；）]*")
"""What may be a code, and the punctuation after it: all else, such as a letter that is not plain, ends it as well."""

MOST_NAMED = 12
"""Places of a caption that may be codes: whether each is an answer takes reading it, and more are a list of patients."""

POWER = "x10"
"""What stands in the unit of a count, and is no code."""

_PUNCTUATION = re.compile(r"[.:,;)：，。；）]*")


def owner(work: Work, case: Case | None, caption: str) -> tuple[Case | None, str] | None:
    """The candidate that a caption is about, and the rest of it, which says something about them.

    The open one whose code it holds, in whatever way that is written; where it holds none, `case`. None where that cannot be
    told: it names several, or holds what may be the code of somebody who is not open.
    """
    caption = plain(caption)
    found = mentions([each.code for each in work.bench.cases], caption)
    if len(found) > MOST_NAMED:
        return None
    meant = [each for each in found if each.exact or not _answers(work, case, caption, each)]
    if any(not _sure(work, case, caption, each) for each in meant):
        return None
    named = {code for each in meant for code in each.codes}
    if len(named) > 1:
        return None
    for each in work.bench.cases:
        if each.code in named:
            return each, _without_all(caption, meant)
    tokens = _TOKEN.findall(caption)
    foreign = any(_may_be_code(token, caption) and not _counts(work, case, caption, token) for token in tokens)
    return None if foreign else (case, caption)


def _answers(work: Work, case: Case | None, caption: str, mention: Mention) -> bool:
    """Whether what may be a code is an answer, or begins one: `kps 90`; a number alone may end one."""
    lost = _only_in(work, case, caption, _without_all(caption, [mention]))
    if caption[mention.start : mention.end].isdigit():
        return bool(lost)
    return bool(lost) and not lost.keys().isdisjoint(_heard(work, case, caption[mention.start :]))


def _sure(work: Work, case: Case | None, caption: str, mention: Mention) -> bool:
    """Whether what is written is one open code and nothing else. A name of a test may be one too, such as `CD7`."""
    parted = not caption[mention.start : mention.end].isalnum()
    return mention.clear and len(mention.codes) == 1 and (parted or not _answers(work, case, caption, mention))


def _without_all(caption: str, taken: list[Mention]) -> str:
    """A caption without the codes in it, and the punctuation that follows them."""
    for each in reversed(taken):
        end = each.end
        after = _PUNCTUATION.match(caption, end)
        caption = caption[: each.start] + caption[after.end() if after else end :]
    caption = caption.strip()
    return caption if any(character.isalnum() for character in caption) else ""


def _may_be_code(token: str, caption: str) -> bool:
    """Whether a token has the form of a code, with letters and digits, or digits where nothing else is written.

    A telephone writes the first letter of a message large by itself.
    """
    mixed = not token.isdigit() and any(character.isdigit() for character in token) and token.casefold() != POWER
    formed = flaw(token) is None or flaw(token[0].lower() + token[1:]) is None
    return formed and (mixed or not _without(caption, token))


def _counts(work: Work, case: Case | None, caption: str, token: str) -> bool:
    """Whether a token is part of an answer that counts, such as `spo2` before its value."""
    return any(reading.counts for reading in _only_in(work, case, caption, _without(caption, token)).values())


def _only_in(work: Work, case: Case | None, caption: str, rest: str) -> dict[str, Reading]:
    """The readings of a caption that the rest of it has no more, by question."""
    left = _heard(work, case, rest)
    return {
        question: reading
        for question, reading in _heard(work, case, caption).items()
        if question not in left or (reading.counts and not left[question].counts)
    }


def _heard(work: Work, case: Case | None, text: str) -> dict[str, Reading]:
    """What a text answers; where nobody is worked on, as it would of whoever is open."""
    about = case or next(iter(work.bench.cases), None)
    return {} if about is None else hear(work.turn(about), work.subject(about).names, text).readings


def _without(text: str, token: str) -> str:
    """A text without a token and the punctuation that follows it."""
    rest = _TOKEN.sub(lambda found: "" if same(found[1], token) else found[0], text).strip()
    return rest if any(character.isalnum() for character in rest) else ""
