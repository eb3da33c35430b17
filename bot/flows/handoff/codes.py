"""Codes that make a chat one of staff: shown once, kept only as a digest."""

from __future__ import annotations

import hashlib
import re

CODE_BYTES = 20  # of randomness: 160 bits, written as 27 characters
_CODE = re.compile(r"[A-Za-z0-9_-]{27}")


def digest_of(code: str) -> str | None:
    """The digest that stands for a code; None where the text is no code."""
    said = code.strip()
    return hashlib.sha256(said.encode()).hexdigest() if _CODE.fullmatch(said) else None
