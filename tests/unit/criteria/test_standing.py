"""What a criterion came to is kept by the answers it reads, and is what it would come to if worked out anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.criteria.assess import known
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Outcome, Reading
from bot.criteria.standing import finding_of, matters, standing
from tests.unit.criteria.answers import FULL, TODAY, months, times, trial, value
from tests.unit.criteria.test_laws import ANSWERS, RESPONDENTS, given_answers


@given(answers=ANSWERS, respondent=RESPONDENTS)
@settings(max_examples=100, deadline=None)
def test_what_is_kept_is_what_would_be_found_anew(answers: dict[str, Reading | None], respondent: Respondent) -> None:
    """Every finding, and every question that matters, over any answers by anyone."""
    facts = trial().facts(given_answers(answers), respondent, TODAY)
    for compiled in trial().criteria:
        kept = standing(compiled, facts, respondent)
        assert kept.finding == finding_of(compiled, facts, respondent)
        asked = respondent in compiled.asked_of
        anew = {name for name in compiled.questions if asked and matters(name, compiled, facts.without(name))}
        assert kept.mattering == anew


@given(before=ANSWERS, changed=ANSWERS, kept=st.integers(0), respondents=st.tuples(RESPONDENTS, RESPONDENTS))
@settings(max_examples=100, deadline=None)
def test_what_follows_from_a_change_is_what_would_follow_from_nothing(
    before: dict[str, Reading | None],
    changed: dict[str, Reading | None],
    kept: int,
    respondents: tuple[Respondent, Respondent],
) -> None:
    """Some answers are given anew, some taken back, the rest stay: what stood before the change misleads nowhere."""
    after = {name: before[name] if kept >> i & 1 else changed[name] for i, name in enumerate(before)}
    first, second = given_answers(before), given_answers(after)
    stood = known(trial(), first, respondents[0], TODAY)
    for day in (TODAY, TODAY + dt.timedelta(days=1)):
        for respondent in respondents:
            anew = known(trial(), second, respondent, day)
            assert known(trial(), second, respondent, day, stood) == anew
            assert anew.facts == trial().facts(second, respondent, day)


@given(before=ANSWERS, changed=ANSWERS, asked=st.permutations(trial().protocol.order), respondent=RESPONDENTS)
@settings(max_examples=100, deadline=None)
def test_what_follows_answer_by_answer_is_what_follows_from_them_all(
    before: dict[str, Reading | None], changed: dict[str, Reading | None], asked: list[str], respondent: Respondent
) -> None:
    """One answer is given, changed or taken back after the other, in any order, each on what stood before it."""
    answers = given_answers(before)
    stood = known(trial(), answers, respondent, TODAY)
    for name in asked:
        answers = given_answers({**answers, name: changed.get(name)})
        stood = known(trial(), answers, respondent, TODAY, stood)
        assert stood == known(trial(), answers, respondent, TODAY)


def test_a_criterion_reads_the_age_where_its_limit_is_another_for_adults() -> None:
    """The same measurement of a child and of an adult, one after the other: the age is part of what is kept."""
    compiled = next(each for each in trial().criteria if "creatinine" in each.questions)
    assert "age" in compiled.reads
    for age in (months(24), months(480), months(24)):
        answers = {**FULL, "age": age, "creatinine": value("150")}
        facts = trial().facts(answers, Respondent.STAFF, TODAY)
        assert standing(compiled, facts, Respondent.STAFF).finding == finding_of(compiled, facts, Respondent.STAFF)


def test_one_reply_that_was_read_in_two_ways_is_told_apart() -> None:
    """Readings of the same text may differ, as a bare number does between two units: the text alone decides nothing."""
    compiled = next(each for each in trial().criteria if "hemoglobin" in each.questions)
    low, high = replace(value("20"), reply="20"), replace(value("200"), reply="20")
    found = [
        standing(compiled, trial().facts({"hemoglobin": reading}, Respondent.STAFF, TODAY), Respondent.STAFF).finding
        for reading in (low, high, low, times("1"), Reading("", Outcome.ABSENT))
    ]
    assert found[0] == found[2]
    assert found[0].status is not found[1].status


def test_an_answer_to_a_question_that_the_trial_asks_no_more_moves_nothing() -> None:
    """A trial has lost a question since somebody answered it: the next answers are judged as if they never had."""
    stood = known(trial(), given_answers({"hemoglobin": None}), Respondent.PATIENT, TODAY)
    for answers in ({"gone": value("7")}, {"gone": value("8")}, {"gone": value("8"), "age": FULL["age"]}, {}):
        stood = known(trial(), answers, Respondent.PATIENT, TODAY, stood)
        plain = {name: reading for name, reading in answers.items() if name != "gone"}
        anew = known(trial(), plain, Respondent.PATIENT, TODAY)
        assert (stood.standings, stood.changing, stood.mattering) == (anew.standings, anew.changing, anew.mattering)
