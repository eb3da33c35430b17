"""The program as it is run: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds, for a slow machine; nothing here takes long

Completed = subprocess.CompletedProcess[str]
Prescreen = Callable[..., Completed]


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a process that runs the checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def prescreen(tmp_path: Path, environment: dict[str, str]) -> Prescreen:
    """Runs `prescreen` with these arguments in an empty folder."""

    def run(*arguments: str, given: str | bytes | None = None, **settings: str) -> Completed:
        sent = given.encode() if isinstance(given, str) else given
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            check=False,
            input=sent if sent is not None else b"",
            capture_output=True,
            cwd=tmp_path,
            env=environment | settings,
            timeout=PATIENCE,
        )
        return Completed(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
