"""From findings to the verdict, and the questions that still matter."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.criteria.assess import Known, imprecise_questions, known, rules_out
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Reading
from tests.unit.criteria.answers import (
    ABSENT,
    CLARIFY,
    FULL,
    TODAY,
    Answers,
    ago,
    assessed,
    born,
    but,
    chosen,
    months,
    trial,
    value,
)

YES, NO, MALE = chosen("yes"), chosen("no"), chosen("male")
BABY = born(dt.date(2026, 6, 15))


def follows(answers: Answers, respondent: Respondent = Respondent.STAFF) -> Known:
    """What follows from the answers."""
    return known(trial(), answers, respondent, TODAY)


@pytest.mark.parametrize(
    ("changes", "verdict", "day"),
    [
        ({}, "likely_eligible", None),
        ({"hiv": YES}, "not_eligible", None),
        ({"hiv": YES, "hemoglobin": value("70"), "cd7": None}, "not_eligible", None),
        ({"hiv": YES, "steroid": YES, "steroid_last_dose": ago(1)}, "not_eligible", None),
        ({"hemoglobin": value("70")}, "not_yet", None),
        ({"hemoglobin": value("70"), "cd7": None}, "not_yet", None),
        ({"steroid": YES, "steroid_last_dose": ago(1)}, "not_yet", "2026-11-29"),
        ({"steroid": YES, "steroid_last_dose": ago(1), "age": BABY}, "not_yet", "2026-12-16"),
        ({"steroid": YES, "steroid_last_dose": ago(1), "hemoglobin": value("70")}, "not_yet", None),
        ({"steroid": YES}, "not_yet", None),
        ({"cd7": None}, "undetermined", None),
        ({"cd7": ABSENT}, "undetermined", None),
        ({"cd7": CLARIFY}, "undetermined", None),
        ({"age": months(6), "creatinine": value("40")}, "undetermined", None),
    ],
)
def test_the_verdict_by_the_first_that_applies(changes: Answers, verdict: str, day: str | None) -> None:
    """Ruled out, then not yet, then open, then likely; a date only where every failing finding has one."""
    found = assessed(but(**changes))
    assert (found.verdict.value, found.recheck_on and found.recheck_on.isoformat()) == (verdict, day)


def test_what_the_site_assesses_does_not_keep_a_patient_from_likely() -> None:
    """The questions for staff are not the patient's to answer."""
    assert assessed(FULL, Respondent.PATIENT).verdict.value == "likely_eligible"


def test_what_rules_out_is_named() -> None:
    """The codes of the failures that cannot pass later."""
    assert rules_out(follows(but(hiv=YES, cd7=NO, hemoglobin=value("70")))) == ("I02a", "E03a")


def test_imprecise_answers_are_named() -> None:
    """Those whose exact figure would decide."""
    assert imprecise_questions(follows(but(age=months(6)))) == ("age",)
    assert imprecise_questions(follows(but(cd7=None))) == ()


def matter(answers: Answers, respondent: Respondent = Respondent.STAFF) -> tuple[str, ...]:
    """The questions that still matter."""
    return follows(answers, respondent).mattering


def test_with_nothing_answered_all_that_applies_matters_in_order() -> None:
    """Not yet: pregnancy, the last dose and the upper limits."""
    later = {"respondent", "pregnancy", "steroid_last_dose", "creatinine_uln", "ast_uln", "alt_uln"}
    assert matter({}) == tuple(name for name in trial().protocol.order if name not in later)


def test_a_patient_is_not_asked_what_only_staff_know() -> None:
    """Nor does it count as unanswered."""
    left = assessed({}, Respondent.PATIENT).unanswered
    assert not {"other_antigens", "life_expectancy", "cell_separation", "severe_illness", "compliance"} & set(left)


@pytest.mark.parametrize(
    ("changes", "matters"),
    [
        ({"sex": chosen("female"), "age": None}, True),
        ({"sex": None}, False),
        ({"sex": MALE}, False),
        ({"age": months(60)}, False),
        ({"sex": ABSENT}, False),
    ],
)
def test_pregnancy_matters_where_it_may_apply(changes: Answers, matters: bool) -> None:
    """A man, a child, or an unknown sex are not asked."""
    assert ("pregnancy" in matter(but(**changes))) is matters


@pytest.mark.parametrize(
    ("steroid", "matters"), [(YES, True), (NO, False), (None, False), (chosen("unknown"), False), (CLARIFY, False)]
)
def test_the_last_dose_matters_after_a_steroid(steroid: Reading | None, matters: bool) -> None:
    """Only then is it asked."""
    assert ("steroid_last_dose" in matter(but(steroid=steroid))) is matters


def test_a_date_that_is_not_remembered_is_not_asked_again() -> None:
    """It is an answer: the finding stands on it, and nothing is left to ask."""
    assert assessed(but(steroid=YES, steroid_last_dose=ABSENT)).unanswered == ()
    assert assessed(but(steroid=YES, steroid_last_dose=CLARIFY)).unanswered == ("steroid_last_dose",)


@pytest.mark.parametrize(
    ("reading", "matters"),
    [
        (value("30"), False),
        (value("100"), True),
        (value("300"), False),
        (value("100", uln="40"), False),
        (None, False),
        (ABSENT, False),
        (CLARIFY, False),
    ],
)
def test_a_limit_is_asked_only_where_it_matters(reading: Reading | None, matters: bool) -> None:
    """Where the value alone does not decide, and its slip does not say."""
    assert ("ast_uln" in matter(but(ast=reading))) is matters


def test_a_limit_that_is_not_known_is_not_asked_again() -> None:
    """The finding stays undetermined with nothing left to ask."""
    found = assessed(but(ast=value("100"), ast_uln=ABSENT))
    assert (found.findings["I04d"].reason.value, found.unanswered) == ("uln_unknown", ())


def test_sex_still_matters_for_e04_alone() -> None:
    """It opens or closes the question of pregnancy."""
    assert "sex" in matter(but(sex=None, pregnancy=None))


def test_an_answered_question_matters_as_long_as_it_can_change_a_finding() -> None:
    """So that the conversation can go back to it."""
    assert {"hiv", "age", "ast"} <= set(matter(FULL))
    assert assessed(FULL).unanswered == ()
