"""What a form sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.http.guard import read_body

MOST_FORM = 4_096  # bytes
MOST_FIELDS = 16
FREE = "text"
"""The field for what somebody writes, or copies out of a file: of control characters NUL alone is refused there."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # but a tab, which comes with a value out of a table


async def read_form(request: Request, most: int = MOST_FORM, fields: int = MOST_FIELDS) -> Mapping[str, str]:
    """The fields of a form.

    Raises the HTTP error where it is longer than `most` bytes, has more `fields`, has control characters, or is no form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        given = dict(parse_qsl((await read_body(request, most)).decode(), max_num_fields=fields))
        check_fields(given)
    except ValueError:
        raise HTTPException(400) from None
    return given


def check_fields(given: Mapping[str, str]) -> None:
    """See that no field of a form has a character that it cannot have. Raises ValueError where one has."""
    for name, value in given.items():
        if "\0" in value or _CONTROL.search(name if name == FREE else f"{name}{value}"):
            raise ValueError
