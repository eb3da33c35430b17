"""What invented laboratories measure: names, units, reference ranges, and values drawn at random."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

ABNORMAL = 0.35  # share of values outside their reference range
BELOW_DETECTION = 0.03  # share of values printed as `<5`
LEFT_OUT = 0.12  # share of slips on which a test of the trial is missing


@dataclass(frozen=True)
class Measure:
    """A unit, and the reference range in it. The range's decimals are the value's."""

    unit: str
    low: Decimal
    high: Decimal

    @property
    def step(self) -> Decimal:
        """The smallest difference that is printed."""
        return Decimal(1).scaleb(-len(str(self.high).partition(".")[2]))


@dataclass(frozen=True)
class LabTest:
    """A test as laboratories name it; `analyte` is the trial's code, None for what no trial question asks."""

    code: str
    names: Mapping[str, str]
    group: str
    analyte: str | None
    measures: Mapping[str, Measure]


@dataclass(frozen=True)
class Result:
    """A test's value on a slip. `below` is set where it is printed as less than the value."""

    test: LabTest
    measure: Measure
    value: Decimal
    previous: Decimal
    below: bool

    @property
    def flag(self) -> str | None:
        """`high` or `low` where the value lies outside its reference range."""
        if self.below or self.measure.low <= self.value <= self.measure.high:
            return None
        return "high" if self.value > self.measure.high else "low"


# code | English | Chinese | Spanish | group | analyte | SI: unit low high | conventional: unit low high
_TABLE = """
WBC | White blood cells | 白细胞计数 | Leucocitos | count | - | 10^9/L 3.5 9.5 | 10^3/uL 4.0 11.0
RBC | Red blood cells | 红细胞计数 | Hematíes | count | - | 10^12/L 3.80 5.10 | 10^6/uL 4.10 5.50
HGB | Hemoglobin | 血红蛋白 | Hemoglobina | count | hemoglobin | g/L 115 150 | g/dL 12.0 16.0
HCT | Hematocrit | 红细胞压积 | Hematocrito | count | - | % 35.0 45.0 | % 36.0 48.0
MCV | Mean cell volume | 平均红细胞体积 | Volumen corpuscular medio | count | - | fL 82.0 100.0 | fL 80.0 98.0
MCH | Mean cell hemoglobin | 平均血红蛋白量 | Hemoglobina corpuscular media | count | - | pg 27.0 34.0 | pg 27.0 33.0
MCHC | Mean cell hemoglobin conc. | 平均血红蛋白浓度 | Conc. de Hb corpuscular media | count | - | g/L 316 354 | g/dL 31.6 35.4
PLT | Platelets | 血小板计数 | Plaquetas | count | - | 10^9/L 125 350 | 10^3/uL 150 400
NEUT% | Neutrophils | 中性粒细胞百分数 | Neutrófilos | count | - | % 40.0 75.0 | % 40.0 75.0
ALT | Alanine aminotransferase | 丙氨酸氨基转移酶 | Alanina aminotransferasa | chemistry | alt | U/L 7 40 | U/L 9 50
AST | Aspartate aminotransferase | 天门冬氨酸氨基转移酶 | Aspartato aminotransferasa | chemistry | ast | U/L 13 35 | U/L 15 40
AST/ALT | AST/ALT ratio | 谷草/谷丙比值 | Cociente AST/ALT | chemistry | - | - 0.80 1.50 | - 0.80 1.50
TBIL | Total bilirubin | 总胆红素 | Bilirrubina total | chemistry | bilirubin | umol/L 3.4 20.5 | mg/dL 0.2 1.2
DBIL | Direct bilirubin | 直接胆红素 | Bilirrubina directa | chemistry | - | umol/L 0.0 6.8 | mg/dL 0.0 0.4
IBIL | Indirect bilirubin | 间接胆红素 | Bilirrubina indirecta | chemistry | - | umol/L 1.7 13.2 | mg/dL 0.1 0.8
ALB | Albumin | 白蛋白 | Albúmina | chemistry | - | g/L 40.0 55.0 | g/dL 3.5 5.0
ALP | Alkaline phosphatase | 碱性磷酸酶 | Fosfatasa alcalina | chemistry | - | U/L 35 100 | U/L 40 129
GGT | Gamma-glutamyl transferase | γ-谷氨酰基转移酶 | Gamma glutamil transferasa | chemistry | - | U/L 7 45 | U/L 8 61
UREA | Urea | 尿素 | Urea | chemistry | - | mmol/L 2.6 7.5 | mg/dL 17 43
CREA | Creatinine | 肌酐 | Creatinina | chemistry | creatinine | umol/L 41 81 | mg/dL 0.60 1.30
eGFR | Estimated GFR | 肾小球滤过率 | Filtrado glomerular | chemistry | - | mL/min 90 120 | mL/min 90 120
UCr | Urine creatinine | 尿肌酐 | Creatinina en orina | chemistry | - | mmol/L 2.5 20.0 | mg/dL 28 217
CK | Creatine kinase | 肌酸激酶 | Creatina quinasa | chemistry | - | U/L 40 200 | U/L 39 308
LDH | Lactate dehydrogenase | 乳酸脱氢酶 | Lactato deshidrogenasa | chemistry | - | U/L 120 250 | U/L 135 225
GLU | Glucose | 葡萄糖 | Glucosa | chemistry | - | mmol/L 3.9 6.1 | mg/dL 70 99
HbA1c | Glycated hemoglobin | 糖化血红蛋白 | Hemoglobina glicosilada | chemistry | - | % 4.0 6.0 | % 4.0 5.6
"""


