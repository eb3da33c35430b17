"""The figure to hold: no silent misreading, and nearly every reply read right at once."""

from __future__ import annotations

from tests.replies.corpus import cases

AT_LEAST = 600  # replies in the corpus
RIGHT = 0.99


def test_no_reply_of_the_corpus_is_silently_misread() -> None:
    """Nothing is accepted that was not meant."""
    assert [case.reply for case in cases() if case.misread] == []


def test_nearly_every_reply_of_the_corpus_is_read_right() -> None:
    """Outcome, reason, value, limit, flags and date are as they are to be for 99 of 100 replies."""
    read = list(cases())
    assert len(read) >= AT_LEAST
    assert sum(case.right for case in read) >= RIGHT * len(read), [case.reply for case in read if not case.right]


def test_every_language_is_in_the_corpus() -> None:
    """Each of the supported languages has its share of replies."""
    languages = [case.language for case in cases()]
    assert {language for language in languages if languages.count(language) >= 100} == {"en", "es", "zh_Hans"}
