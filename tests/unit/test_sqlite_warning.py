"""Which builds of SQLite are warned of."""

from __future__ import annotations

import pytest

from bot.storage.database import sqlite_warning


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2)])
def test_a_build_with_the_fault_is_warned_of(version: tuple[int, int, int]) -> None:
    """The sentence names the version, and what to do."""
    warning = sqlite_warning("prescreen.db", version) or ""
    assert f"SQLite {'.'.join(map(str, version))} can damage" in warning
    assert "3.51.3" in warning


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 52, 0), (4, 0, 0)])
def test_a_build_without_it_is_not(version: tuple[int, int, int]) -> None:
    """Those in which it is mended."""
    assert sqlite_warning("prescreen.db", version) is None


def test_postgresql_has_no_such_fault() -> None:
    """Whatever SQLite there is."""
    assert sqlite_warning("postgresql://host/name", (3, 40, 1)) is None
