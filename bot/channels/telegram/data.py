"""What a button carries: the conversation, the step and the choice it belongs to."""

from __future__ import annotations

import re

from bot.flows.inputs import ButtonPressed

MOST_BYTES = 64  # of `callback_data`, by the Bot API

_DATA = re.compile(r"([0-9A-Za-z_-]{1,16}):([0-9]{1,9}):([A-Za-z0-9_.-]{1,60})")


def pack(session: str, step: int, choice: str) -> str:
    """The data of a button. Raises `ValueError` where it would not fit."""
    data = f"{session}:{step}:{choice}"
    if _DATA.fullmatch(data) is None or len(data) > MOST_BYTES:
        raise ValueError("a button's choice is too long, or has characters that no id has")
    return data


def unpack(data: str | None) -> ButtonPressed | None:
    """The choice that a button stands for; None where it is no button of this bot."""
    found = _DATA.fullmatch(data or "")
    return ButtonPressed(found[3], int(found[2]), found[1]) if found else None
