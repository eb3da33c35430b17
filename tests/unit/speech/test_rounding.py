"""No number is told so that it contradicts the verdict: near each limit of the trial, in every unit and language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.criteria.measured import QuantityCheck
from bot.criteria.protocol import AcceptedUnit, Kind, Respondent
from bot.criteria.reading import Flag, Outcome, Reading
from bot.criteria.replies import read
from bot.criteria.rules import leaves
from bot.flows.events import screening
from bot.library.trials import catalogue_for
from bot.library.words import load_lexicon
from bot.speech.catalogue import languages
from bot.speech.evidence import evidence
from bot.speech.rounding import Limit, digits_beside, roughly, rounded, rounded_beside
from bot.speech.tables import table
from bot.speech.telling import Teller
from tests.unit.criteria.answers import TODAY, but, finding, trial

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
QUESTIONS = trial().protocol.by_id
CHECKS = [
    (compiled.criterion.code, check)
    for compiled in trial().criteria
    for check in leaves(compiled.stages[-1])
    if isinstance(check, QuantityCheck) and QUESTIONS[check.question].kind is not Kind.SCORE
]


@dataclass(frozen=True)
class Near:
    """A value near a limit. `uln`: what is answered, or stated beside the value, as the upper limit of normal."""

    code: str
    check: QuantityCheck
    value: Reading
    uln: Reading | None
    beside: bool

    @property
    def limit(self) -> Fraction:
        """The limit in the standard unit."""
        if self.uln is None:
            return self.check.number
        assert self.uln.standard is not None
        return self.check.number * (self.uln.standard.low or 0)


def written(number: Fraction, decimals: int) -> str:
    """A number with so many decimals."""
    units, part = divmod(round(number * 10**decimals), 10**decimals)
    return f"{units}.{part:0{decimals}}" if decimals else str(units)


def heard(question: str, text: str) -> Reading:
    """A reply to a question as the bot reads it."""
    asked = QUESTIONS[question]
    reading = read(
        asked, text, lexicon=load_lexicon(), analytes=trial().analytes, respondent=Respondent.STAFF, today=TODAY
    )
    assume(reading.outcome is Outcome.ACCEPTED and Flag.APPROXIMATE not in reading.flags)
    return reading


@st.composite
def near(draw: st.DrawFn, *, converted: bool = False) -> Near:
    """A value as somebody writes it, some steps of its last decimal away from a limit, on it or about it.

    converted: in another unit than the usual one, and without its upper limit, which is asked for.
    """
    code, check = draw(st.sampled_from([each for each in CHECKS if each[1].times_limit or not converted]))
    analyte, uln, limit, beside = check.analyte, None, check.number, ""
    if check.times_limit:
        other: AcceptedUnit = draw(st.sampled_from(analyte.units))
        low, high = (each / other.factor for each in analyte.credible_uln or (Fraction(0), Fraction(0)))
        stated = written(draw(st.fractions(low, high)), draw(st.integers(0, 4)))
        uln = heard(check.uln_question or "", f"{stated} {other.code}")
        assert uln.standard is not None
        limit *= uln.standard.low or 0
        beside = f", upper limit {stated} {other.code}"
    unit: AcceptedUnit = draw(st.sampled_from(analyte.units[1 if converted else 0 :]))
    decimals, steps = draw(st.integers(0, 9)), draw(st.integers(-2, 2))
    number = written(limit / unit.factor + steps / Fraction(10**decimals), decimals)
    number = draw(st.sampled_from(("", "", "<", ">"))) + number
    with_limit = bool(beside) and not converted and draw(st.booleans())
    value = heard(check.question, f"{number} {unit.code}{beside if with_limit else ''}")
    assume(value.standard is not None and (value.uln is not None) is with_limit)
    return Near(code, check, value, uln, with_limit)


def side(value: Fraction, limit: Fraction) -> int:
    """Under, on or over the limit."""
    return (value > limit) - (value < limit)


def bound(case: Near) -> Fraction:
    """The one bound of a value that is told."""
    standard = case.value.standard
    assert standard is not None
    told = standard.high if standard.low is None else standard.low
    assert told is not None
    return told


def numbers(text: str) -> list[Fraction]:
    """The numbers of a sentence, after the name of what is measured."""
    return [Fraction(each.replace(",", ".")) for each in NUMBER.findall(re.split("[:：]", text, maxsplit=1)[1])]


@given(near(), st.sampled_from(languages()))
def test_a_verdict_compares_the_numbers_that_it_tells_as_they_are(case: Near, language: str) -> None:
    """Value and limit, or value and multiple of the upper limit, are on the same sides of each other as unrounded."""
    answers = but(**{case.check.question: case.value}) | (
        {case.check.uln_question or "": case.uln} if case.uln is not None and not case.beside else {}
    )
    found = finding(case.code, answers)
    told = numbers(evidence(found, trial().protocol, catalogue_for("4scar7u"), language))
    times = told[-2] if case.uln is not None else Fraction(1)
    assert side(told[0], times * told[-1]) == side(bound(case), case.limit)
    if case.value.reported is not None and case.value.reported_unit != case.value.unit:
        assert told[1] in (case.value.reported.low, case.value.reported.high)


@given(near(), st.sampled_from(languages()))
def test_no_answer_is_read_back_on_or_over_a_limit_that_it_is_not_on_or_over(case: Near, language: str) -> None:
    """What is typed stays as it was; what it is converted to, how many times its limit it is, and that limit agree with it."""
    teller = Teller(trial(), catalogue_for("4scar7u"), language, Respondent.STAFF)
    rows = [screening.ReviewRow(case.check.question, case.value)]
    if case.uln is not None and not case.beside:
        rows.append(screening.ReviewRow(case.check.uln_question or "", case.uln))
    review = screening.ReviewShown(tuple(rows))
    shown = table(teller, review)
    assert shown is not None
    text = shown.rows[0].answer
    assert text in (teller.say(review) or "")
    told = [Fraction(each.replace(",", ".")) for each in NUMBER.findall(text)]
    own = case.value.reported or case.value.standard
    assert own is not None
    typed = own.high if own.low is None else own.low
    assert told[0] == typed
    if case.value.uln is not None and own.low is not None:
        limit, times = told[-2:]
        assert side(times, case.check.number) == side(bound(case), case.limit)
        if bound(case) != case.limit:
            assert side(told[0], case.check.number * limit) == side(bound(case), case.limit)
        told = told[:-2]
    if len(told) > 1 and (bound(case) != case.limit or told[1] == case.limit):
        assert side(told[1], case.limit) == side(bound(case), case.limit)


@given(near(converted=True))
def test_an_answer_is_read_back_on_no_upper_limit_that_may_yet_be_stated(case: Near) -> None:
    """Its upper limit of normal is asked for later: no rounding puts it on the multiple of one as laboratories write them."""
    teller = Teller(trial(), catalogue_for("4scar7u"), "en", Respondent.STAFF)
    told = Fraction(NUMBER.findall(teller.answer(case.check.question, case.value))[-1])
    stated = told / case.check.number
    assert told == bound(case) or len(f"{float(stated):.15g}".replace(".", "").strip("0")) > 3


@given(
    st.lists(st.fractions(1, 1000), min_size=1, max_size=2),
    st.lists(st.tuples(st.fractions(1, 400), st.sampled_from(("1", "2.5", "3"))), min_size=1, max_size=2),
)
def test_numbers_that_are_told_beside_each_other_compare_as_they_do_unrounded(
    values: list[Fraction], ulns: list[tuple[Fraction, str]]
) -> None:
    """Whatever they are, both bounds of a range among them; and none is told far from what it is."""
    limits = tuple(Limit(uln, Fraction(times)) for uln, times in ulns)
    digits = digits_beside(tuple(values), limits)
    for value in values:
        told = Fraction(rounded_beside(value, digits, limits))
        assert abs(told - value) * 1000 < value
        for limit in limits:
            assert limit.of is not None
            shown = limit.times * Fraction(rounded(limit.of, digits))
            assert side(told, shown) == side(value, limit.times * limit.of)


@pytest.mark.parametrize(
    ("value", "told"), [("175.0353", "175.04"), ("174.9999", "174.9999"), ("175", "175"), ("88.4017", "88.4")]
)
def test_four_digits_are_told_where_they_mislead_nobody(value: str, told: str) -> None:
    """One more, or a few, where the four would stand on 2.5 times a limit as laboratories state them."""
    assert roughly(Fraction(value), (Limit(None, Fraction("2.5")),)) == Fraction(told)
