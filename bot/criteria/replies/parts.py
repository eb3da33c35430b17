"""A reply as a list of parts: known phrases, numbers, unknown words and signs."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from bot.criteria.lexicon import Lexicon
from bot.criteria.lexicon.characters import Folded
from bot.criteria.lexicon.phrases import Senses
from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import LINE, NUMBER, WORD, Token, scan
from bot.criteria.replies.numbers import Number, number, spelled

_UNITS = frozenset((Sense.UNIT, Sense.CUT_UNIT, Sense.FOREIGN_UNIT))
_NOUGHTS = frozenset("零〇")  # between two units: 28岁零3个月
NO_SENSES: Senses = MappingProxyType({})


@dataclass(slots=True)
class Part:
    """One part of a reply. `apart`: something blank stands before it. `glued`: a number right after a letter.
    `upper`: a flag typed in upper case (`H` is "high", `h` are hours).
    """

    text: str
    kind: str
    start: int
    end: int
    apart: bool
    senses: Senses
    number: Number | None = None
    glued: bool = False
    upper: bool = False

    def means(self, sense: Sense) -> bool:
        """Whether it can mean `sense`."""
        return sense in self.senses


def mark(folded: Folded, lexicon: Lexicon) -> list[Part]:
    """The parts of a reply: at every place the longest phrase that is known, else one token."""
    tokens = scan(folded.text)
    parts: list[Part] = []
    place, count = 0, len(tokens)
    while place < count:
        senses, after = lexicon.phrases.longest(tokens, place)
        if senses is None:
            parts.append(_unknown(folded.text, tokens[place], lexicon, parts[-1] if parts else None))
            place += 1
            continue
        after_number = bool(parts) and parts[-1].number is not None
        parts.append(_phrase(folded, tokens[place], tokens[after - 1].end, senses, after_number=after_number))
        place = after
    if any(Sense.NUMERAL in part.senses for part in parts):
        return _numerals_joined(parts, folded.text)
    return parts


def _phrase(folded: Folded, token: Token, end: int, senses: Senses, *, after_number: bool) -> Part:
    """A known phrase. After a number a unit is no name: `0.9 mg` is no magnesium."""
    if after_number and Sense.NAME in senses and not _UNITS.isdisjoint(senses):
        senses = {sense: senses[sense] for sense in senses if sense is not Sense.NAME}
    upper = Sense.FLAG in senses and folded.typed(token.start, end).isupper()
    return Part(folded.text[token.start : end], token.kind, token.start, end, token.apart, senses, upper=upper)


def _unknown(text: str, token: Token, lexicon: Lexicon, before: Part | None) -> Part:
    """A number, a sign, or a word that is in no list; one that is nearly a name is taken for it."""
    word = text[token.start : token.end]
    part = Part(word, token.kind, token.start, token.end, token.apart, NO_SENSES)
    if token.kind == NUMBER:
        part.number = _in_its_place(text, token, before)
        part.glued = token.key != word
    elif token.kind == WORD:
        codes = lexicon.misspellings.codes(word)
        part.senses = {Sense.NAME: codes} if codes else NO_SENSES
    return part


def _in_its_place(text: str, token: Token, part: Part | None) -> Number:
    """The number; none that is well formed where it runs on into what is no digit (`9½`, `10⁹`, `Hb.92`, ` ,92`).

    A numeral that is part of a longer phrase is none that it runs on from (`上周五92`).
    """
    phrase = part is not None and part.end == token.start and len(part.text) > 1 and not part.means(Sense.NUMERAL)
    before = text[token.start - 1] if token.start else " "
    after = text[token.end] if token.end < len(text) else " "
    beyond = text[token.start - 2] if token.start > 1 else " "
    labelled = part is not None and (part.means(Sense.HEDGE) or part.means(Sense.REFERENCE))  # "approx.92"
    cut = (before == "." and beyond.isalpha() and not labelled) or (before == "," and beyond.isspace())
    if before == "," and "," in token.key and not beyond.isspace():
        cut = True  # cells parted by commas: `AST,34,40`
    if (
        cut
        or (before.isnumeric() and not before.isdecimal() and before not in _NOUGHTS and not phrase)
        or (after.isnumeric() and not after.isdecimal())
    ):
        return Number(token.key, ())
    return number(text[token.start : token.end])


def _numerals_joined(parts: list[Part], text: str) -> list[Part]:
    """The parts with every run of numerals in words as one number."""
    joined: list[Part] = []
    place = 0
    while place < len(parts):
        after = _run_end(parts, place)
        if after == place:
            joined.append(parts[place])
            place += 1
            continue
        run = parts[place:after]
        value = _spelled_value([part.senses[Sense.NUMERAL] for part in run if part.means(Sense.NUMERAL)])
        start, end = run[0].start, run[-1].end
        senses = run[0].senses if len(run) == 1 else {Sense.NUMERAL: value}
        joined.append(Part(text[start:end], WORD, start, end, run[0].apart, senses, spelled(text[start:end], value)))
        place = after
    return joined


def _run_end(parts: list[Part], place: int) -> int:
    """Where the run of numerals that begins at `place` ends; a hyphen or "and" may stand between two."""
    after = place
    while after < len(parts) and parts[after].kind != LINE and parts[after].means(Sense.NUMERAL):
        after += 1
        between = after < len(parts) and (parts[after].text == "-" or parts[after].means(Sense.AND))
        if between and after + 1 < len(parts) and parts[after + 1].means(Sense.NUMERAL):
            after += 1
    return after


def _spelled_value(values: list[int]) -> int | None:
    """The number below a hundred that the numerals make (`twenty three`, `三十五`), None for any other row of them."""
    match values:
        case [one] if one <= 100:
            return one
        case [tens, one] if tens in range(20, 100, 10) and 0 < one < 10:
            return tens + one
        case [10, one] if 0 < one < 10:
            return 10 + one
        case [tens, 10] if 1 < tens < 10:
            return tens * 10
        case [tens, 10, one] if 1 < tens < 10 and 0 < one < 10:
            return tens * 10 + one
    return None
