"""One message that answers several questions: `age 34; hiv, hcv: no; kps 90`, a slip, or a slip with such lines.

Names of questions that nobody measures (`hiv`, `age`, an upper limit) are looked for here; what remains is read as a
slip, by the slip's own reader. Every value is read as a reply to its question, so that what is doubtful there is doubtful here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.criteria.protocol import RESPONDENT, Kind, Question
from bot.criteria.reading import Outcome, Reading, Role
from bot.criteria.replies.slip import MAX_SLIP
from bot.flows.slip_rows import MEASURED, by_question
from bot.flows.turn import Turn

Names = Mapping[str, tuple[str, ...]]
"""What each question is called, in every language."""

_CLAUSE = re.compile(r"(?:(?!\s{2,8}\w[\w ]{0,40}[:：])[^;；|\n\t])+")
_PIECE = re.compile(r"(?:[^,，、]|(?<=\d),(?=\d))+")
_AFTER_NAME = r"(?:\s*[:：=＝]\s*|\s+|$|(?<=[^\x00-\x7f])(?=\S)|(?=[^\x00-\x7f]))"
MOST_PIECES = 400  # of a message; a long slip has half as many
_LONGEST_UNREAD = 60  # characters that are quoted


@dataclass
class Heard:
    """What a message said. `readings`: by question, whether they count or not; `unread`: what was meant as an answer and is none.

    `skipped`: what stands on a slip and is not asked for.
    """

    readings: dict[str, Reading] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    skipped: tuple[str, ...] = ()


def hear(turn: Turn, names: Names, text: str) -> Heard:
    """Read a message. Of two values for one question the later one counts; one that is longer than a slip is not read."""
    if len(text) > MAX_SLIP or len(_PIECE.findall(text)) > MOST_PIECES:
        return Heard(unread=[f"{text[:_LONGEST_UNREAD]}…"])
    return _Hearing(turn, names).hear(text)


@dataclass
class _Hearing:
    turn: Turn
    names: Names
    heard: Heard = field(default_factory=Heard)
    waiting: list[tuple[Question, str]] = field(default_factory=list)

    def hear(self, text: str) -> Heard:
        """Read the whole message."""
        rest = _CLAUSE.sub(lambda clause: self._without_answers(clause[0]), text)
        if any(character.isalnum() for character in rest):
            self._read_slip(rest)
        return self.heard

    def _without_answers(self, clause: str) -> str:
        """Take what a clause answers; the rest of it. A name that waits for a value waits no longer than its clause."""
        rest = _PIECE.sub(lambda piece: "" if self._take(piece[0].strip()) else piece[0], clause)
        self._stop_waiting()
        return rest

    def _take(self, piece: str) -> bool:
        """Take a piece that answers a question which is not measured. False where it does not."""
        found = self._named(piece, measured=False)
        if found is None:
            taken = self._take_label(piece)
            self._stop_waiting()
            return taken
        question, value = found
        if not value:
            return self._wait(question, piece)
        for asked in (question, *self._waiting_with(question)):
            self._put(asked, value, piece)
        return True

    def _wait(self, question: Question, piece: str) -> bool:
        """Let a name without a value wait for that of the next one (`hiv, hcv: no`)."""
        if question.kind is Kind.CHOICE:
            self.waiting.append((question, piece))
        return question.kind is Kind.CHOICE

    def _waiting_with(self, question: Question) -> list[Question]:
        """The questions that get the same value as this one."""
        if question.kind is not Kind.CHOICE:
            self._stop_waiting()
        waiting, self.waiting = [each for each, _ in self.waiting], []
        return waiting

    def _stop_waiting(self) -> None:
        self.heard.unread += [piece for question, piece in self.waiting if question.id not in self.heard.readings]
        self.waiting = []

    def _put(self, question: Question, value: str, piece: str) -> None:
        """Note the reading. A number is no choice here: it would be the place in a list that nobody sees."""
        if question.kind is Kind.CHOICE and any(character.isdigit() for character in value):
            self.heard.unread.append(piece[:_LONGEST_UNREAD])
            return
        reading = self.turn.read(question.id, value)
        if reading.outcome is Outcome.SLIP:
            self.heard.unread.append(piece[:_LONGEST_UNREAD])
        else:
            self.heard.readings[question.id] = reading

    def _take_label(self, piece: str) -> bool:
        """Take a piece that is the name of a choice which one question alone has (`female`)."""
        having = self._by_label.get(piece.casefold(), set()) - {RESPONDENT}
        if len(having) != 1 or piece.isdigit():
            return False
        self._put(self.turn.question(having.pop()), piece, piece)
        return True

    def _read_slip(self, rest: str) -> None:
        slip = self.turn.slip(rest)
        if slip is None:
            for clause in _CLAUSE.findall(rest):
                for piece in _PIECE.findall(clause):
                    self._read_measured(piece.strip())
            return
        self.heard.readings |= by_question(self.turn, slip)
        self.heard.skipped = slip.skipped
        if "\n" not in rest.strip():
            self.heard.unread += _not_on(slip, rest)

    def _read_measured(self, piece: str) -> None:
        """Read a value that no slip holds, such as `lvef unknown`, or one that cannot be."""
        found = self._named(piece, measured=True)
        if found is not None and found[1]:
            self._put(found[0], found[1], piece)
        elif any(character.isalnum() for character in piece):
            self.heard.unread.append(piece[:_LONGEST_UNREAD])

    def _named(self, piece: str, *, measured: bool) -> tuple[Question, str] | None:
        """The question whose name a piece begins with, and what follows it; of several names the longest."""
        for name, question in self._by_initial.get(piece[:1].casefold(), ()):
            if (question.kind in MEASURED) is measured:
                found = re.match(f"{_pattern(name)}{_AFTER_NAME}", piece, re.IGNORECASE)
                if found is not None:
                    return question, piece[found.end() :].strip()
        return None

    @cached_property
    def _by_initial(self) -> dict[str, list[tuple[str, Question]]]:
        """The names of questions by their first letter, the longest first: few of them are tried for each piece."""
        sorted_: dict[str, list[tuple[str, Question]]] = defaultdict(list)
        named = [(name, each) for each in self._questions() for name in (each.id, *self.names.get(each.id, ()))]
        for name, question in sorted(named, key=lambda each: -len(each[0])):
            sorted_[name[:1].casefold()].append((name, question))
        return sorted_

    @cached_property
    def _by_label(self) -> dict[str, set[str]]:
        """The questions that have a choice of that name."""
        having: dict[str, set[str]] = defaultdict(set)
        for question, labels in self.turn.setting.labels.items():
            for name in (name for each in labels.values() for name in each):
                having[name.casefold()].add(question)
        return having

    def _questions(self) -> Iterator[Question]:
        for question in self.turn.setting.trial.protocol.questions:
            if self.turn.session.respondent in question.asked_of and question.id != RESPONDENT:
                yield question


def _not_on(slip: Reading, rest: str) -> Iterator[str]:
    """The pieces of a line of which the slip's reader took nothing; a whole slip has headings that say nothing."""
    spans = [span for span in slip.spans if span.role not in (Role.NOISE, Role.UNREAD)]
    for piece in _PIECE.finditer(rest):
        said = piece[0].strip()
        taken = any(span.start < piece.end() and span.end > piece.start() for span in spans)
        if not taken and said.strip(".:;") and not any(said.startswith(name) for name in slip.skipped):
            yield said[:_LONGEST_UNREAD]


def _pattern(name: str) -> str:
    return r"[\s_]+".join(re.escape(word) for word in re.split(r"[\s_]+", name))
