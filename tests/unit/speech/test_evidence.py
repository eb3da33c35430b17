"""What a finding rests on, in sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.criteria.intervals import Interval
from bot.criteria.protocol import Respondent
from bot.criteria.reading import Age, Flag, Outcome, Reading
from bot.library.trials import catalogue_for
from bot.speech.catalogue import languages
from bot.speech.evidence import evidence
from bot.speech.values import Values
from tests.unit.criteria.answers import (
    ABSENT,
    CLARIFY,
    Answers,
    ago,
    assessed,
    between,
    but,
    chosen,
    finding,
    months,
    times,
    trial,
    value,
    years,
)

CONVERTED = Reading(
    "9.2 g/dL",
    Outcome.ACCEPTED,
    standard=Interval.exactly(92),
    unit="g/L",
    reported=Interval.exactly(Fraction("9.2")),
    reported_unit="g/dL",
)
NEARLY = Reading(
    "4.9646 mmol/L",
    Outcome.ACCEPTED,
    standard=Interval.exactly(Fraction("4.9646") * Fraction("16.114")),
    unit="g/L",
    reported=Interval.exactly(Fraction("4.9646")),
    reported_unit="mmol/L",
)
BABY = Reading("", Outcome.ACCEPTED, age=Age(5, 6, (dt.date(2026, 6, 15), dt.date(2026, 6, 15))))


def said(code: str, language: str = "en", respondent: Respondent = Respondent.STAFF, **changes: Reading | None) -> str:
    """The evidence of one criterion for the full candidate with some answers changed."""
    found = finding(code, but(**changes), respondent)
    return evidence(found, trial().protocol, catalogue_for("4scar7u"), language)


@pytest.mark.parametrize(
    ("code", "changes", "sentence"),
    [
        ("I05", {"hemoglobin": CONVERTED}, "Hemoglobin: 92 g/L (reported 9.2 g/dL) is at least 80 g/L."),
        ("I05", {"hemoglobin": NEARLY}, "Hemoglobin: 79.9996 g/L (reported 4.9646 mmol/L) is below 80 g/L."),
        ("I04d", {}, "AST: 30 U/L is within 3 × ULN for any ULN from 20 to 90 U/L."),
        ("I04d", {"ast": value("150", uln="40")}, "AST: 150 U/L is above 3 × ULN (ULN 40 U/L)."),
        ("I04d", {"ast": times("2")}, "AST: 2 × ULN is within 3 × ULN."),
        (
            "I04d",
            {"ast": value("100")},
            "AST: 100 U/L cannot be compared with 3 × ULN: the laboratory's upper limit of normal is not known.",
        ),
        (
            "I04a",
            {"lvef": between("45", "55")},
            "Heart pumping (LVEF): 45 % to 55 % is not exact enough to compare with 50 %.",
        ),
        (
            "I04a",
            {"lvef": value("51", flags=(Flag.APPROXIMATE,))},
            "Heart pumping (LVEF): about 51 % is not exact enough to compare with 50 %.",
        ),
        ("I04b", {"spo2": between("95", None)}, "Oxygen saturation (SpO2): 95 % or more is at least 90 %."),
        ("I03a", {}, "Karnofsky score (KPS): 90 is above 80."),
        ("I03a", {"age": years(8)}, "Lansky play-performance score: 90 is above 80. The site confirms the scale."),
        ("I01", {"age": months(6)}, "Age: 6 months is not exact enough to compare with 6 months."),
        ("I01", {"age": BABY}, "Age: 5 months (born 2026-06-15) is not above 6 months."),
        ("I07", {}, "Informed consent: Yes."),
        ("E03a", {"hiv": chosen("yes")}, "HIV: Yes; needed: No."),
        ("E03a", {"hiv": None}, "HIV: not answered."),
        ("E03a", {"hiv": ABSENT}, "HIV: not known."),
        ("E03a", {"hiv": CLARIFY}, "HIV: the reply is not clear."),
        ("E04", {"sex": chosen("male")}, "Does not apply. Sex: Male."),
        ("E04", {"age": years(5)}, "Does not apply. Age: 5 years is below 10 years."),
        (
            "E05",
            {"steroid": chosen("yes"), "steroid_last_dose": ago(7)},
            (
                "Steroids in the last 7 days: Yes; needed: No. "
                "Last steroid dose: 2026-11-15, 7 days before today: more than 7 days are needed."
            ),
        ),
        (
            "E05",
            {"steroid": chosen("yes"), "steroid_last_dose": ago(1)},
            (
                "Steroids in the last 7 days: Yes; needed: No. "
                "Last steroid dose: 2026-11-21, 1 day before today: more than 7 days are needed."
            ),
        ),
    ],
)
def test_a_clinician_reads_why(code: str, changes: Answers, sentence: str) -> None:
    """The value as reported, the limit it was compared with, and how it came out."""
    assert said(code, **changes) == sentence


def test_the_site_assesses_what_only_staff_are_asked() -> None:
    """It is said so."""
    assert said("E01", respondent=Respondent.PATIENT) == "The study site assesses this."


def test_numbers_are_in_the_languages_style() -> None:
    """With a decimal comma in Spanish."""
    assert said("I05", "es", hemoglobin=CONVERTED) == "Hemoglobina: 92 g/L (informado 9,2 g/dL), al menos 80 g/L."
    assert said("I05", "zh_Hans", hemoglobin=CONVERTED) == "血红蛋白：92 g/L（报告值9.2 g/dL），不低于80 g/L。"


@pytest.mark.parametrize("language", languages())
def test_every_finding_has_a_sentence_in_every_language(language: str) -> None:
    """Whatever was answered."""
    for answers in ({}, but(), but(sex=chosen("male"), age=BABY, steroid=chosen("yes"), ast=value("100"))):
        for found in assessed(answers).findings.values():
            sentence = evidence(found, trial().protocol, catalogue_for("4scar7u"), language)
            assert sentence.endswith((".", "。"))
            assert "{" not in sentence


def test_patients_are_told_dates_as_in_all_else_and_clinicians_as_they_sort() -> None:
    """In every language the month is a word, so that day and month cannot be mixed up."""
    found = finding("E05", but(steroid=chosen("yes"), steroid_last_dose=ago(1)), Respondent.PATIENT)
    for language, written in {
        "en": "November 21, 2026",
        "es": "21 de noviembre de 2026",
        "zh_Hans": "2026年11月21日",
    }.items():
        told = evidence(found, trial().protocol, catalogue_for("4scar7u"), language, to_patients=True)
        assert written in told
        assert "2026-11-21" not in told
        assert "2026-11-21" in evidence(found, trial().protocol, catalogue_for("4scar7u"), language)


@pytest.mark.parametrize(
    ("reported", "factor", "unit", "shown"),
    [
        ("9.2", "10", "g/L", "9.2 g/dL = 92 g/L"),
        ("22", "0.058466", "mg/dL", "22 g/dL ≈ 1.286 mg/dL"),
        ("3.4", "10.0001", "g/L", "3.4 g/dL ≈ 34 g/L"),
    ],
)
def test_a_converted_value_is_read_back_to_four_digits(reported: str, factor: str, unit: str, shown: str) -> None:
    """And said to be rounded where it is; what it counts as stays exact."""
    own = Interval.exactly(Fraction(reported))
    reading = replace(CONVERTED, reported=own, standard=own.times(Fraction(factor)), unit=unit)
    assert Values(catalogue_for("4scar7u"), "en").measured(reading, with_limit=True) == shown
