"""`make crash`: kill the bot many times on a database, and print one line of figures; exit status 1 on any fault.

Run: python -m tests.crash --kills 1000 --db postgres
"""

from __future__ import annotations

from tests.crash.kills import command
from tests.crash.lab import run

PURPOSE = "Kill the bot many times while people write to it, and hold all that it did against a plain model."

if __name__ == "__main__":
    command(run, PURPOSE, kills=100)()
