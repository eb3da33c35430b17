"""Names with a slip of the finger: which known word an unknown one was meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

SHORTEST = 5  # letters; a shorter word one letter off is as likely another word
LONG = 8  # letters from which two slips are allowed
LONGEST = 32


def _allowed(word: str) -> int:
    return 2 if len(word) >= LONG else 1


def _shortened(word: str, slips: int) -> set[str]:
    """The word with up to `slips` letters left out."""
    words = {word}
    edge = words
    for _ in range(slips):
        edge = {each[:place] + each[place + 1 :] for each in edge for place in range(len(each))}
        words = words | edge
    return words


def distance(one: str, other: str) -> int:
    """How many letters must be left out, put in, replaced or swapped with a neighbour to make one word the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, against in enumerate(other, 1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]


class Misspellings:
    """Looks up words that are nearly known ones. Both sides are shortened, so no word is compared with all."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], known: Iterable[str]) -> None:
        self._codes = {word: codes for word, codes in words.items() if len(word) >= SHORTEST}
        self._known = frozenset(known)
        self._index: dict[str, list[str]] = defaultdict(list)
        for word in self._codes:
            for short in _shortened(word, _allowed(word)):
                self._index[short].append(word)
        self._answers: dict[str, tuple[str, ...]] = {}

    def codes(self, word: str) -> tuple[str, ...]:
        """The codes of the names nearest to `word`: of several equally near, all; of none near enough, none."""
        if not SHORTEST <= len(word) <= LONGEST or word in self._known:
            return ()
        allowed = _allowed(word)
        near = {name for short in _shortened(word, allowed) for name in self._index.get(short, ())}
        ranked = [(distance(word, name), name) for name in near]
        least = min((steps for steps, _ in ranked), default=allowed + 1)
        if least > allowed:
            return ()
        return tuple(dict.fromkeys(code for steps, name in ranked if steps == least for code in self._codes[name]))
