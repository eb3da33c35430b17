"""Every criterion of 4SCAR7U, on both sides of its limit."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.criteria.protocol import Respondent
from bot.criteria.reading import Flag, Reading
from tests.unit.criteria.answers import (
    ABSENT,
    CLARIFY,
    FULL,
    REJECTED,
    TODAY,
    ago,
    assessed,
    between,
    born,
    but,
    chosen,
    finding,
    months,
    result,
    times,
    trial,
    value,
    years,
)

PASS, FAIL, IMPRECISE = ("pass", "met"), ("fail", "not_met"), ("undetermined", "imprecise")
NOT_APPLICABLE, ULN_UNKNOWN = ("pass", "not_applicable"), ("undetermined", "uln_unknown")
UNANSWERED, IS_ABSENT, UNCLEAR = (("undetermined", each) for each in ("unanswered", "absent", "unclear"))
ABOUT = (Flag.APPROXIMATE,)

YES_NO = {
    "I02a": ("cd7", "yes"),
    "I02b": ("other_antigens", "yes"),
    "I03b": ("life_expectancy", "yes"),
    "I06": ("cell_separation", "no"),
    "I07": ("consent", "yes"),
    "E01": ("severe_illness", "no"),
    "E02": ("infection", "no"),
    "E03a": ("hiv", "no"),
    "E03b": ("hcv", "no"),
    "E04": ("pregnancy", "no"),
    "E05": ("steroid", "no"),
    "E06": ("gene_therapy", "no"),
    "E07": ("compliance", "no"),
}
ONE_QUESTION = {
    **{code: question for code, (question, _) in YES_NO.items()},
    "I01": "age",
    "I03a": "kps",
    "I04a": "lvef",
    "I04b": "spo2",
    "I04c": "creatinine",
    "I04d": "ast",
    "I04e": "alt",
    "I04f": "bilirubin",
    "I05": "hemoglobin",
}
RECOVERABLE = {"I01", "I04b", "I04c", "I04d", "I04e", "I04f", "I05", "E02", "E04", "E05"}


def test_all_criteria_are_there() -> None:
    """The codes, in the registry's order, and which failures may pass later."""
    codes = "I01 I02a I02b I03a I03b I04a I04b I04c I04d I04e I04f I05 I06 I07 E01 E02 E03a E03b E04 E05 E06 E07"
    assert " ".join(assessed(FULL).findings) == codes
    assert {code for code, each in assessed(FULL).findings.items() if each.recoverable} == RECOVERABLE


@pytest.mark.parametrize("code", YES_NO)
def test_yes_and_no(code: str) -> None:
    """The wanted choice passes, the other fails, "unknown" is absent."""
    question, wanted = YES_NO[code]
    other = {"yes": "no", "no": "yes"}[wanted]
    found = [result(code, **{question: chosen(each)}) for each in (wanted, other, "unknown")]
    assert found == [PASS, FAIL, IS_ABSENT]


@pytest.mark.parametrize("code", ONE_QUESTION)
@pytest.mark.parametrize(
    ("reading", "found"), [(None, UNANSWERED), (ABSENT, IS_ABSENT), (CLARIFY, UNCLEAR), (REJECTED, UNCLEAR)]
)
def test_silence_never_passes_and_never_fails(code: str, reading: Reading | None, found: tuple[str, str]) -> None:
    """A missing, absent or unread answer leaves its criterion undetermined, each with its reason."""
    assert result(code, **{ONE_QUESTION[code]: reading}) == found


