"""The transcript in the documentation, and the links that lead to the bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.telegram.conftest import Serving
from tests.telegram.server import USERNAME, TelegramServer
from tests.telegram.transcript import PAGE, transcript


async def test_the_transcript_is_what_is_really_said(tmp_path: Path) -> None:
    """`python -m tests.telegram.transcript` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == await transcript(tmp_path)


@pytest.mark.parametrize("kind", ["svg", "png"])
async def test_a_link_is_printed_and_drawn(server: TelegramServer, serving: Serving, kind: str) -> None:
    """With the name of the bot whose token is configured."""
    options = ["--lang", "es-MX", "--site", "haikou", "--source", "poster1", "--qr", f"code.{kind}"]
    printed = await serving.run("trial", "link", "4scar7u", *options)
    assert printed == f"https://t.me/{USERNAME}?start=l_es-s_haikou-f_poster1-4scar7u\n"
    picture = (serving.folder / f"code.{kind}").read_bytes()
    assert (b"<svg" in picture) if kind == "svg" else picture.startswith(b"\x89PNG")
    assert [method for _, method, _ in server.calls] == ["getMe"]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--site", "atlantis", "--bot", "b"], "atlantis"),
        (["--source", "a b", "--bot", "b"], "--source"),
        (["--source", "staff", "--bot", "b"], "patients of staff"),
        (["--qr", "code.gif", "--bot", "b"], "code.gif"),
    ],
)
async def test_what_no_link_can_hold_is_named(serving: Serving, options: list[str], named: str) -> None:
    """On standard error, and nothing is printed."""
    assert await serving.run("trial", "link", "4scar7u", *options) == ""
    assert named in serving.output.decode().splitlines()[-1]
