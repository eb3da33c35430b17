"""What the conversation's own choices are called: to go on, a site, a language, a row of a slip."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bot.speech.catalogue import Catalogue, languages


def offer(catalogue: Catalogue, locale: str, choice: str) -> str:
    """What a choice of the conversation is called. Raises KeyError where the language has no word for it."""
    if choice in languages():
        return catalogue.text(choice, "language.name")
    return catalogue.first(locale, [f"choice.{choice}", f"site.{choice}", f"question.{choice}.name"])


def offers(catalogue: Catalogue) -> Callable[[str], tuple[str, ...]]:
    """For `Setting.offers`: what a choice of the conversation is called, in every language."""

    @cache
    def named(choice: str) -> tuple[str, ...]:
        keys = [f"choice.{choice}", f"site.{choice}", f"question.{choice}.name"]
        shown = (
            offer(catalogue, each, choice) for each in languages() if any(catalogue.has(each, key) for key in keys)
        )
        return (catalogue.text(choice, "language.name"),) if choice in languages() else tuple(dict.fromkeys(shown))

    return named
