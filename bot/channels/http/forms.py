"""What a form sends."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.http.guard import read_body

MOST_FORM = 4_096  # bytes
MOST_FIELDS = 16


async def read_form(request: Request, most: int = MOST_FORM, fields: int = MOST_FIELDS) -> Mapping[str, str]:
    """The fields of a form. Raises the HTTP error where it is longer than `most` bytes, has more `fields`, or is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        return dict(parse_qsl((await read_body(request, most)).decode(), max_num_fields=fields))
    except ValueError:
        raise HTTPException(400) from None