@pytest.mark.parametrize(
    ("code", "question", "reading", "found"),
    [
        ("I01", "age", months(5), FAIL),
        ("I01", "age", months(6), IMPRECISE),
        ("I01", "age", months(7), PASS),
        ("I01", "age", months(0, 12), IMPRECISE),
        ("I01", "age", born(dt.date(2026, 5, 23)), FAIL),
        ("I01", "age", born(dt.date(2026, 5, 22)), FAIL),
        ("I01", "age", born(dt.date(2026, 5, 21)), PASS),
        ("I01", "age", born(dt.date(2026, 5, 18), dt.date(2026, 5, 24)), IMPRECISE),
        ("I01", "age", born(dt.date(2026, 5, 22), dt.date(2026, 5, 28)), FAIL),
        ("I01", "age", born(dt.date(2026, 5, 15), dt.date(2026, 5, 21)), PASS),
        ("I03a", "kps", value("80"), FAIL),
        ("I03a", "kps", value("90"), PASS),
        ("I03a", "kps", value("0"), FAIL),
        ("I04a", "lvef", value("49.9"), FAIL),
        ("I04a", "lvef", value("50"), PASS),
        ("I04a", "lvef", between("50", "55"), PASS),
        ("I04a", "lvef", between("45", "50"), IMPRECISE),
        ("I04a", "lvef", between("45", "49"), FAIL),
        ("I04a", "lvef", between(None, "50", high_open=True), FAIL),
        ("I04a", "lvef", between(None, "50"), IMPRECISE),
        ("I04a", "lvef", between("50", None, low_open=True), PASS),
        ("I04a", "lvef", value("51", flags=ABOUT), IMPRECISE),
        ("I04a", "lvef", value("51.1", flags=ABOUT), PASS),
        ("I04a", "lvef", value("49", flags=ABOUT), IMPRECISE),
        ("I04a", "lvef", value("48.9", flags=ABOUT), FAIL),
        ("I04b", "spo2", value("89.9"), FAIL),
        ("I04b", "spo2", value("90"), PASS),
        ("I04f", "bilirubin", value("2"), PASS),
        ("I04f", "bilirubin", value("2.0001"), FAIL),
        ("I04f", "bilirubin", between(None, "0.2", high_open=True), PASS),
        ("I04f", "bilirubin", between(None, "5", high_open=True), IMPRECISE),
        ("I05", "hemoglobin", value("80"), PASS),
        ("I05", "hemoglobin", value("79.99"), FAIL),
        ("I05", "hemoglobin", between("80", None, low_open=True), PASS),
        ("I05", "hemoglobin", between(None, "80"), IMPRECISE),
        ("I05", "hemoglobin", value("81.6", flags=ABOUT), IMPRECISE),
    ],
)
def test_both_sides_of_the_limit(code: str, question: str, reading: Reading, found: tuple[str, str]) -> None:
    """At the limit, beside it, and with values that straddle it."""
    assert result(code, **{question: reading}) == found


@pytest.mark.parametrize(
    ("reading", "follow_up", "found"),
    [
        (value("120", uln="40"), None, PASS),
        (value("120.01", uln="40"), None, FAIL),
        (value("60"), None, PASS),
        (value("60.1"), None, ULN_UNKNOWN),
        (value("270"), None, ULN_UNKNOWN),
        (value("270.1"), None, FAIL),
        (value("150"), value("50"), PASS),
        (value("150"), value("49.9"), FAIL),
        (value("150"), ABSENT, ULN_UNKNOWN),
        (value("150"), CLARIFY, ULN_UNKNOWN),
        (value("150"), between(None, "50"), ULN_UNKNOWN),
        (value("150", uln="40"), value("60"), FAIL),
        (value("30"), value("5"), FAIL),
        (value("30", uln="5"), None, FAIL),
        (times("3"), None, PASS),
        (times("3.01"), None, FAIL),
        (times("3"), value("20"), PASS),
        (times("3", flags=ABOUT), None, IMPRECISE),
        (between(None, "60", high_open=True), None, PASS),
        (between("270", None, low_open=True), None, FAIL),
        (between("10", None, low_open=True), None, IMPRECISE),
        (between(None, "500", high_open=True), None, IMPRECISE),
        (between("50", "100"), None, ULN_UNKNOWN),
        (between(None, "200", high_open=True), value("40"), IMPRECISE),
        (value("118", uln="40", flags=ABOUT), None, IMPRECISE),
        (value("117", uln="40", flags=ABOUT), None, PASS),
        (value("118"), value("40", flags=ABOUT), IMPRECISE),
        (value("58.8", flags=ABOUT), None, ULN_UNKNOWN),
        (value("58", flags=ABOUT), None, PASS),
    ],
)
@pytest.mark.parametrize(("code", "question"), [("I04d", "ast"), ("I04e", "alt")])
def test_three_times_the_upper_limit_of_normal(
    code: str, question: str, reading: Reading, follow_up: Reading | None, found: tuple[str, str]
) -> None:
    """The slip's own limit, else the follow-up's, else every credible one (20 to 90 U/L)."""
    assert result(code, **{question: reading, f"{question}_uln": follow_up}) == found


