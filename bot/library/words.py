"""The word lists and the analyte table that come with the package."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from bot.criteria.lexicon import Lexicon, WordList, compile_lexicon
from bot.criteria.protocol import Analyte

SUFFIX = ".yaml"


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # the fast one, where libyaml is there
    """Every scalar is text: `no` and `on` are words."""


@cache
def load_lexicon() -> Lexicon:
    """All languages' words, compiled. Raises pydantic.ValidationError where a word list is not laid out as one."""
    lexicon = compile_lexicon(load_word_lists(), load_analytes())
    gc.freeze()  # the word trees live as long as the process: a collection that walks them pauses every reply for 60 ms
    return lexicon


def load_word_lists() -> tuple[WordList, ...]:
    """The word lists of the package, by the order of their names."""
    return tuple(WordList.model_validate(_parsed(source)) for source in _word_files())


def load_analytes() -> dict[str, Analyte]:
    """The analytes that every trial can ask for, by code."""
    table = _parsed(_data() / "analytes.yaml")
    return {code: Analyte.model_validate({"code": code, **entry}) for code, entry in table.items()}


def _data() -> Traversable:
    return resources.files("bot.library") / "data"


def _word_files() -> Iterator[Traversable]:
    files = (_data() / "words").iterdir()
    return iter(sorted((source for source in files if source.name.endswith(SUFFIX)), key=lambda source: source.name))


def _parsed(source: Traversable) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.load(source.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a base loader builds text, lists and mappings alone
    return parsed
