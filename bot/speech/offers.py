"""What the conversation's own choices are called: to go on, a site, a language, a row of a slip."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from bot.flows.slips import ROW
from bot.speech.catalogue import Catalogue, languages

MAX_KEPT = 1_024  # names


@lru_cache(MAX_KEPT)
def offer(catalogue: Catalogue, locale: str, choice: str) -> str:
    """What a choice of the conversation is called. Raises KeyError where the language has no word for it."""
    if choice in languages():
        return catalogue.text(choice, "language.name")
    if choice.startswith(ROW):
        name = catalogue.text(locale, f"question.{choice.removeprefix(ROW)}.name")
        return catalogue.text(locale, "choice.row", name=name)
    return catalogue.first(locale, _keys(choice))


def _keys(choice: str) -> list[str]:
    return [f"choice.{choice}", f"site.{choice}", f"question.{choice}.name"]


def offers(catalogue: Catalogue) -> Callable[[str], tuple[str, ...]]:
    """For `Setting.offers`: what a choice of the conversation is called, in every language."""

    @cache
    def named(choice: str) -> tuple[str, ...]:
        if choice in languages():
            name, aliases = catalogue.text(choice, "language.name"), catalogue.text(choice, "language.aliases")
            return (name, *aliases.split("|"))
        special = choice.startswith(ROW)
        speaking = [each for each in languages() if special or any(catalogue.has(each, key) for key in _keys(choice))]
        return tuple(dict.fromkeys(offer(catalogue, each, choice) for each in speaking))

    return named
