"""Starts the lab's workers: forks them from a process that has everything imported, because there are thousands.

A line of standard input starts one: a JSON object with its environment and its socket. Its process id is printed at
once, and its exit status when it has ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback

import aiosqlite  # noqa: F401 - imported here, so that no worker has to
import asyncpg  # noqa: F401
import sqlalchemy.dialects.postgresql.asyncpg
import sqlalchemy.dialects.sqlite.aiosqlite  # noqa: F401

from bot import failpoints
from tests.crash.forms import Forms
from tests.crash.worker import work


def live(forms: Forms, environment: dict[str, str], path: str) -> None:
    """The life of a worker, in its own process."""
    os.environ.update(environment)
    failpoints._NAME, _, failpoints._NTH = environment.get("PRESCREEN_FAILPOINT", "").partition(":")
    asyncio.run(work(forms, path))


def main() -> None:
    """Start a worker a line, one at a time."""
    forms = Forms()
    say("ready")
    for line in sys.stdin:
        start = json.loads(line)
        pid = os.fork()
        if not pid:
            status = 1
            try:
                live(forms, start["environment"], start["path"])
                status = 0
            except Exception:  # noqa: BLE001 - whatever it is, the lab counts it and shows this
                traceback.print_exc()
            finally:
                os._exit(status)
        say(pid)
        say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def say(what: object) -> None:
    """Tell the lab at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
