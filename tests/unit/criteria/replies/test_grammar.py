"""Replies made from parts in random order: what is accepted is what was put in, or it is not accepted."""

from __future__ import annotations

import os
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.criteria.reading import Outcome
from bot.library.words import load_lexicon
from tests.replies.asking import ask

NAMES = {
    "hemoglobin": ["Hb", "HGB", "hemoglobin", "血红蛋白", "Hemoglobina", "血红蛋白(HGB)", "Haemoglobin"],
    "creatinine": ["Cr", "creatinine", "肌酐", "Creatinina", "S. Creatinine", "Crea", "Creatinine, Serum"],
    "ast": ["AST", "SGOT", "谷草转氨酶", "TGO", "AST (SGOT)", "天门冬氨酸氨基转移酶(AST)"],
    "alt": ["ALT", "SGPT", "谷丙转氨酶", "TGP", "ALT/TGP"],
    "bilirubin": ["total bilirubin", "TBIL", "总胆红素", "bilirrubina total", "T.Bil"],
    "lvef": ["EF", "LVEF", "射血分数", "FEVI"],
    "spo2": ["SpO2", "血氧饱和度", "O2 sat", "saturación"],
}
SPELLINGS = {
    "g/L": ["g/L", "g/l", "G/L", "克/升", "g / L", "gramos por litro"],
    "g/dL": ["g/dL", "gm/dl", "g%", "克/分升", "G/DL", "gms/dl"],
    "mmol/L": ["mmol/L", "mmol/l", "毫摩尔/升"],
    "umol/L": ["umol/L", "µmol/L", "μmol/l", "微摩尔/升", "mcmol/L", "umol / L"],
    "mg/dL": ["mg/dL", "mg/dl", "mg%", "毫克/分升", "MG/DL"],
    "U/L": ["U/L", "IU/L", "u/l", "UI/L", "单位/升"],
    "ukat/L": ["ukat/L", "µkat/l"],
    "%": ["%", " %", "percent", "por ciento"],
}
NOISE = [
    "on 3 May",
    "2026-05-03",
    "5月3日",
    "at 10:30",
    "yesterday",
    "3 days ago",
    "weight 62 kg",
    "BP 120/80",
    "fasting 12 hours",
    "2 units of blood given",
    "day 3",
    "cycle 2",
    "H",
    "L",
    "↓",
    "*",
    "(L)",
    "偏低",
    "thanks",
    "doctor",
    "34 yo",
    "room air",
    "ayer",
    "el 3 de mayo",
    "page 2",
    "(3/5/2026)",
    "20 mg",
    "5.2 x10^9/L",
    "MCHC 330",
    "pulse 72",
    "HR 80",
    "心率80",
    "FC 80 lpm",
    "at night",
    "week 3",
    "on 2L",
    "C1D8",
    "fold",
    "from",
    "hasta",
    "con",
    "HbA1c 6.5",
    "direct 3.2",
    "clearance 60",
    "was 7.5",
    "goal 100",
    "not",
    "no",
    "9",
    "2x",
    "x ULN",
    "normal",
    "ninety",
    "point 5",
    "多",
    "(40)",
    "40",
    "- 5",
    "1/2",
    "½",
    "<",
    ">",
]
EXAMPLES = int(os.environ.get("PRESCREEN_FUZZ_EXAMPLES", "400"))
SEPARATORS = [" ", ", ", "; ", "\n", ": ", "  ", "， ", " | ", "\t", ". "]
ANALYTES = st.sampled_from(sorted(NAMES))


@st.composite
def replies(draw: st.DrawFn) -> tuple[str, str, Fraction, str | None]:
    """An analyte, a reply about it, the value in it, and the unit's code if one stands beside the value."""
    code = draw(ANALYTES)
    digits = draw(st.integers(1, 400))
    places = draw(st.integers(0, 2))
    mark = draw(st.sampled_from(".,"))
    whole, part = str(digits), "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=places, max_size=places)))
    value = Fraction(int(whole + part), 10**places)
    number = f"{whole}{mark}{part}" if places else whole
    unit = draw(
        st.sampled_from([None, *(unit.code for unit in load_lexicon().analytes[code].units if unit.only is None)])
    )
    core = [number + draw(st.sampled_from(["", " "])) + draw(st.sampled_from(SPELLINGS[unit])) if unit else number]
    if draw(st.booleans()):
        core.insert(0, draw(st.sampled_from(NAMES[code])))
    if draw(st.booleans()):
        low = draw(st.integers(0, 60))
        high = low + draw(st.integers(1, 200))
        shape = draw(
            st.sampled_from(
                ["({}-{})", "[{} - {}]", "ref {}-{}", "参考值{}-{}", "{}-{}", "{}～{}", "(<{1})", "VR: {} a {}"]
            )
        )
        core.append(shape.format(low, high))
    noise = draw(st.lists(st.sampled_from(NOISE), max_size=2))
    pieces = [[" ".join(core)], *([each] for each in noise)]
    order = draw(st.permutations(pieces))
    text = order[0][0]
    for piece in order[1:]:
        text += draw(st.sampled_from(SEPARATORS)) + piece[0]
    return code, text, value, unit


@settings(max_examples=EXAMPLES, deadline=None)
@given(replies())
def test_an_accepted_value_is_the_one_that_was_said(made: tuple[str, str, Fraction, str | None]) -> None:
    """Whatever stands around the value, in whatever order: the value and its unit, or a question."""
    code, text, value, unit = made
    analyte = load_lexicon().analytes[code]
    reading = ask(code, text)
    if reading.outcome is Outcome.SLIP:
        reading = (reading.slip or {}).get(code, reading)
    if reading.outcome is not Outcome.ACCEPTED or reading.times_uln is not None:
        return
    assert reading.standard is not None
    possible = [each.factor for each in analyte.units if unit is None or each.code == unit]
    meant = {value * factor for factor in possible}
    bounds = {bound for bound in (reading.standard.low, reading.standard.high) if bound is not None}
    assert bounds <= meant, (text, reading)
