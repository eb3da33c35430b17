"""Rules judged on answers, and what they may still come to."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.criteria.bind import bind
from bot.criteria.evaluate import BoundRule, awaited, judge, possible
from bot.criteria.findings import Cause
from bot.criteria.judgement import Facts
from bot.criteria.rules import parse
from bot.criteria.truth import Truth
from tests.unit.criteria.answers import ABSENT, TODAY, Answers, ago, born, chosen, trial

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
YES, NO = chosen("yes"), chosen("no")


def rule(text: str) -> BoundRule:
    """A rule over the questions of the first trial."""
    return bind(parse(text), trial().protocol, trial().analytes)


@pytest.mark.parametrize(
    ("text", "answers", "truth"),
    [
        ("hiv is no and hcv is no", {"hiv": NO}, U),
        ("hiv is no and hcv is no", {"hiv": YES}, F),
        ("hiv is no or hcv is no", {"hiv": NO}, T),
        ("hiv is no or hcv is no", {"hiv": YES}, U),
        ("surely hiv is no", {}, F),
        ("possibly hiv is no", {}, T),
        ("surely hiv is no", {"hiv": NO}, T),
        ("possibly hiv is no", {"hiv": YES}, F),
        ("not hiv is yes", {"hiv": chosen("unknown")}, U),
        ("not surely hiv is yes", {}, T),
    ],
)
def test_a_rule_holds_fails_or_cannot_be_told(text: str, answers: Answers, truth: Truth) -> None:
    """Unknown parts decide nothing, but where a modal word says what they count as."""
    assert judge(rule(text), Facts(answers, TODAY)).truth is truth


def test_a_judgement_rests_on_the_parts_that_decide_it() -> None:
    """The evidence of a failed "and" is what failed, not what held."""
    judgement = judge(rule("hiv is no and hcv is no"), Facts({"hiv": NO, "hcv": YES}, TODAY))
    assert [each.question for each in judgement.evidence] == ["hcv"]


def test_the_cause_is_that_of_an_undecided_part() -> None:
    """Not known and not asked yet are told apart."""
    assert judge(rule("hiv is no"), Facts({"hiv": ABSENT}, TODAY)).cause is Cause.ABSENT
    assert judge(rule("hiv is no"), Facts({}, TODAY)).cause is Cause.UNANSWERED


DOSE_3 = TODAY + dt.timedelta(days=5)  # a dose three days ago is eight days back then
BORN = dt.date(2026, 9, 30)
HALF_YEAR = dt.date(2027, 3, 30)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("steroid_last_dose older than 7 days", DOSE_3),
        ("age > 6 months", HALF_YEAR + dt.timedelta(days=1)),
        ("age >= 6 months", HALF_YEAR),
        ("steroid_last_dose older than 7 days or age > 6 months", DOSE_3),
        ("steroid_last_dose older than 7 days and age >= 6 months", HALF_YEAR),
        ("steroid_last_dose older than 7 days or hiv is no", DOSE_3),
        ("steroid_last_dose older than 7 days and hiv is no", None),
        ("age < 1 months", None),
        ("not age < 6 months", HALF_YEAR),
        ("not steroid_last_dose within 1 weeks", DOSE_3),
        ("steroid_last_dose within 2 days", None),
    ],
)
def test_time_makes_a_rule_true_on_a_known_day(text: str, day: dt.date | None) -> None:
    """The first such day of an "or", the last of an "and", none where time alone does not mend it."""
    facts = Facts({"steroid_last_dose": ago(3), "age": born(BORN), "hiv": YES}, TODAY)
    assert (judge(rule(text), facts).truth, judge(rule(text), facts).true_on) == (F, day)


def test_a_range_of_birth_dates_gives_no_day() -> None:
    """An age in weeks does not tell the birthday."""
    facts = Facts({"age": born(BORN, BORN + dt.timedelta(days=6))}, TODAY)
    assert judge(rule("age > 6 months"), facts).true_on is None


@pytest.mark.parametrize(
    ("text", "answers", "outcomes"),
    [
        ("hiv is no", {}, {T, U, F}),
        ("hiv is no", {"hiv": NO}, {T}),
        ("hiv is no", {"hiv": ABSENT}, {U}),
        ("surely hiv is no", {}, {T, F}),
        ("surely hiv is no", {"hiv": ABSENT}, {F}),
        ("hiv is no and hcv is no", {"hiv": YES}, {F}),
        ("hiv is no and hcv is no", {"hiv": ABSENT}, {U, F}),
        ("steroid is yes and surely steroid_last_dose older than 7 days", {"steroid": YES}, {T, F}),
    ],
)
def test_only_open_questions_leave_more_than_one_outcome(text: str, answers: Answers, outcomes: set[Truth]) -> None:
    """A question answered with "I don't know" is not open any more."""
    assert possible(rule(text), Facts(answers, TODAY)) == outcomes


def test_a_rule_waits_for_its_unanswered_questions() -> None:
    """Those that are answered, in whatever way, are not waited for."""
    facts = Facts({"hiv": ABSENT}, TODAY)
    assert list(awaited(rule("hiv is no and hcv is no and infection is no"), facts)) == ["hcv", "infection"]
