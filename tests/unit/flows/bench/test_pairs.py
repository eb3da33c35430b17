"""Several answers in one message: each is read as a reply to its question, and nothing is lost without a word."""

from __future__ import annotations

import pytest

from bot.criteria.reading import Outcome
from bot.flows.bench.case import session_of
from bot.flows.bench.pairs import Heard, hear
from bot.flows.turn import Turn
from bot.speech.labels import question_names
from tests.talks import NOW, about


def heard(text: str) -> Heard:
    """What a message of staff says."""
    subject = about("4scar7u")
    trial = subject.setting.trial
    turn = Turn(session_of(trial, "a-case", "en", "haikou"), subject.setting, {}, NOW)
    return hear(turn, question_names(trial.protocol, subject.catalogue), text)


def accepted(text: str) -> dict[str, str | None]:
    """The questions that a message answers, with the choice or the value in its unit."""
    return {
        question: reading.choice or (str(reading.standard.low) if reading.standard else reading.reply)
        for question, reading in heard(text).readings.items()
        if reading.outcome is Outcome.ACCEPTED
    }


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("kps 90, spo2 97", {"kps": "90", "spo2": "97"}),
        ("kps: 90\nspo2: 97 %", {"kps": "90", "spo2": "97"}),
        ("hiv no; cd7 yes", {"hiv": "no", "cd7": "yes"}),
        ("hiv, hcv, gene therapy: no", {"hiv": "no", "hcv": "no", "gene_therapy": "no"}),
        ("male, kps 80", {"sex": "male", "kps": "80"}),
        ("Sex: male  HIV: no", {"sex": "male", "hiv": "no"}),
        ("HIV: negative", {"hiv": "no"}),
        ("KPS 90，性别：女，CD7 阳性", {"kps": "90", "sex": "female", "cd7": "yes"}),
        ("sexo: hombre; vih: no", {"sex": "male", "hiv": "no"}),
        ("AST: upper limit of normal: 40 U/L", {"ast_uln": "40"}),
        ("Hb 9,2 g/dL, male", {"hemoglobin": "92", "sex": "male"}),
    ],
)
def test_each_pair_answers_its_question(text: str, answers: dict[str, str]) -> None:
    """By its id or by its name in any language, on one line or several."""
    assert accepted(text) == answers
    assert heard(text).unread == []


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("kps 90, foo bar", ["foo bar"]),
        ("foo bar", ["foo bar"]),
        ("hiv, kps 90", ["hiv"]),
        ("hiv; consent yes", ["hiv"]),
        ("hiv 1", ["hiv 1"]),
        ("HIV-1/2 antibodies 0.08", ["HIV-1/2 antibodies 0.08"]),
    ],
)
def test_what_was_not_read_is_said(text: str, unread: list[str]) -> None:
    """A name without a value takes none from another line, and a number is no choice."""
    assert heard(text).unread == unread
    assert "hiv" not in accepted(text)


def test_a_doubtful_value_is_asked_and_an_unknown_one_is_known_to_be() -> None:
    """Both are readings of their question."""
    readings = heard("cd7 maybe, lvef unknown, kps 85").readings
    assert {name: each.outcome for name, each in readings.items()} == {
        "cd7": Outcome.CLARIFY,
        "lvef": Outcome.ABSENT,
        "kps": readings["kps"].outcome,
    }
    assert not readings["kps"].counts


def test_a_slip_may_hold_other_answers_too() -> None:
    """Its rows are read by the slip's reader; what the trial does not ask for is named."""
    slip = "Sex: female  Age: 34 years\nHb 92 g/L (115-150)\nALT 28 U/L (9-50)\nWBC 3.2"
    assert accepted(slip) == {"sex": "female", "age": "34 years", "hemoglobin": "92", "alt": "28"}
    assert heard(slip).skipped == ("WBC",)


def test_what_is_longer_than_any_slip_is_not_read() -> None:
    """It is said so, and nothing of it counts."""
    long = heard("kps 90, " * 1_000)
    assert long.readings == {}
    assert len(long.unread) == 1
