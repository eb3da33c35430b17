"""The word lists do not contradict themselves, in one language or between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest

from bot.criteria.lexicon import WordList, compile_lexicon
from bot.criteria.lexicon.characters import fold
from bot.criteria.lexicon.phrases import spellings
from bot.criteria.protocol import Analyte, Kind, Question, Respondent
from bot.criteria.replies import read
from bot.library.words import load_analytes, load_lexicon, load_word_lists
from tests.replies.asking import TODAY

MAY_BE_TWO = {  # asked about
    ("female", "male"): {"m"},  # in Spanish
    ("no", "unknown"): {"没做过", "没有做过", "nunca me lo han hecho"},  # a test, or a treatment
}
AMBIGUOUS_NAMES = {"fe"}  # ejection fraction in Spanish, and iron


def _meanings(groups: Iterable[tuple[str, list[str]]]) -> dict[str, set[str]]:
    """What each folded spelling is listed under."""
    found: dict[str, set[str]] = defaultdict(set)
    for meaning, patterns in groups:
        for phrase in (phrase for pattern in patterns for phrase in spellings(pattern)):
            found[" ".join(fold(phrase).text.split())].add(meaning)
    return found


@pytest.mark.parametrize("kind", ["comparators", "trailing_comparators"])
def test_no_comparator_has_two_meanings(kind: str) -> None:
    """No phrase of any language stands for two operators."""
    groups = [item for words in load_word_lists() for item in getattr(words.measure, kind).items()]
    assert {phrase for phrase, operators in _meanings(groups).items() if len(operators) > 1} == set()


@pytest.mark.parametrize(
    "choices", [("yes", "no"), ("yes", "unknown"), ("no", "unknown"), ("female", "male"), ("patient", "staff")]
)
def test_no_word_answers_two_choices(choices: tuple[str, str]) -> None:
    """What means yes in one language never means no in another."""
    groups = [item for words in load_word_lists() for item in words.choices.words.items() if item[0] in choices]
    both = {phrase for phrase, meant in _meanings(groups).items() if len(meant) > 1}
    assert both == MAY_BE_TWO.get(choices, set())


def test_no_name_of_an_analyte_is_a_name_of_another_thing() -> None:
    """A look-alike is never listed as the analyte itself, but for the names that are asked about."""
    groups = [item for words in load_word_lists() for item in (*words.names.items(), *words.others.items())]
    asked = set(load_analytes())
    shared = {name for name, codes in _meanings(groups).items() if len(codes) > 1 and codes & asked}
    assert shared <= AMBIGUOUS_NAMES


def test_an_analyte_of_a_trials_own_is_read_by_its_names_and_units() -> None:
    """Nothing about which analytes there are is in the program."""
    platelets = Analyte.model_validate(
        {
            "code": "platelets",
            "units": [{"code": "10*9/L", "factor": "1"}],
            "bare": ["10*9/L"],
            "plausible": ["1", "2000"],
        }
    )
    lexicon = load_lexicon().extended({"platelets": ["thrombocyte count"]}, {"platelets": platelets})
    question = Question(id="platelets", kind=Kind.QUANTITY, analyte="platelets")
    for reply in ("thrombocyte count 120", "PLT 120 10*9/L", "120"):
        found = read(
            question, reply, lexicon=lexicon, analytes=lexicon.analytes, respondent=Respondent.STAFF, today=TODAY
        )
        assert (found.outcome, found.standard and found.standard.low) == ("accepted", 120), reply


def test_a_lexicon_can_be_compiled_from_one_list_alone() -> None:
    """A language's words do not lean on another's."""
    for words in load_word_lists():
        assert isinstance(words, WordList)
        assert compile_lexicon([words], load_analytes()).words == (words,)
