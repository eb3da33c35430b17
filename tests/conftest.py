"""What all tests share: no setting of the one who runs them, and real databases: an SQLite file and a PostgreSQL server of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import ABSENT, PostgresServer, installed, postgres_server


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("PRESCREEN_", "TELEGRAM_")):
            monkeypatch.delenv(name)


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
        return str(tmp_path / "prescreen.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()
