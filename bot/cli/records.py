"""JSON records read one by one: a single object, however laid out, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

MAX_LINE_BYTES = 1_000_000


class RecordError(ValueError):
    """A record that cannot be taken: one sentence that says what to mend."""

    def __init__(self, message: str, record_id: object = None) -> None:
        super().__init__(message)
        self.record_id = record_id


@dataclass(frozen=True, slots=True)
class Record:
    """A candidate's replies by question, as typed, and the id that is handed through."""

    id: object
    replies: dict[str, str]


def texts(file: Iterable[bytes]) -> Iterator[bytes]:
    """The JSON text of each record: the whole file where that is one value laid out over lines, else each line."""
    lines = (line for line in file if line.strip())
    first = next(lines, None)
    if first is None:
        return
    if _is_json(first):
        yield from chain([first], lines)
        return
    rest = list(lines)
    whole = b"".join([first, *rest])
    yield from [whole] if _is_json(whole) else [first, *rest]


def parsed(text: bytes) -> Record:
    """The record of one JSON text. A number is read as its text; null is no reply. Raises RecordError."""
    if len(text) > MAX_LINE_BYTES:
        raise RecordError(f"a record has at most {MAX_LINE_BYTES} bytes: split it")
    try:
        pairs = _load(text)
    except (ValueError, RecursionError):
        raise RecordError("this is no JSON: write one object with question ids and replies") from None
    if not isinstance(pairs, _Pairs):
        raise RecordError("this is no JSON object: write question ids and replies in braces")
    record_id = _given_id(text) if any(name == "id" for name, _ in pairs) else None
    replies = dict(_replies((pair for pair in pairs if pair[0] != "id"), record_id))
    return Record(record_id, replies)


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object, in order, so that a name given twice can be told."""


def _load(text: bytes) -> object:
    decoded = text.decode("utf-8-sig")
    return json.loads(decoded, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_Pairs)


def _given_id(text: bytes) -> object:
    """The id with its own type; numbers elsewhere are texts."""
    return json.loads(text.decode("utf-8-sig"))["id"]


def _replies(pairs: Iterable[tuple[str, Any]], record_id: object) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, reply in pairs:
        if name in seen:
            raise RecordError(f"`{name}` is given twice: keep one", record_id)
        seen.add(name)
        if reply is None:
            continue
        if not isinstance(reply, str):
            raise RecordError(f"`{name}` is no text: write the reply as one would type it", record_id)
        yield name, reply


def _is_json(text: bytes) -> bool:
    try:
        _load(text)
    except (ValueError, RecursionError):
        return False
    return True
