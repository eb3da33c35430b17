"""Replies to a question with a list of choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.criteria.lexicon import Lexicon, bare
from bot.criteria.lexicon.characters import Folded, fold
from bot.criteria.lexicon.senses import Sense
from bot.criteria.lexicon.tokens import LINE, NUMBER, SIGN, WORD, Token, scan
from bot.criteria.protocol import UNKNOWN, Question
from bot.criteria.reading import Alternative, Outcome, Reading, Reason, Role, Span
from bot.criteria.replies.absent import is_absent

_PUNCTUATION = frozenset('.,!;:"()[]-~…*_/')


@dataclass(slots=True)
class _Said:
    """What a reply said, phrase by phrase. `known`: whether all of it was understood."""

    choices: list[tuple[str, ...]] = field(default_factory=list)
    hedged: list[str] = field(default_factory=list)
    absent: int = 0
    known: bool = True

    @property
    def told(self) -> int:
        """How many phrases said something."""
        return len(self.choices) + len(self.hedged) + self.absent


def read_choice(reply: str, question: Question, *, lexicon: Lexicon, labels: Mapping[str, Sequence[str]]) -> Reading:
    """The choice that a whole reply names: by its number in the list, its id, its label or a common word."""
    folded = fold(reply)
    ids = {each: (each, *labels.get(each, ())) for each in question.choices}
    choice = named_choice(folded, question.choices, ids)
    if choice is not None:
        return _accepted(reply, choice)
    return _decided(reply, question, _said(folded, question, lexicon), absent=is_absent(folded, lexicon))


def named_choice(folded: Folded, choices: Sequence[str], labels: Mapping[str, Sequence[str]]) -> str | None:
    """The choice whose label the whole reply is."""
    text = bare(folded.text)
    named = {choice for choice in choices for name in labels.get(choice, ()) if text == bare(fold(name).text)}
    return named.pop() if len(named) == 1 and text else None


def _decided(reply: str, question: Question, said: _Said, *, absent: bool) -> Reading:
    named = {choice for choices in said.choices for choice in choices}
    if (absent and not named) or (said.absent and said.known and named <= {UNKNOWN} and not said.hedged):
        return _accepted(reply, UNKNOWN) if UNKNOWN in question.choices else Reading(reply, Outcome.ABSENT)
    if not said.known or (not named and not said.hedged):
        return Reading(reply, Outcome.REJECTED, Reason.NOT_UNDERSTOOD)
    if said.hedged or said.absent:
        leaning = {choice for choice in (*said.hedged, *named) if choice in question.choices}
        return _asked(reply, Reason.HEDGED, sorted(leaning, key=question.choices.index))
    if len(named) == 1:
        return _accepted(reply, named.pop())
    if any(set(choices) == named for choices in said.choices):
        return _asked(reply, Reason.NOT_UNDERSTOOD, sorted(named, key=question.choices.index))
    return Reading(reply, Outcome.REJECTED, Reason.NOT_UNDERSTOOD)


def _accepted(reply: str, choice: str) -> Reading:
    return Reading(reply, Outcome.ACCEPTED, choice=choice, spans=(Span(0, len(reply), Role.CHOICE),))


def _asked(reply: str, reason: Reason, choices: Sequence[str]) -> Reading:
    readings = tuple(Alternative(label=choice, reply=choice, choice=choice) for choice in choices)
    return Reading(reply, Outcome.CLARIFY, reason, readings=readings)


def _said(folded: Folded, question: Question, lexicon: Lexicon) -> _Said:
    """Go through the reply phrase by phrase; what is not a known phrase of a choice makes it unknown."""
    said = _Said()
    tokens = scan(folded.text)
    place, before = 0, ""
    while place < len(tokens) and said.known:
        token = tokens[place]
        senses, after = lexicon.choices.longest(tokens, place)
        phrase = folded.text[token.start : tokens[after - 1].end]
        if senses is not None:
            told = said.told
            said.known = _taken(said, senses, question) and not _runs_on(folded.text, token, phrase, before)
            before = phrase if said.told > told else before
        elif token.kind in (LINE, SIGN) and (token.key in _PUNCTUATION or token.kind == LINE):
            after, before = place + 1, ""
        elif token.kind == NUMBER:
            after, before = place + 1, ""
            minus = folded.text[token.start - 1 : token.start] == "-"
            said.known = not minus and _by_number(said, token, question)
        else:
            after = place + 1
            counted = place > 0 and tokens[place - 1].kind == NUMBER  # "2 infection" is no place in the list
            said.known = token.kind == WORD and token.key == question.id and not counted
        place = after
    return said


def _runs_on(text: str, token: Token, phrase: str, before: str) -> bool:
    """Whether a Chinese phrase follows another one at once: together they may mean the opposite (不是没有)."""
    glued = bool(before) and not token.apart and not phrase.isascii()
    return glued and phrase != before and text[token.start - 1 : token.start] not in _PUNCTUATION


def _taken(said: _Said, senses: Mapping[Sense, object], question: Question) -> bool:
    """Note what a phrase means here; False if it means nothing to this question."""
    choices = senses.get(Sense.CHOICE, ())
    ours = tuple(choice for choice in choices if choice in question.choices) if isinstance(choices, tuple) else ()
    place = senses.get(Sense.PLACE)
    if ours:
        said.choices.append(ours)
    elif isinstance(place, int) and place <= len(question.choices):
        said.choices.append((question.choices[place - 1],))
    elif Sense.HEDGED_CHOICE in senses:
        said.hedged.append(str(senses[Sense.HEDGED_CHOICE]))
    elif Sense.ABSENT in senses:
        said.absent += 1
    else:
        return Sense.FILLER in senses
    return True


def _by_number(said: _Said, token: Token, question: Question) -> bool:
    if not token.key.isdigit() or len(token.key) > 2 or not 1 <= int(token.key) <= len(question.choices):
        return False
    said.choices.append((question.choices[int(token.key) - 1],))
    return True
