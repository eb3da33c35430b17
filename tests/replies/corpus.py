"""The corpus: replies as people and laboratories write them, and what each is to be read as."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bot.criteria.replies import as_json
from tests.replies.asking import QUESTIONS, SLIP, ask

CORPUS = Path(__file__).with_name("corpus.jsonl")
CLOSE = 1e-9  # JSON numbers are rounded
FIELDS = ("outcome", "reason", "standard", "times_uln", "uln", "flags", "observed_on", "date", "age_months", "choice")


class Case(NamedTuple):
    """One line of the corpus, and what it was read as. `said`: the fields that the corpus tells of, empty ones left out."""

    language: str
    question: str
    reply: str
    why: str
    wanted: dict[str, Any]
    said: dict[str, Any]

    @property
    def kind(self) -> str:
        """What the question asks for."""
        return SLIP if self.question == SLIP else QUESTIONS[self.question].kind

    @property
    def right(self) -> bool:
        """Whether it was read as it is to be."""
        return same(self.wanted, self.said)

    @property
    def misread(self) -> bool:
        """Whether a value was accepted that was not meant, and nobody would see it."""
        entries = self.said.get("slip") or {"": self.said}
        wanted = self.wanted.get("slip") or {"": self.wanted}
        return any(
            entry["outcome"] == "accepted" and not same(wanted.get(code, {}), entry) for code, entry in entries.items()
        )


def cases() -> Iterator[Case]:
    """The whole corpus, read. Raises FileNotFoundError where the corpus is gone."""
    for line in CORPUS.read_text("utf-8").splitlines():
        wanted = json.loads(line)
        head = [wanted.pop(key) for key in ("language", "question", "reply", "why")]
        read = as_json(ask(head[1], head[2]))
        yield Case(*head, wanted, said(read))


def said(read: dict[str, Any]) -> dict[str, Any]:
    """The fields of a reading that the corpus tells of."""
    kept = {key: read[key] for key in FIELDS if read[key] not in (None, [])}
    if read["slip"] is not None:
        kept["slip"] = {code: said(entry) for code, entry in read["slip"].items()}
    return kept


def same(wanted: Any, found: Any) -> bool:
    """Whether two JSON values are the same, but for rounding."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(same(wanted[key], found[key]) for key in wanted)
    if isinstance(wanted, float) and isinstance(found, (int, float)):
        return abs(wanted - found) <= CLOSE * max(1.0, abs(wanted))
    return bool(wanted == found)