@pytest.mark.parametrize(
    ("age", "reading", "found"),
    [
        (years(18), value("87.5"), PASS),
        (years(18), value("87.6"), ULN_UNKNOWN),
        (years(18), value("337.5"), ULN_UNKNOWN),
        (years(18), value("337.6"), FAIL),
        (years(17), value("87.5"), ULN_UNKNOWN),
        (years(17), value("50"), PASS),
        (None, value("50"), PASS),
        (None, value("87.5"), ULN_UNKNOWN),
        (CLARIFY, value("87.5"), ULN_UNKNOWN),
        (months(200, 240), value("87.5"), ULN_UNKNOWN),
        (born(dt.date(2008, 11, 22)), value("87.5"), PASS),
        (born(dt.date(2008, 11, 23)), value("87.5"), ULN_UNKNOWN),
        (years(34), times("2.5"), PASS),
        (years(34), times("2.51"), FAIL),
        (years(34), value("250", uln="100"), PASS),
        (years(34), value("250.1", uln="100"), FAIL),
    ],
)
def test_creatinine_is_compared_with_the_limits_of_the_age(
    age: Reading | None, reading: Reading, found: tuple[str, str]
) -> None:
    """Adults' limits (35 to 135 µmol/L) serve only where the age is surely 18 years or more, else 20 to 135."""
    assert result("I04c", age=age, creatinine=reading) == found


FEMALE, MALE, PREGNANT = chosen("female"), chosen("male"), chosen("yes")


@pytest.mark.parametrize(
    ("sex", "age", "pregnancy", "found"),
    [
        (MALE, years(34), PREGNANT, NOT_APPLICABLE),
        (MALE, None, None, NOT_APPLICABLE),
        (FEMALE, years(9), PREGNANT, NOT_APPLICABLE),
        (FEMALE, years(10), PREGNANT, FAIL),
        (FEMALE, years(60), PREGNANT, FAIL),
        (FEMALE, years(61), PREGNANT, NOT_APPLICABLE),
        (FEMALE, born(dt.date(2016, 11, 22)), PREGNANT, FAIL),
        (FEMALE, born(dt.date(2016, 11, 23)), PREGNANT, NOT_APPLICABLE),
        (FEMALE, born(dt.date(1965, 11, 23)), PREGNANT, FAIL),
        (FEMALE, born(dt.date(1965, 11, 22)), PREGNANT, NOT_APPLICABLE),
        (FEMALE, None, PREGNANT, FAIL),
        (FEMALE, ABSENT, PREGNANT, FAIL),
        (FEMALE, None, chosen("no"), PASS),
        (FEMALE, None, None, UNANSWERED),
        (FEMALE, years(34), ABSENT, IS_ABSENT),
        (None, years(34), PREGNANT, UNANSWERED),
        (None, years(70), chosen("no"), UNANSWERED),
        (ABSENT, years(34), chosen("no"), IS_ABSENT),
        (CLARIFY, years(5), chosen("no"), UNCLEAR),
    ],
)
def test_e04_applies_to_women_who_may_have_children(
    sex: Reading | None, age: Reading | None, pregnancy: Reading | None, found: tuple[str, str]
) -> None:
    """Female, and an age that may lie in 10 to 60 completed years; a sex that is not known leaves it open."""
    assert result("E04", sex=sex, age=age, pregnancy=pregnancy) == found


@pytest.mark.parametrize(
    ("dose", "found"), [(ago(0), FAIL), (ago(7), FAIL), (ago(8), PASS), (None, FAIL), (ABSENT, FAIL), (CLARIFY, FAIL)]
)
def test_e05_needs_more_than_seven_days(dose: Reading | None, found: tuple[str, str]) -> None:
    """Seven days fail, eight pass; a steroid without a date that can be read fails."""
    assert result("E05", steroid=chosen("yes"), steroid_last_dose=dose) == found


