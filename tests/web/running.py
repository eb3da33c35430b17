"""The bot as a process of its own, serving the web chat on a port of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds, for a slow machine


def _outside() -> dict[str, str]:
    """The environment without any setting of the bot."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PRESCREEN_", "TELEGRAM_"))}


NOTICES = ("Warning: SQLite ", "Nobody is told of referrals ")


@dataclass
class Bot:
    """`prescreen serve` in a folder of its own. Started again, it has the same address and the same data."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    address: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> Bot:
        """Start it, and wait until it says what to open."""
        own = {"PYTHONPATH": str(ROOT), "PRESCREEN_WEB": self.address.removeprefix("http://") or "127.0.0.1:0"}
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=self.folder,
                env=_outside() | own | self.settings,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Open "), self.log
        self.address = line.split()[1].rstrip("/")
        return self

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return status

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.end(signal.SIGKILL)

    @property
    def log(self) -> str:
        """What it has logged, but for what every start says on a machine like this, with no site's contacts known."""
        lines = (self.folder / "log").read_text().splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(NOTICES))

    def url(self, path: str = "") -> str:
        """The address of a page of the study."""
        return f"{self.address}/t/4scar7u{path}"
