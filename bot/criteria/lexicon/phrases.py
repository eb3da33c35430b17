"""Finding the longest known phrase at a place, in time that does not grow with how many phrases are known."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.criteria.lexicon.characters import fold
from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import Token, scan

Senses = Mapping[Sense, Any]
_END = ""  # no token has this key
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


def spellings(pattern: str) -> Iterator[str]:
    """The phrases that a line of a word list stands for: `not {|yet} tested` is two."""
    pieces = _ALTERNATIVES.split(pattern)
    choices = [piece.split("|") if place % 2 else [piece] for place, piece in enumerate(pieces)]
    for chosen in itertools.product(*choices):
        yield " ".join("".join(chosen).split())


class Phrases:
    """Phrases and what each can mean, as a tree of tokens."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, pattern: str, sense: Sense, payload: object = None) -> None:
        """Let every spelling of `pattern` mean `sense`; payloads that are tuples are joined to those known before."""
        for phrase in spellings(pattern):
            node = self._root
            for token in scan(fold(phrase).text):
                node = node.setdefault(token.key, {})
            senses = node.setdefault(_END, {})
            known = senses.get(sense, ())
            if isinstance(payload, tuple) and isinstance(known, tuple):
                senses[sense] = known + tuple(item for item in payload if item not in known)
            else:
                senses.setdefault(sense, payload)

    def longest(self, tokens: Sequence[Token], start: int) -> tuple[Senses | None, int]:
        """The meanings of the longest phrase that begins at token `start`, and the token after it."""
        node = self._root.get(tokens[start].key)
        found: Senses | None = None
        end = place = start + 1
        while node is not None:
            senses = node.get(_END)
            if senses is not None:
                found, end = senses, place
            if place == len(tokens):
                break
            node = node.get(tokens[place].key)
            place += 1
        return found, end

    def words(self) -> Iterator[str]:
        """The first tokens of all phrases."""
        return iter(self._root)
