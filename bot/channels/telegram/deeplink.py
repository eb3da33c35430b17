"""Links that open the bot on a trial: `https://t.me/<bot>?start=<payload>`.

A payload is `l_<language>-s_<site>-f_<source>-<trial>`, each part but the trial as needed, such as `l_es-4scar7u`. It
comes from anybody, so it only ever picks among what there is.
"""

from __future__ import annotations

import re

from bot.flows.inputs import Opened

JOIN = "j_"
"""How the payload begins that shows a code to join the staff."""

MOST_CHARACTERS = 64  # of a start parameter, by Telegram

_ALLOWED = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PARTS = re.compile(
    r"(?:l_(?P<locale>[A-Za-z]{2,3}(?:_[A-Za-z]{2,8})?)(?:-|$))?"
    r"(?:s_(?P<site>[a-z0-9_]{1,40})(?:-|$))?"
    r"(?:f_(?P<source>[A-Za-z0-9_]{1,24})(?:-|$))?"
    r"(?P<trial>[a-z0-9][a-z0-9_-]{0,39})?"
)


def pack(opened: Opened) -> str:
    """The payload that opens the bot so. Raises `ValueError` where it cannot be written as one."""
    parts = [
        opened.locale and f"l_{opened.locale}",
        opened.site and f"s_{opened.site}",
        opened.source and f"f_{opened.source}",
        opened.trial,
    ]
    payload = "-".join(part for part in parts if part)
    if unpack(payload) != opened:
        raise ValueError(f"the link would not hold all this: {MOST_CHARACTERS} letters, digits, _ and - at most")
    return payload


def unpack(payload: str) -> Opened:
    """How a payload opens the bot; what is no payload opens it as usual."""
    found = _PARTS.fullmatch(payload) if _ALLOWED.fullmatch(payload) else None
    if found is None:
        return Opened()
    return Opened(locale=found["locale"], trial=found["trial"], site=found["site"], source=found["source"])


def link(username: str, payload: str) -> str:
    """The link to the bot of that name."""
    return f"https://t.me/{username}?start={payload}"
