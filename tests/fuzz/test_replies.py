"""Whatever is typed is read without an error, within the contract. `PRESCREEN_FUZZ_EXAMPLES` makes it longer."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.criteria.reading import Outcome, Reading
from bot.criteria.replies import as_json
from tests.replies.asking import QUESTIONS, SLIP, ask
from tests.replies.corpus import CORPUS, cases

EXAMPLES = int(os.environ.get("PRESCREEN_FUZZ_EXAMPLES", "60"))
READING: TypeAdapter[Reading] = TypeAdapter(Reading)
SCRAPS = [
    *"0123456789.,-/()[]<>~*%: \n'",
    *(
        "g/L",
        "mg/dL",
        "ULN",
        "x",
        "Hb",
        "AST",
        "血红蛋白",
        "不",
        "没有",
        "超过",
        "多",
        "岁",
        "月",
        "日",
        "前",
        "hasta",
        "no",
        "sí",
    ),
    *(
        "not",
        "normal",
        "ref",
        "May",
        "2026",
        "ago",
        "years",
        "½",
        "⁹",
        "٩",
        "\u200b",
        "\u202e",
        "é",
        "👍",
        "I",
        "ist",
        "µ",
    ),
]
ANY = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(SCRAPS), max_size=40).map("".join))
EVERY = [*QUESTIONS, SLIP]


@pytest.mark.parametrize("question", EVERY)
@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_any_text_is_read_without_an_error(question: str, reply: str) -> None:
    """It never raises; a reading survives being stored; the parts explained lie in the reply, in order, apart."""
    reading = ask(question, reply)
    assert as_json(reading, explain=True)["reply"] == reply
    assert READING.validate_python(READING.dump_python(reading, mode="json")) == reading
    assert all(0 <= span.start < span.end <= len(reply) for span in reading.spans)
    assert all(before.end <= after.start for before, after in pairwise(reading.spans))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=80))
def test_only_an_accepted_reading_has_a_value(reply: str) -> None:
    """A reading that must be asked about answers nothing."""
    for question in EVERY:
        reading = ask(question, reply)
        answers = (reading.standard, reading.times_uln, reading.date, reading.age, reading.choice)
        assert (reading.outcome is Outcome.ACCEPTED) == any(answer is not None for answer in answers)


@pytest.mark.parametrize("question", EVERY)
@pytest.mark.parametrize(
    "scrap", ["9", "1-", "9.", "(", "a", "不", "ULN x ", "of the ", "<", "Nov 20 ", "-", "1g^", "AST 34\n"]
)
def test_a_reply_of_any_length_is_read(question: str, scrap: str) -> None:
    """Long replies of one scrap over and over end in an answer too, and never in an accepted one."""
    for length in (300, 5000, 100_000):
        assert ask(question, (scrap * length)[:length]).outcome is not Outcome.ACCEPTED


def test_the_buttons_of_a_reading_are_read_as_just_that() -> None:
    """Where several readings are offered, the reply that each sends is accepted, as the reading offered."""
    for line in cases():
        if line.question == SLIP or line.wanted.get("outcome") != "clarify" or line.question == "kps":
            continue
        for offered in ask(line.question, line.reply).readings:
            again = ask(line.question, offered.reply)
            assert again.outcome is Outcome.ACCEPTED, (line.reply, offered)
            assert offered.interval is None or line.question == "age" or again.reported == offered.interval, (
                line.reply,
                offered,
            )
            assert (offered.date or again.date) == again.date
            assert (offered.choice or again.choice) == again.choice


def test_the_corpus_is_there() -> None:
    """The tests above have something to work on."""
    assert CORPUS.stat().st_size > 0
