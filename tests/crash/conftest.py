"""Where the lab's tests find their databases, and where their workers come from."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.crash.lives import Nursery, nursery
from tests.postgres import ABSENT, PostgresServer, installed, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server; without its programs the test is skipped, but never where CI is set."""
    if not installed():
        pytest.fail(ABSENT) if os.environ.get("CI") else pytest.skip(ABSENT)
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database, of each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "lab.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def nest(tmp_path: Path) -> AsyncIterator[Nursery]:
    """A nursery of workers."""
    async with nursery(tmp_path) as own:
        yield own
