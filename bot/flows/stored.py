"""Answers as they are stored: only what a reading holds beside its defaults, and written out once, not at every turn."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

from pydantic import PlainSerializer, TypeAdapter
from pydantic_core import to_json

from bot.criteria.reading import Reading, Span

KEPT = 4_096  # answers as they were written out; many people give the same few
_READING: TypeAdapter[Reading] = TypeAdapter(Reading)


def entries(answers: Mapping[str, Reading]) -> str:
    """Answers by their questions, as the entries of a JSON object."""
    return ",".join([_entry(name, reading, reading.spans) for name, reading in answers.items()])


@lru_cache(KEPT)
def _entry(name: str, reading: Reading, spans: tuple[Span, ...]) -> str:  # noqa: ARG001 - readings that are equal may differ in them
    written = _READING.dump_json(reading, exclude_defaults=True)
    return f"{to_json(name).decode()}:{written.decode()}"


def _plain(answers: Mapping[str, Reading]) -> dict[str, dict[str, Any]]:
    return {name: _plain_reading(reading, reading.spans) for name, reading in answers.items()}


@lru_cache(KEPT)
def _plain_reading(reading: Reading, spans: tuple[Span, ...]) -> dict[str, Any]:  # noqa: ARG001 - likewise
    plain: dict[str, Any] = _READING.dump_python(reading, mode="json", exclude_defaults=True)
    return plain


Answers = Annotated[dict[str, Reading], PlainSerializer(_plain, when_used="json")]
"""Answers by their questions, where they are a field of a model."""
