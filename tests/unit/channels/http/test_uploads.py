"""Forms with files: taken apart as browsers send them, and refused where they are anything else."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from bot.channels.http.uploads import Upload, read_upload

KIND = "multipart/form-data; boundary=----b0"
MOST = 10_000


def part(head: str, content: bytes) -> bytes:
    """A part as a browser writes it."""
    return f"------b0\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


async def read(body: bytes, kind: str = KIND) -> Upload:
    """What is read of a body that comes in pieces."""
    pieces = [body[start : start + 700] for start in range(0, len(body), 700)] or [b""]

    async def receive() -> Message:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    headers = [(b"content-type", kind.encode())]
    return await read_upload(Request({"type": "http", "method": "POST", "headers": headers}, receive), MOST)


async def test_fields_and_files_come_through_byte_by_byte() -> None:
    """Line ends, noughts and dashes within a file are its own; a field that was left empty has no file."""
    content = b"\xff\xd8\r\n\r\n--\x00------b\r\n" * 50
    body = part('name="message"', b"an id") + part('name="photo"; filename="s.jpg"', content)
    body += part('name="photo"; filename="t.jpg"', b"2") + part('name="photo"; filename=""', b"") + b"------b0--\r\n"
    assert await read(body) == Upload({"message": "an id"}, {"photo": [content, b"2"]})


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (part('name="a"', b"1"), KIND, 400),  # it does not end
        (b"------b0--\r\n", "multipart/form-data", 415),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (part('name="a"', b"x" * MOST) + b"------b0--", KIND, 413),
        (part('name="a"', b"\xff") + b"------b0--", KIND, 400),  # a field that is no text
        (b"------b0\r\nno end of its head\r\n------b0--", KIND, 400),
    ],
)
async def test_what_is_no_such_form_is_refused(body: bytes, kind: str, status: int) -> None:
    """Each with its own status, and nothing of it in the error."""
    with pytest.raises(HTTPException) as refused:
        await read(body, kind)
    assert refused.value.status_code == status
