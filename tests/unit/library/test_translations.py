"""Every text in every language: complete, with the same placeholders, none left unsure."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.library.translations import placeholders, required_keys
from bot.library.trials import load
from bot.speech.catalogue import SOURCE_LANGUAGE, languages, locale_root

ROOTS = (locale_root(), Path(__file__).parents[2] / "trials" / "locales")
DOMAINS = [path for root in ROOTS for path in sorted((root / SOURCE_LANGUAGE).glob("LC_MESSAGES/*.po"))]
IDS = [path.stem for path in DOMAINS]


def messages(path: Path, language: str) -> dict[str, str]:
    """The messages of a domain in a language, as they stand in the file."""
    translated = path.parents[2] / language / "LC_MESSAGES" / path.name
    with translated.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    assert [each.id for each in catalogue if each.fuzzy] in ([], [""])
    return {str(each.id): str(each.string) for each in catalogue if each.id}


def test_the_languages_are_those_of_the_folders() -> None:
    """English, Spanish and Simplified Chinese."""
    assert languages() == ("en", "es", "zh_Hans")


@pytest.mark.parametrize("path", DOMAINS, ids=IDS)
def test_every_language_has_every_text(path: Path) -> None:
    """The same keys, and no empty text."""
    source = messages(path, SOURCE_LANGUAGE)
    for language in languages():
        translated = messages(path, language)
        assert translated.keys() == source.keys()
        assert [key for key, text in translated.items() if not text.strip()] == []


@pytest.mark.parametrize("path", DOMAINS, ids=IDS)
def test_every_language_has_the_same_placeholders(path: Path) -> None:
    """So that no value is missing, and none is shown that is not given."""
    source = messages(path, SOURCE_LANGUAGE)
    for language in languages():
        other = {key: placeholders(text) for key, text in messages(path, language).items()}
        assert other == {key: placeholders(text) for key, text in source.items()}


@pytest.mark.parametrize("name", ["4scar7u", str(ROOTS[1].parent / "small.yaml")])
def test_a_trial_has_the_texts_it_needs_and_no_others(name: str) -> None:
    """A text that nothing shows would go stale."""
    protocol = load(name)
    domain = next(path for path in DOMAINS if path.stem == protocol.id)
    optional = {f"question.{each.id}.choice.{choice}.staff" for each in protocol.questions for choice in each.choices}
    assert messages(domain, SOURCE_LANGUAGE).keys() - optional == {key for key, _ in required_keys(protocol)}


@pytest.mark.parametrize("path", DOMAINS, ids=IDS)
def test_translations_are_translated(path: Path) -> None:
    """A Chinese text of more than a few letters has Chinese in it."""
    same = [
        key
        for key, text in messages(path, "zh_Hans").items()
        if not key.endswith(".example")
        and not placeholders(text)
        and len(text) > 15
        and not any("一" <= sign <= "鿿" for sign in text)
    ]
    assert same == []
