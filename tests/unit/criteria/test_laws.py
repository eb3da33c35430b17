"""The two laws, over random answers: silence never passes, and missing data alone never fails."""

from __future__ import annotations

import datetime as dt
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.criteria.candidate import Intake
from bot.criteria.findings import Assessment, Cause, Status, Verdict
from bot.criteria.protocol import Kind, Question, Respondent
from bot.criteria.reading import Outcome, Reading, Reason
from bot.library.trials import catalogue_for, lexicon_for
from bot.speech.labels import choice_labels
from tests.unit.criteria.answers import (
    FULL,
    TODAY,
    Answers,
    assessed,
    between,
    born,
    chosen,
    months,
    on,
    times,
    trial,
    value,
)

NUMBERS = st.fractions(0, 400, max_denominator=100).map(str)
DAYS = st.dates(dt.date(1920, 1, 1), TODAY)
NOTHING = st.sampled_from(
    [
        None,
        *(
            Reading("", each, reason=Reason.NOT_UNDERSTOOD)
            for each in (Outcome.ABSENT, Outcome.CLARIFY, Outcome.REJECTED)
        ),
    ]
)


def accepted(question: Question) -> st.SearchStrategy[Reading]:
    """Any accepted answer to the question."""
    match question.kind:
        case Kind.CHOICE:
            return st.sampled_from(question.choices).map(chosen)
        case Kind.AGE:
            return st.one_of(st.integers(0, 1200).map(months), DAYS.map(born))
        case Kind.DATE:
            return DAYS.map(on)
        case Kind.SCORE:
            return st.sampled_from(question.choices).map(value)
        case Kind.QUANTITY | Kind.ULN:
            stated = st.builds(lambda number, uln: value(number, uln=uln), NUMBERS, NUMBERS)
            return st.one_of(NUMBERS.map(value), stated, NUMBERS.map(times), NUMBERS.map(lambda n: between(None, n)))


ANSWERS: st.SearchStrategy[dict[str, Reading | None]] = st.fixed_dictionaries(
    {each.id: st.one_of(accepted(each), NOTHING) for each in trial().protocol.questions if each.id != "respondent"}
)
RESPONDENTS = st.sampled_from(list(Respondent))


def given_answers(answers: dict[str, Reading | None]) -> Answers:
    """Only the questions that have a reply."""
    return {name: reading for name, reading in answers.items() if reading is not None}


def is_told(reading: Reading | None) -> bool:
    """Whether a reply says something."""
    return reading is not None and reading.outcome is Outcome.ACCEPTED and reading.choice != "unknown"


def asked(respondent: Respondent) -> list[str]:
    """The questions that every candidate must answer to be likely eligible, whoever answers."""
    optional = {"respondent", "steroid_last_dose", "creatinine_uln", "ast_uln", "alt_uln", "pregnancy"}
    questions = trial().protocol.questions
    return [each.id for each in questions if respondent in each.asked_of and each.id not in optional]


@given(answers=ANSWERS, respondent=RESPONDENTS)
@settings(max_examples=100, deadline=None)
def test_nothing_unanswered_unclear_or_unread_is_likely_eligible(
    answers: dict[str, Reading | None], respondent: Respondent
) -> None:
    """Likely eligible means that every question that is put to everyone was answered, and accepted."""
    if assessed(given_answers(answers), respondent).verdict is Verdict.LIKELY_ELIGIBLE:
        assert all(is_told(answers[name]) for name in asked(respondent))


@given(gaps=st.dictionaries(st.sampled_from(sorted(FULL)), NOTHING, min_size=1), respondent=RESPONDENTS)
@settings(max_examples=100, deadline=None)
def test_one_gap_in_a_full_candidate_is_never_likely_eligible(
    gaps: dict[str, Reading | None], respondent: Respondent
) -> None:
    """The same law from the side of a candidate who would pass."""
    relevant = set(gaps) & set(asked(respondent)) or ({"pregnancy"} & set(gaps))
    found = assessed(given_answers({**FULL, **gaps}), respondent)
    assert found.verdict is (Verdict.UNDETERMINED if relevant else Verdict.LIKELY_ELIGIBLE)


