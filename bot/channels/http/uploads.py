"""Files that a form sends: `multipart/form-data`, within a limit that holds while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.http.forms import check_fields
from bot.channels.http.guard import read_body

MOST_PARTS = 32
KIND = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form sends: its fields by name, and the files of each of its file fields."""

    fields: dict[str, str]
    files: dict[str, list[bytes]]


async def read_upload(request: Request, most: int) -> Upload:
    """The fields and files of a form. A file field that was left empty has no file.

    Raises the HTTP error where the form is longer than `most` bytes, without reading the rest, or is no such form.
    """
    boundary = _header("content-type", request.headers.get("content-type", "")).get_param("boundary")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != KIND or not isinstance(boundary, str) or not boundary:
        raise HTTPException(415)
    found = Upload({}, {})
    try:
        for head, content in _parts(await read_body(request, most), boundary.encode()):
            _put(found, head, content)
        check_fields(found.fields)
    except ValueError:
        raise HTTPException(400) from None
    return found


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[Message, bytes]]:
    """Each part, with its headers. Raises ValueError where the body is not as its header says."""
    chunks = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 1)
    if len(chunks) < 2 or not chunks[-1].startswith(b"--"):
        raise ValueError
    for chunk in chunks[1:-1]:
        head, end, content = chunk.partition(b"\r\n\r\n")
        if not end:
            raise ValueError
        yield HeaderParser().parsestr(head.decode().lstrip()), content


def _put(found: Upload, head: Message, content: bytes) -> None:
    name = str(head.get_param("name", "", header="content-disposition"))
    if head.get_param("filename", header="content-disposition") is None:
        found.fields[name] = content.decode()
    elif content:
        found.files.setdefault(name, []).append(content)


def _header(name: str, value: str) -> Message:
    message = Message()
    message[name] = value
    return message
