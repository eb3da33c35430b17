"""The channel's own words: in every language, and within what Telegram takes."""

from __future__ import annotations

import re

import pytest

from bot.channels.telegram.profile import CANDIDATES
from bot.speech.catalogue import languages, locale_root, read_domain

LIMITS = {
    "telegram.name": 64,
    "telegram.description": 512,
    "telegram.short_description": 120,
    "telegram.placeholder.number": 64,
    "telegram.foreign_button": 200,
    **{f"telegram.command.{command.value}": 256 for command in CANDIDATES},
}


def words(language: str) -> dict[str, str]:
    """The words of a language."""
    return dict(read_domain(locale_root() / language / "LC_MESSAGES" / "telegram.po"))


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_word(language: str) -> None:
    """With the same placeholders as in English."""
    placeholders = {key: set(re.findall(r"\{\w+\}", text)) for key, text in words(language).items()}
    assert placeholders == {key: set(re.findall(r"\{\w+\}", text)) for key, text in words("en").items()}


@pytest.mark.parametrize("language", languages())
def test_words_are_within_the_limits_of_the_bot_api(language: str) -> None:
    """Nothing is refused, or cut."""
    assert {key for key, most in LIMITS.items() if not 0 < len(words(language)[key]) <= most} == set()