def _measure(text: str) -> Measure:
    unit, low, high = text.split()
    return Measure("" if unit == "-" else unit, Decimal(low), Decimal(high))


def _test(line: str) -> LabTest:
    code, en, zh, es, group, analyte, si, conventional = (cell.strip() for cell in line.split("|"))
    measures = {"si": _measure(si), "conventional": _measure(conventional)}
    return LabTest(code, {"en": en, "zh": zh, "es": es}, group, None if analyte == "-" else analyte, measures)


TESTS = tuple(_test(line) for line in _TABLE.strip().splitlines())
COUNT = "count"
CHEMISTRY = "chemistry"


def results(rng: random.Random, system: str, group: str, others: int) -> list[Result]:
    """The results of one group in a laboratory's order: most tests of the trial, and so many others between them."""
    here = [test for test in TESTS if test.group == group]
    fillers = [test.code for test in here if test.analyte is None]
    taken = set(rng.sample(fillers, min(others, len(fillers))))
    taken |= {test.code for test in here if test.analyte and rng.random() > LEFT_OUT}
    return [_result(rng, test, test.measures[system]) for test in here if test.code in taken]


def _result(rng: random.Random, test: LabTest, measure: Measure) -> Result:
    below = test.analyte is not None and test.analyte != "hemoglobin" and rng.random() < BELOW_DETECTION
    value = max(measure.low, measure.step * 2) if below else _value(rng, test, measure)
    return Result(test, measure, value, _value(rng, test, measure), below)


def _value(rng: random.Random, test: LabTest, measure: Measure) -> Decimal:
    low, high = float(measure.low), float(measure.high)
    if rng.random() > ABNORMAL:
        value = rng.uniform(low, high)
    elif test.code in {"HGB", "RBC", "HCT", "PLT", "ALB", "WBC"}:
        value = low * rng.uniform(0.55, 0.99)
    elif measure.unit == "%" or test.code.startswith("MC"):
        value = high * rng.uniform(1.01, 1.2)
    else:
        value = high * rng.choice([rng.uniform(1.01, 1.6), rng.uniform(1.6, 6)])
    return max(Decimal(value).quantize(measure.step), measure.step)
