"""The libraries' logs hold the token and what people write: nothing of theirs may reach a log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot.channels.telegram.quiet import TALKATIVE, quiet_libraries


@pytest.fixture
def everything() -> Iterator[io.StringIO]:
    """All that is logged anywhere, at every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.parametrize("name", [*TALKATIVE, "telegram.Bot", "telegram.ext.made.later", "aiohttp.client", "httpx"])
def test_nothing_of_the_libraries_is_logged(everything: io.StringIO, name: str) -> None:
    """Not at any level, and not from a logger that is made later."""
    quiet_libraries()
    for level in (logging.DEBUG, logging.INFO, logging.CRITICAL):
        logging.getLogger(name).log(level, "the token")
    assert everything.getvalue() == ""


def test_the_logs_of_others_are_left_alone(everything: io.StringIO) -> None:
    """Only those libraries are silenced."""
    quiet_libraries()
    logging.getLogger("somebody.else").debug("hello")
    assert everything.getvalue() == "hello\n"
