"""What is said, in each language: gettext catalogues with symbolic keys.

A message's key says where it stands (`question.age.help`); `{name}` in a text is filled in by name. A catalogue is read
when a language is first spoken, and kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import bot

SOURCE_LANGUAGE = "en"
MAX_TAGS = 256
COMMON_DOMAINS = ("bench", "bot", "desk", "findings", "handoff", "photo", "telegram", "web")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def locale_root() -> Path:
    """The folder of the catalogues: inside the installed package, or at the top of a checkout."""
    package = Path(bot.__file__).parent
    installed = package / "locales"
    return installed if installed.is_dir() else package.parent / "locales"


@cache
def languages() -> tuple[str, ...]:
    """The languages that the bot speaks, as the folders' names (`zh_Hans`); the source language first."""
    found = {folder.parent.name for folder in locale_root().glob("*/LC_MESSAGES")}
    return (SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE}))


@lru_cache(MAX_TAGS)
def known_language(tag: str | None) -> str | None:
    """The language spoken that answers best to a tag such as `es-MX`, `zh-CN` or `zh_Hans`; None where none does."""
    wanted = (tag or "").replace("-", "_").lower()
    exact = {name.lower(): name for name in languages()}
    by_stem = {name.lower().partition("_")[0]: name for name in languages()}
    return exact.get(wanted) or by_stem.get(wanted.partition("_")[0])


class Catalogue:
    """The texts of the bot and of one trial. `folder`: where the trial's own translations lie, if not with the bot's."""

    def __init__(self, trial: str | None = None, folder: Path | None = None) -> None:
        self.trial = trial
        self._folder = folder
        self._spoken: dict[str, Mapping[str, str]] = {}

    def text(self, locale: str, key: str, **values: str) -> str:
        """The text of `key` with its placeholders filled in. A locale that is not known is spoken to in English.

        Raises KeyError where the language lacks the key, or `values` a placeholder: a raw key is never shown.
        """
        return filled(self._messages(locale)[key], values)

    def has(self, locale: str, key: str) -> bool:
        """Whether there is a text for `key`."""
        return key in self._messages(locale)

    def first(self, locale: str, keys: Sequence[str], **values: str) -> str:
        """The text of the first of `keys` that the language has. Raises KeyError where it has none."""
        messages = self._messages(locale)
        for key in keys:
            if key in messages:
                return filled(messages[key], values)
        raise KeyError(keys[-1])

    def _messages(self, locale: str) -> Mapping[str, str]:
        messages = self._spoken.get(locale)
        if messages is not None:
            return messages
        language = known_language(locale) or SOURCE_LANGUAGE
        merged = _merged(language, self.trial, self._folder)
        if language == locale:  # tags from outside are not kept: there is no end to them
            self._spoken[locale] = merged
        return merged


def filled(template: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders filled in. Raises KeyError where `values` lacks one."""
    if not values:
        return template
    parts = _parts(template)
    return "".join([values[part] if place % 2 else part for place, part in enumerate(parts)])


@cache
def _parts(template: str) -> list[str]:
    """A text in parts: every second one is the name of a placeholder."""
    return _PLACEHOLDER.split(template)


@cache
def _merged(language: str, trial: str | None, folder: Path | None) -> dict[str, str]:
    root = locale_root() / language / "LC_MESSAGES"
    merged: dict[str, str] = {}
    for domain in COMMON_DOMAINS:
        merged |= read_domain(root / f"{domain}.po")
    if trial is not None:
        own = root if folder is None else folder / language / "LC_MESSAGES"
        merged |= read_domain(own / f"{trial}.po")
    return merged


def conversation_messages(language: str) -> Mapping[str, str]:
    """All that the bot says whatever the trial, by key, in the order of the file."""
    return read_domain(locale_root() / language / "LC_MESSAGES" / "bot.po")


@cache
def read_domain(path: Path) -> Mapping[str, str]:
    """The translated messages of one file, by key; none where there is no such file."""
    from babel.messages.pofile import read_po

    if not path.is_file():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    return {str(each.id): str(each.string) for each in messages if each.id and each.string and not each.fuzzy}
