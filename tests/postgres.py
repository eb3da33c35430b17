"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

SETTINGS = (
    "listen_addresses=''",
    "max_connections=200",
    "fsync=off",  # a test's disk may stall, and no test takes from the kernel what it was given
    "max_wal_size=64MB",  # and it may be small
    "min_wal_size=32MB",
)
ABSENT = "PostgreSQL is not installed (initdb is not found)"


def _postgres_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
        Path(path) for path in [shutil.which("initdb")] if path
    ]
    return found[-1].parent if found else None


def _server_account() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@dataclass(frozen=True)
class PostgresServer:
    """A server on a socket in a folder of its own."""

    binaries: Path
    folder: Path
    account: str | None = None
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, command: str, *arguments: str) -> None:
        """Run one of the server's own commands."""
        subprocess.run(
            [self.binaries / command, *arguments],
            check=True,
            user=self.account,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def new_database(self) -> str:
        """The URL of a database that is new and empty."""
        name = f"prescreen{next(self.numbers)}"
        self.run("createdb", "-h", str(self.folder), "-U", "prescreen", name)
        return f"postgresql://prescreen@/{name}?host={self.folder}"

    def cut_connections(self) -> None:
        """End every connection but this command's own."""
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> 'postgres'"
        self.run("psql", "-h", str(self.folder), "-U", "prescreen", "-d", "postgres", "-c", cut)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = " ".join(f"-c {each}" for each in (*SETTINGS, f"unix_socket_directories={self.folder}"))
        self.run("pg_ctl", "-D", self.data, "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: `immediate` as a power cut would, `fast` with every transaction broken off."""
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    @property
    def data(self) -> str:
        """The folder of its data."""
        return str(self.folder / "data")


def installed() -> bool:
    """Whether there is a PostgreSQL to start."""
    return _postgres_binaries() is not None


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server, running. Raises `LookupError` where its programs are not installed."""
    binaries = _postgres_binaries()
    if binaries is None:
        raise LookupError(ABSENT)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = PostgresServer(binaries, folder, _server_account())
    if server.account is not None:
        shutil.chown(folder, server.account)
    server.run("initdb", "-D", server.data, "-U", "prescreen", "-A", "trust", "-E", "UTF8", "--no-sync")
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
