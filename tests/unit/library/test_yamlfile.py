"""YAML read strictly."""

from __future__ import annotations

import pytest

from bot.library.issues import Mark
from bot.library.yamlfile import MAX_CHARACTERS, read


def faults(text: str) -> list[str]:
    """What is wrong with a text, as `number line:column`."""
    return [f"{each.fault} {each.mark.line}:{each.mark.column}" for each in read(text, "f").issues]


def test_every_scalar_is_text() -> None:
    """What a value means is for the trial's model to say."""
    assert read("a: 1\nb: 2025-07-01\nc: true\nd: [1.50, ~]\ne: 'no'", "f").data == {
        "a": "1",
        "b": "2025-07-01",
        "c": "true",
        "d": ["1.50", None],
        "e": "no",
    }


@pytest.mark.parametrize("trap", ["no", "Yes", "ON", "off", "y", "1:30", "010", "007"])
def test_a_trap_must_be_quoted(trap: str) -> None:
    """What YAML takes for a truth value or another number is asked to be quoted, where it stands."""
    assert faults(f"a:\n  - {trap}") == ["T03 2:5"]
    assert faults(f"a:\n  - '{trap}'") == []


@pytest.mark.parametrize("plain", ["0", "10", "0.5", "1/3", "none", "north", "12:65", "2025-07-01", "g/L"])
def test_what_is_no_trap_may_stand_plain(plain: str) -> None:
    """No quotes are asked for without need."""
    assert faults(f"a: {plain}") == []


def test_a_key_given_twice_is_found() -> None:
    """YAML would silently take the last."""
    assert faults("a: 1\nb:\n  c: 2\n  c: 3\na: 4") == ["T02 4:3", "T02 5:1"]


def test_single_values_may_be_aliased_and_nothing_else() -> None:
    """So that a quoted text is written once, and no file unfolds into a huge one."""
    assert read("a: &t text\nb: *t", "f").data == {"a": "text", "b": "text"}
    assert faults("a: &l [1]\nb: *l") == ["T04 1:4"]
    assert faults("a: &l [*l]") == ["T04 1:4"]


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "\t- a", "a: 'x", "- a\nb: c", "\x00"])
def test_what_is_no_yaml_is_one_issue(text: str) -> None:
    """With the place where reading stopped."""
    (fault,) = faults(text)
    assert fault.startswith("T01")


@pytest.mark.parametrize("text", ["[" * 500 + "]" * 500, "a: " + "x" * MAX_CHARACTERS, "{" * 5000])
def test_no_text_makes_it_raise(text: str) -> None:
    """Too deep, too long, or broken at every character: an issue, no error."""
    assert faults(text)


def test_a_place_in_a_rule_is_a_place_in_the_file() -> None:
    """Past a quotation mark; of a folded text, where it begins."""
    document = read("a: rule here\nb: 'rule here'\nc: >-\n  rule here\n", "f")
    places = [document.text_mark((key,), 5) for key in "abc"]
    assert places == [Mark(1, 9), Mark(2, 10), Mark(3, 4)]


def test_an_empty_file_has_no_data() -> None:
    """It is no error of YAML; the trial's model misses its keys."""
    assert (read("", "f").data, faults("")) == (None, [])
