"""A code under which somebody is screened names nobody."""

from __future__ import annotations

import pytest

from bot.flows.bench.codes import Flaw, flaw


@pytest.mark.parametrize("code", ["HK-012", "hk012", "P7", "4S-01", "SZ_0042", "A1b-2", "12", "ABCDEFGHIJKLMNOP-123"])
def test_a_running_number_of_a_site_is_taken(code: str) -> None:
    """Letters, digits, `-` and `_`, two to twenty of them."""
    assert flaw(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "Zhang",
        "zhang-12",
        "Zhang San",
        "ZhangSan1",
        "Li-12",
        "LI",
        "WANG",
        "李伟",
        "李伟01",
        "maria_lopez2",
        "José-1",
        "a b",
    ],
)
def test_what_may_be_a_name_is_refused(code: str) -> None:
    """Two words, a capitalised word, a word in small letters, letters alone, or letters that are not plain."""
    assert flaw(code) is Flaw.NAME


@pytest.mark.parametrize(
    "code",
    [
        "11010519491231002X",  # a Chinese identity number with its check digit
        "110105491231002",  # one of fifteen digits
        "E12345678",  # a passport
        "13800138000",
        "+86 138 0013 8000",
        "MRN-0012345",
        "19850412",  # a date of birth
        "12345678Z",
        "ana@example.org",
    ],
)
def test_what_may_be_a_number_of_somebody_is_refused(code: str) -> None:
    """Phone, identity, passport and record numbers, dates of birth and e-mail addresses."""
    assert flaw(code) is Flaw.NUMBER


@pytest.mark.parametrize("code", ["7", "-12", "12-", "A#1", "A" * 20 + "1"])
def test_anything_else_has_the_wrong_form(code: str) -> None:
    """One character, a sign at an end, another sign, or too long."""
    assert flaw(code) is Flaw.FORM
