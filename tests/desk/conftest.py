"""The desk as members of staff meet it: a server process, clients that behave as a browser does, and real browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desk.members import Office
from tests.web.conftest import browser, person  # noqa: F401 - fixtures
from tests.web.running import Bot


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A running bot that all tests of the desk share."""
    bot = Bot(tmp_path_factory.mktemp("desk")).start()
    yield bot
    assert bot.end() == 0
    assert bot.log == ""


@pytest.fixture(scope="session")
def office(bot: Bot) -> Iterator[Office]:
    """The staff of that bot: its administrator is signed in, and can invite others."""
    office = Office(bot)
    yield office
    office.close()
