"""What each choice of a question is called, in every language: whatever a person was shown can be typed as well."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.criteria.protocol import UNKNOWN, Question, Respondent, TrialProtocol
from bot.speech.catalogue import Catalogue, languages

MAX_KEPT = 4_096  # labels; each turn shows a few of the same ones

PLAIN_CHOICES = ("yes", "no", UNKNOWN)
"""The choices that every question words alike."""


def choice_key(question: str | None, choice: str) -> str:
    """The key of a choice's usual label; `question` is None for a choice of the conversation itself."""
    common = question is None or choice in PLAIN_CHOICES
    return f"choice.{choice}" if common else f"question.{question}.choice.{choice}"


@lru_cache(MAX_KEPT)
def label(  # noqa: PLR0913, PLR0917 - what a choice is called depends on each of them
    catalogue: Catalogue,
    locale: str,
    question: str | None,
    choice: str,
    variant: str | None = None,
    respondent: Respondent | None = None,
) -> str:
    """What a choice is called: in the words of the question's variant, else in those for the respondent, else usually."""
    usual = choice_key(question, choice)
    return catalogue.first(locale, [*(f"{usual}.{special}" for special in (variant, respondent) if special), usual])


def choice_labels(trial: TrialProtocol, catalogue: Catalogue) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """For each question with choices: every label of each choice, in all languages and variants."""
    return {each.id: _labels(each, catalogue) for each in trial.questions if each.choices}


def _labels(question: Question, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    return {choice: tuple(_of_choice(question, choice, catalogue)) for choice in question.choices}


def _of_choice(question: Question, choice: str, catalogue: Catalogue) -> dict[str, None]:
    usual = choice_key(question.id, choice)
    keys = [usual, *(f"{usual}.{variant}" for variant in (*question.asked_of, *question.variants))]
    shown = (catalogue.text(language, key) for language in languages() for key in keys if catalogue.has(language, key))
    return dict.fromkeys(shown)


def question_names(trial: TrialProtocol, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """What each question is called in tables, in every language: by these names members of staff answer it."""
    return {
        each.id: tuple(dict.fromkeys(catalogue.text(language, f"question.{each.id}.name") for language in languages()))
        for each in trial.questions
    }
