"""An event as JSON has it: what `prescreen chat --json` prints, and what the journal keeps."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from types import NoneType
from typing import Any

from bot.criteria.reading import Reading
from bot.criteria.replies.contract import as_json
from bot.flows.events import Event

KEPT = 4_096  # readings
_PLAIN = (str, int, bool, NoneType)  # what is as it is, and most fields are


def event_json(event: Event) -> dict[str, Any]:
    """The event by its name and its fields; a reading as `prescreen parse` prints it."""
    names = _fields(type(event))  # type: ignore[arg-type] # mypy takes classes for unhashable
    return {"event": event.event, **{name: _plain(getattr(event, name)) for name in names if name != "event"}}


def _plain(value: object) -> object:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Reading):
        return _reading_json(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    names = _fields(type(value))  # type: ignore[arg-type] # mypy takes classes for unhashable
    return {name: _plain(getattr(value, name)) for name in names} if names else value


@lru_cache(KEPT)
def _reading_json(reading: Reading) -> dict[str, Any]:
    """A reading as JSON. It is not to be changed: many people give the same answers."""
    return as_json(reading)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else, such as a code."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
