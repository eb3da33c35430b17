"""The model itself: it sees the faults that it is there to see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.crash.forms import SCREENING, Forms
from tests.crash.model import Person


def told(*numbers: int, chat: str = "form", inputs: int = 3) -> Person:
    """Someone with some inputs, who heard these of the messages that answer them."""
    person = Person(chat, Forms())
    for _ in range(inputs):
        person.speak()
    for number in numbers:
        person.hear(number, person.owed[number - 1].text)
    return person


def test_what_comes_in_order_is_no_fault() -> None:
    """Each message once, or the last one again."""
    person = told(1, 2, 2, 3, 4, 5, 6)
    assert not person.faults
    assert person.repeats == 1
    assert person.heard == len(person.owed)


@pytest.mark.parametrize("numbers", [(1, 3), (2,), (1, 2, 3, 2), (1, 2, 1)])
def test_a_gap_and_a_step_back_are_faults(numbers: tuple[int, ...]) -> None:
    """A message that was left out, or one from before the last."""
    assert told(*numbers).faults["messages out of order"]


@pytest.mark.parametrize("change", [lambda text: f"{text}!", lambda text: text.replace("1", "2", 1)])
def test_another_text_is_a_fault(change: Callable[[str], str]) -> None:
    """A message that does not follow from the inputs in their order."""
    person = told()
    person.hear(1, change(person.owed[0].text or ""))
    assert person.faults["messages that nothing led to"]


def test_an_answer_for_an_input_before_its_turn_is_a_fault() -> None:
    """The second input acknowledged before the first."""
    person = told()
    person.acknowledge(1)
    assert person.faults["acknowledged out of order"]


def test_the_screening_goes_from_end_to_end() -> None:
    """The real conversation comes to a referral, and begins anew: the lab kills it in every state on the way."""
    person = told(chat=f"{SCREENING}-1", inputs=70)
    states = {message.waiting.state for message in person.owed if message.waiting}
    assert {"asking", "consenting", "reviewing", "choosing_site", "finished", "confirming_restart"} <= states
    assert person.referrals
