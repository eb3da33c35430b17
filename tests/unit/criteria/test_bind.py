"""Rules fitted to their trial: what does not fit is named, with what was perhaps meant."""

from __future__ import annotations

import pytest

from bot.criteria.bind import Binder, bind
from bot.criteria.measured import QuantityCheck
from bot.criteria.rules import RuleError, leaves, parse
from tests.unit.criteria.answers import trial


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("hemoglobn >= 80 g/L", "did you mean `hemoglobin`"),
        ("hemoglobin >= 80 g/l", "did you mean `g/L`"),
        ("hemoglobin >= 80 U/L", "not reported in `U/L`"),
        ("hemoglobin >= 80", "not reported in `no unit`"),
        ("hemoglobin is yes", "is a number"),
        ("hemoglobin older than 7 days", "is a number"),
        ("hiv is maybe", "no choice `maybe`"),
        ("hiv is unknown", "no choice `unknown`"),
        ("hiv > 3 g/L", "compare it with `is`"),
        ("age > 6", "unit for `age`"),
        ("age > 6 days", "unit for `age`"),
        ("age > 6.5 months", "whole months"),
        ("age > 200 years", "up to 150 years"),
        ("age is yes", "is a number"),
        ("steroid_last_dose older than 7 months", "unit for `steroid_last_dose`"),
        ("steroid_last_dose older than 0.5 days", "whole days"),
        ("steroid_last_dose > 7 days", "older than 7 days"),
        ("ast_uln <= 40 U/L", "compare `ast` with a number of ULN"),
    ],
)
def test_a_comparison_that_does_not_fit_is_refused(rule: str, message: str) -> None:
    """Names, units, choices and kinds are checked before anyone is asked."""
    with pytest.raises(RuleError, match=message):
        bind(parse(rule), trial().protocol, trial().analytes)


def test_limits_are_held_in_the_standard_unit() -> None:
    """A rule may be written in any unit of its analyte, exactly."""
    binder = Binder(trial().protocol, trial().analytes)
    (check,) = map(binder.bound, leaves(parse("creatinine <= 2.5 mg/dL")))
    assert isinstance(check, QuantityCheck)
    assert check.number * 11312 == 2_500_000
