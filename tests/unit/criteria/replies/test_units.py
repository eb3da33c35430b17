"""The unit factors, against a library of units and the molar masses."""

from __future__ import annotations

import warnings
from fractions import Fraction

import pytest

from bot.library.words import load_analytes

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pint

CLOSE = 1e-9
MOLAR_MASS = {"hemoglobin": 16114, "creatinine": 113.12, "bilirubin": 584.66}  # g/mol
PINT = {"umol/L": "micromol/L", "U/L": "micromol/minute/L", "ukat/L": "micromol/second/L"}
PAIRS = [
    (code, unit.code)
    for code, analyte in load_analytes().items()
    if code in MOLAR_MASS or code in {"ast", "alt"}
    for unit in analyte.units
]


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry:
    """Units as `pint` knows them: one U converts a micromole a minute, a katal a mole a second."""
    return pint.UnitRegistry()


@pytest.mark.parametrize(("code", "unit"), PAIRS)
def test_every_factor_is_that_of_the_units_and_the_molar_mass(
    registry: pint.UnitRegistry, code: str, unit: str
) -> None:
    """One of the unit is `factor` of the standard unit, by way of the molar mass where one is in moles."""
    analyte = load_analytes()[code]
    factor = next(each.factor for each in analyte.units if each.code == unit)
    one = registry.Quantity(1, PINT.get(unit, unit))
    standard = registry.Unit(PINT.get(analyte.standard_unit, analyte.standard_unit))
    if one.dimensionality != standard.dimensionality:
        mass = registry.Quantity(MOLAR_MASS[code], "g/mol")
        one = one * mass if one.check("[substance]/[volume]") else one / mass
    assert one.to(standard).magnitude == pytest.approx(float(factor), rel=CLOSE)


def test_factors_are_exact() -> None:
    """3.25 mg/dL against a limit of 1.3 mg/dL is exactly 2.5 times, whatever the unit compared in."""
    factor = {unit.code: unit.factor for unit in load_analytes()["creatinine"].units}["mg/dL"]
    assert Fraction("3.25") * factor / (Fraction("1.3") * factor) == Fraction(5, 2)
