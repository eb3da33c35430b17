"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and codes for the day when it is lost.

What is wrong too often waits, longer each time. A code is good once, a recovery code too.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from pydantic import BaseModel, ConfigDict, Field

ISSUER = "Prescreen"
SECRET_BYTES = 20  # as RFC 4226 recommends, and all that some apps take
DIGITS = 6
STEP_SECONDS = 30
DRIFT = (0, -1, 1)  # steps by which a phone's clock may differ
FREE_FAILURES = 5  # wrong codes before the first wait
FIRST_WAIT = timedelta(seconds=30)  # doubled at each wrong code after that
LONGEST_WAIT = timedelta(hours=1)
MOST_DOUBLINGS = 16
RECOVERY_CODES = 8
RECOVERY_BYTES = 10  # 80 bits, written as 16 letters
GROUP = 4

_TOTP_CODE = re.compile(r"[0-9]{6}")
_RECOVERY_CODE = re.compile(r"[A-Z2-7]{16}")


class Factor(BaseModel):
    """A member's second factor, as it is kept.

    `secret`: in base32. `confirmed`: a code was shown once. `last_step`: the latest time step whose code was taken.
    `failures`: wrong codes in a row. `recovery`: digests of the recovery codes that are left.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: str
    confirmed: bool = False
    last_step: int = -1
    failures: int = 0
    waits_until: datetime | None = None
    recovery: tuple[str, ...] = Field(default=())

    def uri(self, account: str) -> str:
        """What a QR code says to an authenticator app."""
        return _totp(self.secret).get_provisioning_uri(account, ISSUER)


class Outcome(StrEnum):
    """What a code came to."""

    GOOD = "good"
    RECOVERED = "recovered"
    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Judged:
    """A code judged: what it came to, the factor after it, and the recovery codes where the factor was confirmed by it."""

    outcome: Outcome
    factor: Factor
    recovery: tuple[str, ...] = field(default=())


def new_factor() -> Factor:
    """A factor with a secret of its own, not confirmed yet."""
    return Factor(secret=base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode())


def judge(factor: Factor, typed: str, now: datetime) -> Judged:
    """What a code that was typed comes to. While one has to wait, no code is looked at."""
    if factor.waits_until is not None and now < factor.waits_until:
        return Judged(Outcome.WAIT, factor)
    code = re.sub(r"[\s-]", "", typed).upper()
    step = _step_of(factor, code, now)
    if step is not None:
        return _taken(factor, step)
    digest = hashlib.sha256(code.encode()).hexdigest()
    if factor.confirmed and _RECOVERY_CODE.fullmatch(code) and digest in factor.recovery:
        left = tuple(each for each in factor.recovery if each != digest)
        return Judged(Outcome.RECOVERED, _calm(factor, recovery=left))
    failures = factor.failures + 1
    return Judged(
        Outcome.WRONG, factor.model_copy(update={"failures": failures, "waits_until": _wait_until(failures, now)})
    )


def _step_of(factor: Factor, code: str, now: datetime) -> int | None:
    """The time step that a code is of; None where it is of none, or of one whose code was taken before."""
    if not _TOTP_CODE.fullmatch(code):
        return None
    totp, present = _totp(factor.secret), int(now.timestamp()) // STEP_SECONDS
    for step in (present + drift for drift in DRIFT):
        if step > factor.last_step and compare_digest(totp.generate(step * STEP_SECONDS), code.encode()):
            return step
    return None


def _taken(factor: Factor, step: int) -> Judged:
    if factor.confirmed:
        return Judged(Outcome.GOOD, _calm(factor, last_step=step))
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    digests = tuple(hashlib.sha256(code.replace("-", "").encode()).hexdigest() for code in codes)
    return Judged(Outcome.GOOD, _calm(factor, last_step=step, confirmed=True, recovery=digests), codes)


def _calm(factor: Factor, **changed: object) -> Factor:
    return factor.model_copy(update={"failures": 0, "waits_until": None, **changed})


def _wait_until(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_FAILURES:
        return None
    doublings = min(failures - FREE_FAILURES, MOST_DOUBLINGS)
    return now + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what every app computes


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
    return "-".join(letters[place : place + GROUP] for place in range(0, len(letters), GROUP))