@pytest.mark.parametrize("steroid", [None, ABSENT, CLARIFY, chosen("unknown")])
def test_e05_ignores_a_date_without_a_steroid(steroid: Reading | None) -> None:
    """A date answers a question that does not apply: the criterion stays open."""
    assert result("E05", steroid=steroid, steroid_last_dose=ago(30))[0] == "undetermined"
    assert result("E05", steroid=chosen("no"), steroid_last_dose=ago(1)) == PASS


def test_the_limits_are_exact() -> None:
    """3.25 mg/dL is exactly 2.5 times 1.3 mg/dL; a float would not say so."""
    factor = trial().analytes["creatinine"].units[1].factor
    at = value(str(325 * factor / 100), uln=str(13 * factor / 10))
    assert result("I04c", creatinine=at) == PASS


STAFF_ONLY = ("I02b", "I03b", "I06", "E01", "E07")


@pytest.mark.parametrize("respondent", [Respondent.PATIENT, Respondent.CAREGIVER])
def test_what_only_staff_are_asked_is_left_to_the_site(respondent: Respondent) -> None:
    """Even where someone else answered it."""
    failing = but(compliance=chosen("yes"), severe_illness=chosen("yes"))
    for code in STAFF_ONLY:
        found = finding(code, failing, respondent)
        assert (found.status.value, found.reason.value) == ("undetermined", "site_assesses")


@pytest.mark.parametrize(
    ("changes", "code", "day"),
    [
        ({"age": born(dt.date(2026, 6, 15))}, "I01", "2026-12-16"),
        ({"age": born(dt.date(2026, 8, 31))}, "I01", "2027-03-01"),
        ({"age": months(3)}, "I01", None),
        ({"age": born(dt.date(2026, 8, 1), dt.date(2026, 8, 7))}, "I01", None),
        ({"steroid": chosen("yes"), "steroid_last_dose": ago(0)}, "E05", "2026-11-30"),
        ({"steroid": chosen("yes"), "steroid_last_dose": ago(7)}, "E05", "2026-11-23"),
        ({"steroid": chosen("yes")}, "E05", None),
        ({"hemoglobin": value("70")}, "I05", None),
        ({"steroid": chosen("yes"), "steroid_last_dose": ago(8)}, "E05", None),
    ],
)
def test_a_finding_says_when_to_look_again(changes: dict[str, Reading], code: str, day: str | None) -> None:
    """The day after the 6-month birthday, or eight days after the last dose; nothing for what time does not mend."""
    found = finding(code, but(**changes)).recheck_on
    assert (found and found.isoformat()) == day


def test_a_birthday_in_february_counts_leap_years() -> None:
    """Born on 31 August: 6 months are over on the last day of February."""
    baby = but(age=born(dt.date(2027, 8, 31)))
    assert finding("I01", baby, today=dt.date(2028, 2, 29)).recheck_on == dt.date(2028, 3, 1)
    assert finding("I01", baby, today=dt.date(2028, 3, 1)).status.value == "pass"


def test_evidence_names_the_credible_range() -> None:
    """A finding that needs no limit says for which limits it stands."""
    (shown,) = finding("I04d", FULL).evidence
    assert (shown.any_uln, shown.uln) == ((20, 90), None)
    (shown,) = finding("I04d", but(ast=value("30", uln="40"))).evidence
    assert (shown.any_uln, shown.uln) == (None, 40)


@pytest.mark.parametrize(("age", "variant"), [(years(15), "child"), (years(16), None), (None, None)])
def test_kps_of_a_child_is_the_childs_scale(age: Reading | None, variant: str | None) -> None:
    """Under 16 years the score is that of the play-performance scale."""
    (shown,) = finding("I03a", but(age=age)).evidence
    assert shown.variant == variant
    assert trial().variant("kps", but(age=age), Respondent.CAREGIVER, TODAY) == variant
