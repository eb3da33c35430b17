"""The second factor: codes as RFC 6238 has them, each good once, and waits that grow."""

from __future__ import annotations

import base64
import datetime as dt

import pytest

from bot.services.factor import RECOVERY_CODES, Factor, Outcome, judge, new_factor

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)


def at(seconds: int) -> dt.datetime:
    """A moment, in seconds since 1970."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    """The test vectors of RFC 6238, appendix B, for SHA-1: their last six digits."""
    assert judge(Factor(secret=RFC_SECRET), code, at(seconds)).outcome is Outcome.GOOD


@pytest.mark.parametrize(("late", "outcome"), [(-59, "good"), (30, "good"), (-60, "wrong"), (31, "wrong")])
def test_a_clock_may_be_one_step_off(late: int, outcome: str) -> None:
    """And no more: the code is of a step whose last second this is."""
    assert judge(Factor(secret=RFC_SECRET), "081804", at(1111111109 + late)).outcome == outcome


def test_a_code_is_good_once_and_none_before_it_after_it() -> None:
    """Whoever saw it typed comes too late; also with the code of the step before."""
    first = judge(Factor(secret=RFC_SECRET), "050471", at(1111111111)).factor
    assert judge(first, "050471", at(1111111111)).outcome is Outcome.WRONG
    assert judge(first, "081804", at(1111111111)).outcome is Outcome.WRONG


def test_confirming_makes_recovery_codes_and_each_is_good_once() -> None:
    """However it is typed; nothing but a digest of it is kept."""
    confirmed = judge(Factor(secret=RFC_SECRET), "050471", at(1111111111))
    assert len(set(confirmed.recovery)) == RECOVERY_CODES
    code = confirmed.recovery[3]
    assert code.replace("-", "") not in confirmed.factor.model_dump_json()
    used = judge(confirmed.factor, code.lower().replace("-", " "), NOW)
    assert (used.outcome, len(used.factor.recovery)) == (Outcome.RECOVERED, RECOVERY_CODES - 1)
    assert judge(used.factor, code, NOW).outcome is Outcome.WRONG
    assert judge(used.factor, "050471", at(1234567890)).recovery == ()


def test_wrong_codes_wait_longer_each_time_up_to_an_hour() -> None:
    """While one waits no code is looked at; a good one afterwards sets the count back."""
    factor, waits, now = new_factor().model_copy(update={"secret": RFC_SECRET}), [], at(1111110000)
    for _ in range(14):
        factor = judge(factor, "no code", now).factor
        waits.append(int((factor.waits_until - now).total_seconds()) if factor.waits_until else 0)
        if factor.waits_until:
            assert judge(factor, "no code", now).outcome is Outcome.WAIT
            now = factor.waits_until
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    good = judge(factor, "005924", at(1234567890)).factor
    assert (good.failures, good.waits_until) == (0, None)
