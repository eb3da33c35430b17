"""Long texts in pieces: nothing is lost, and nothing is cut where a reader would stumble."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.texts import LONGEST, length, pieces

SENTENCE = "The study team decides, after its own examination. "


@given(st.text(alphabet="ab .\n。😀", max_size=400), st.integers(2, 60))
def test_pieces_fit_and_hold_all_that_is_written(text: str, longest: int) -> None:
    """Only white space at the cuts is left out."""
    cut = list(pieces(text, longest))
    assert all(0 < length(each) <= longest for each in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a b. c d. " * 3 + "\n\n" + "e f. " * 9, "a b. c d. a b. c d. a b. c d."),
        ("a b. c d. " * 3 + "\n" + "e f. " * 9, "a b. c d. a b. c d. a b. c d."),
        ("abc def. " * 9, "abc def. abc def. abc def. abc def."),
        ("好好好。" * 20, "好好好。" * 10),
        ("abcdefg " * 9, "abcdefg abcdefg abcdefg abcdefg abcdefg"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_cut_comes_after_the_greatest_pause(text: str, first: str) -> None:
    """A paragraph before a line, a line before a sentence, a sentence before a word, a word before anything."""
    assert next(pieces(text, 40)) == first


def test_what_counts_is_what_telegram_counts() -> None:
    """A character outside the basic plane counts twice."""
    assert length("a😀") == 3
    assert [length(each) for each in pieces("😀" * LONGEST)] == [LONGEST, LONGEST]


def test_a_text_that_fits_is_one_piece() -> None:
    """Up to the last unit that is allowed."""
    assert list(pieces("x" * LONGEST)) == ["x" * LONGEST]
    assert len(list(pieces(SENTENCE * 100))) == 2
