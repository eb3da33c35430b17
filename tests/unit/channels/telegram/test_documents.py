"""Text files: read only where their text is beyond doubt."""

from __future__ import annotations

import pytest

from bot.channels.telegram.documents import decoded

SLIP = "血红蛋白 92 g/L\ncreatinina 0,9 mg/dL"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_a_known_encoding_is_read(encoding: str) -> None:
    """As it was written."""
    assert decoded(f"{SLIP}\n".encode(encoding)) == SLIP


@pytest.mark.parametrize("content", [b"", b"  \n", SLIP.encode("gb18030"), b"Hb\x00 92", b"\xff\xfe9", b"\x89PNG\r\n"])
def test_anything_else_is_not_guessed_at(content: bytes) -> None:
    """A guess could change a value."""
    assert decoded(content) is None
