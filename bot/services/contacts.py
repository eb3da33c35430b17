"""Phone numbers and e-mail addresses, checked and brought to their standard form."""

from __future__ import annotations

import re
from typing import Literal

import phonenumbers

MAX_LENGTH = 254  # the longest e-mail address (RFC 5321)
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,8}", re.IGNORECASE)


def standard_form(kind: Literal["phone", "email"], text: str, region: str | None) -> str | None:
    """The number in E.164, or the address; None where it cannot be one. `region` (ISO 3166): for a number without country code."""
    said = text.strip()
    if len(said) > MAX_LENGTH:
        return None
    if kind == "email":
        return said if _EMAIL.fullmatch(said) else None
    try:
        number = phonenumbers.parse(said, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
