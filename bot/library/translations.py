"""Whether a trial says all that it must, in every language that the bot speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.criteria.protocol import Kind, Question, TrialProtocol
from bot.library.issues import Fault, Issue
from bot.library.yamlfile import Document, Place
from bot.speech.catalogue import SOURCE_LANGUAGE, languages, read_domain
from bot.speech.labels import PLAIN_CHOICES

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def required_keys(protocol: TrialProtocol) -> Iterator[tuple[str, Place]]:
    """The keys of every text that the trial needs, each with the part of the trial file that needs it."""
    yield from ((key, ()) for key in ("trial.title", "trial.about"))
    yield from ((f"site.{site.id}", ("sites", index)) for index, site in enumerate(protocol.sites))
    for index, question in enumerate(protocol.questions):
        yield from ((f"question.{question.id}.{key}", ("questions", index)) for key in _question_keys(question))
    yield from ((f"criterion.{each.code}", ("criteria", index)) for index, each in enumerate(protocol.criteria))


def _question_keys(question: Question) -> Iterator[str]:
    yield "name"
    yield "help"
    if question.kind is not Kind.CHOICE:
        yield "example"
    yield from (f"ask.{respondent}" for respondent in question.asked_of)
    own_choices = [choice for choice in question.choices if choice not in PLAIN_CHOICES]
    yield from (f"choice.{choice}" for choice in own_choices)
    for variant in question.variants:
        yield f"name.{variant}"
        yield from (f"ask.{variant}.{respondent}" for respondent in question.asked_of)
        yield from (f"choice.{choice}.{variant}" for choice in own_choices)


def translation_issues(protocol: TrialProtocol, document: Document, root: Path) -> Iterator[Issue]:
    """What is missing in the trial's catalogues under `root`, or has other placeholders than the English text."""
    source = read_domain(_path(root, SOURCE_LANGUAGE, protocol))
    for language in languages():
        path = _path(root, language, protocol)
        messages = read_domain(path)
        for key, place in required_keys(protocol):
            if key not in messages:
                mend = f"add msgid `{key}` to {path}"
                yield document.issue(place, Fault.MISSING_TEXT, f"no text `{key}` in language {language}: {mend}")
            elif placeholders(messages[key]) != placeholders(source.get(key, messages[key])):
                mend = f"use the same ones in {path}"
                yield document.issue(
                    place, Fault.PLACEHOLDERS, f"`{key}` has other placeholders than in English: {mend}"
                )


def placeholders(text: str) -> set[str]:
    """The `{placeholders}` of a text."""
    return set(_PLACEHOLDER.findall(text))


def _path(root: Path, language: str, protocol: TrialProtocol) -> Path:
    return root / language / "LC_MESSAGES" / f"{protocol.id}.po"
