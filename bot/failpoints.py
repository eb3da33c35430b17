"""Places where the crash tests kill the process. Without PRESCREEN_FAILPOINT they do nothing."""

import os
import signal
from collections import Counter

_NAME, _, _NTH = os.environ.get("PRESCREEN_FAILPOINT", "").partition(":")
_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Kill this process here, at once, where PRESCREEN_FAILPOINT is `name` or, at the nth passing, `name:n`."""
    if name != _NAME:
        return
    _passed[name] += 1
    if _passed[name] == int(_NTH or 1):
        os.kill(os.getpid(), signal.SIGKILL)
