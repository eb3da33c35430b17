"""Where the lab's workers come from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.lives import Nursery, nursery


@pytest.fixture
async def nest(tmp_path: Path) -> AsyncIterator[Nursery]:
    """A nursery of workers."""
    async with nursery(tmp_path) as own:
        yield own