@given(answers=st.fixed_dictionaries({each.id: NOTHING for each in trial().protocol.questions}), respondent=RESPONDENTS)
@settings(max_examples=60, deadline=None)
def test_missing_data_alone_never_fails(answers: dict[str, Reading | None], respondent: Respondent) -> None:
    """Whatever is missing, and in whatever way."""
    found = assessed(given_answers(answers), respondent)
    assert found.verdict is Verdict.UNDETERMINED
    assert all(each.status is Status.UNDETERMINED for each in found.findings.values())


@given(answers=ANSWERS, respondent=RESPONDENTS, data=st.data())
@settings(max_examples=100, deadline=None)
def test_taking_answers_away_never_makes_a_failure(
    answers: dict[str, Reading | None], respondent: Respondent, data: st.DataObject
) -> None:
    """Losing a reply can only leave a criterion open, or let a pregnancy count where the age had ruled it out."""
    whole = given_answers(answers)
    gone = data.draw(st.sets(st.sampled_from(sorted(FULL))))
    rest = {name: reading for name, reading in whole.items() if name not in gone}
    before, after = assessed(whole, respondent), assessed(rest, respondent)
    failed_before = {code for code, each in before.findings.items() if each.status is Status.FAIL}
    newly = {code for code, each in after.findings.items() if each.status is Status.FAIL} - failed_before
    assert newly <= {"E04"}


@given(answers=ANSWERS, respondent=RESPONDENTS)
@settings(max_examples=100, deadline=None)
def test_the_parts_of_an_assessment_agree(answers: dict[str, Reading | None], respondent: Respondent) -> None:
    """Dates stand only with failures, an open finding has a reason, and what still matters is open."""
    found = assessed(given_answers(answers), respondent)
    for each in found.findings.values():
        assert each.recheck_on is None or (each.status is Status.FAIL and each.recoverable and each.recheck_on > TODAY)
        assert (each.status is Status.UNDETERMINED) == (
            each.reason not in (Cause.MET, Cause.NOT_MET, Cause.NOT_APPLICABLE)
        )
    for name in found.unanswered:
        reading = answers[name]
        assert reading is None or not reading.counts


@cache
def intake() -> Intake:
    """Reads typed replies about the trial."""
    labels = choice_labels(trial().protocol, catalogue_for("4scar7u"))
    return Intake(trial(), lexicon_for(trial()), labels, TODAY)


REPLIES = st.one_of(
    st.sampled_from(
        ["yes", "no", "不是", "sí", "34", "90", "8 months", "92 g/L", "150 U/L (15-40)", "1.1", "2 x ULN", "today",
         "don't know", "not sure", "maybe", "hello", "<5", "55-60 %", "Hb 92 g/L; ALT 28 U/L", "female", "", "?", "👍"]
    ),
    st.text(max_size=30),
)  # fmt: skip


def typed(record: dict[str, str]) -> tuple[Assessment, dict[str, Reading], Respondent]:
    """A record screened: the assessment, its replies and the respondent."""
    candidate = intake().screen(record)
    return candidate.assessment, dict(candidate.replies), candidate.respondent


@given(record=st.dictionaries(st.sampled_from(sorted(FULL)), REPLIES))
@settings(max_examples=100, deadline=None)
def test_typed_replies_obey_the_first_law(record: dict[str, str]) -> None:
    """A reply that was not read as an answer never ends in likely eligible."""
    found, replies, respondent = typed(record)
    if found.verdict is Verdict.LIKELY_ELIGIBLE:
        assert all(is_told(replies.get(name)) for name in asked(respondent))


@given(
    record=st.dictionaries(
        st.sampled_from(sorted(FULL)), st.sampled_from(["don't know", "不知道", "no sé", "hello", "", "?"])
    )
)
@settings(max_examples=60, deadline=None)
def test_typed_nothing_obeys_the_second_law(record: dict[str, str]) -> None:
    """Not knowing, and what cannot be read, never fail anyone."""
    assert typed(record)[0].verdict is Verdict.UNDETERMINED
