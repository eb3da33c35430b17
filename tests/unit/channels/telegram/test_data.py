"""What a button carries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.data import MOST_BYTES, pack, unpack
from bot.flows.inputs import ButtonPressed

ids = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)


@given(st.from_regex(r"[0-9a-f]{8}", fullmatch=True), st.integers(0, 99_999), ids)
def test_the_longest_choice_of_any_trial_fits_and_comes_back(session: str, step: int, question: str) -> None:
    """Also with the prefix that changes an answer."""
    choice = f"change.{question}"
    packed = pack(session, step, choice)
    assert len(packed.encode()) <= MOST_BYTES
    assert unpack(packed) == ButtonPressed(choice, step, session)


@given(st.text(max_size=80))
def test_what_is_no_button_of_ours_is_none(data: str) -> None:
    """Whatever it is, it names a choice only if it could have been packed."""
    pressed = unpack(data)
    assert pressed is None or data.endswith(pressed.choice)


@pytest.mark.parametrize("data", [None, "", "yes", "a:b:c", "ab:1:", "ab:-1:yes", "ab:1:yes\n", "ab:1:" + "x" * 61])
def test_foreign_data_is_none(data: str | None) -> None:
    """Nothing is guessed."""
    assert unpack(data) is None


def test_a_choice_that_does_not_fit_is_refused() -> None:
    """Rather than be cut."""
    with pytest.raises(ValueError, match="too long"):
        pack("abcdef12", 1, "x" * 60)
