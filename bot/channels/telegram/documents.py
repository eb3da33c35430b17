"""What people send as files: small texts, read as if they had been typed, and pictures, fetched to be read."""

from __future__ import annotations

import codecs

from telegram import Bot, Document
from telegram.error import TelegramError

from bot.ports.channels import NotFetched

LARGEST = 16_384  # bytes; a lab slip has one or two thousand
LARGEST_PICTURE = 20 * 1024 * 1024  # bytes; the Bot API gives a bot no larger file
SECONDS = 5.0  # for each of the two calls that fetch a file
PICTURE_SECONDS = 20.0


async def text_of(document: Document) -> str | None:
    """The text of a file; None where it is too large, cannot be fetched, or is no text in UTF-8 or UTF-16."""
    if document.file_size is None or document.file_size > LARGEST:
        return None
    try:
        file = await document.get_file(read_timeout=SECONDS)
        content = bytes(await file.download_as_bytearray(read_timeout=SECONDS))
    except TelegramError:
        return None
    return decoded(content) if len(content) <= LARGEST else None


def decoded(content: bytes) -> str | None:
    """The text, beyond doubt: other encodings are not guessed at, for a guess could change a value."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig").strip()
    except UnicodeDecodeError:
        return None
    return text if text and "\x00" not in text else None


async def picture(bot: Bot, file_id: str) -> bytes:
    """The content of a picture. Raises `NotFetched`."""
    try:
        file = await bot.get_file(file_id, read_timeout=PICTURE_SECONDS)
        return bytes(await file.download_as_bytearray(read_timeout=PICTURE_SECONDS))
    except TelegramError:
        raise NotFetched from None
