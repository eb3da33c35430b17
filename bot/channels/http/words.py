"""The texts of a page in its reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale

from bot.speech.catalogue import SOURCE_LANGUAGE, Catalogue, known_language

MOST_TAGS = 12  # of an Accept-Language header; more are no person's wish
_TAG = re.compile(r"\s*([A-Za-z-]{2,35}|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


@dataclass(frozen=True, slots=True)
class Words:
    """What a catalogue says in one language."""

    catalogue: Catalogue
    locale: str

    def text(self, key: str, **values: str) -> str:
        """The text of a key of the catalogue."""
        return self.catalogue.text(self.locale, key, **values)

    def web(self, key: str, **values: str) -> str:
        """The text of a key of the web pages' own."""
        return self.text(f"web.{key}", **values)

    @property
    def lang(self) -> str:
        """The language as HTML has it."""
        return lang(self.locale)

    @property
    def direction(self) -> str:
        """Which way the language is written: `ltr` or `rtl`."""
        return direction(self.locale)


def lang(locale: str) -> str:
    """A language as HTML has it: `zh-Hans`."""
    return locale.replace("_", "-")


@cache
def direction(locale: str) -> str:
    """Which way a language is written: `ltr` or `rtl`."""
    return Locale.parse(locale).text_direction


def preferred(accept_language: str | None) -> str:
    """The language spoken here that a browser's Accept-Language header likes best; English where it names none."""
    wishes = []
    for place, part in enumerate((accept_language or "").split(",")[:MOST_TAGS]):
        found = _TAG.fullmatch(part)
        if found and (known := known_language(found[1])):
            wishes.append((-float(found[2] or 1), place, known))
    wanted = [known for weight, _, known in sorted(wishes) if weight < 0]
    return wanted[0] if wanted else SOURCE_LANGUAGE
