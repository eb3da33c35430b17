"""The tests that are made from a trial's rules."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.criteria.candidate import Intake
from bot.criteria.compiled import compile_trial
from bot.criteria.findings import Status
from bot.library.boundaries import Bench, Boundary
from bot.library.inspect import REFERENCE_DAY
from bot.library.trials import lexicon_for, load, load_compiled, shared_analytes

SMALL = str(Path(__file__).parents[2] / "trials" / "small.yaml")


def tried(name: str, today: dt.date = REFERENCE_DAY) -> list[Boundary]:
    """All boundary tests of a trial, run."""
    trial = load_compiled(name)
    return list(Bench(Intake(trial, lexicon_for(trial), {}, today)).boundaries())


@pytest.mark.parametrize("today", [REFERENCE_DAY, dt.date(2028, 2, 29), dt.date(2027, 8, 31), dt.date(2026, 12, 31)])
def test_the_first_trial_passes_on_any_day(today: dt.date) -> None:
    """Also on the last day of a month, and on a leap day."""
    assert [each for each in tried("4scar7u", today) if not each.passed] == []


def test_a_trial_with_other_questions_passes() -> None:
    """Nothing in the tests is one trial's own."""
    assert [each for each in tried(SMALL) if not each.passed] == []


def test_every_criterion_is_tried_on_both_sides() -> None:
    """Each comes out both passed and failed."""
    both = {Status.PASS, Status.FAIL}
    for name in ("4scar7u", SMALL):
        found: dict[str, set[Status]] = {}
        for each in tried(name):
            found.setdefault(each.code, set()).add(each.found)
        assert all(statuses >= both for statuses in found.values())
        assert set(found) == {each.code for each in load(name).criteria}


def test_every_unit_is_tried() -> None:
    """Values are written in each unit that the analyte is reported in."""
    replies = " ".join(each.sample.reply for each in tried("4scar7u"))
    assert all(unit in replies for unit in ("g/L", "g/dL", "mmol/L", "umol/L", "mg/dL", "U/L", "ukat/L", "%", "x ULN"))


def test_a_comparison_is_tried_where_it_decides() -> None:
    """Of several questions in one rule, each is tried with answers to the others that leave the decision to it."""
    changed = [
        each.model_copy(update={"rule": "hemoglobin >= 80 g/L and lvef >= 50 %"}) if each.code == "I05" else each
        for each in load("4scar7u").criteria
    ]
    protocol = load("4scar7u").model_copy(update={"criteria": tuple(changed)})
    trial = compile_trial(protocol, shared_analytes())
    found = [
        each for each in Bench(Intake(trial, lexicon_for(trial), {}, REFERENCE_DAY)).boundaries() if each.code == "I05"
    ]
    assert {(each.sample.question, each.found) for each in found} == {
        (question, status) for question in ("hemoglobin", "lvef") for status in (Status.PASS, Status.FAIL)
    }
    assert all(each.passed for each in found)
