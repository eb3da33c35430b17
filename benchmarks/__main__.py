"""`make bench`: every benchmark in turn, each in a process of its own and for a limited time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MINUTES = 10
HELPERS = ("__init__", "__main__", "form")


def main() -> int:
    """Run them all, and print what each prints; 1 where one failed."""
    failed = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in HELPERS:
            continue
        print(f"\n# {path.stem}", flush=True)
        try:
            subprocess.run([sys.executable, "-m", f"benchmarks.{path.stem}"], check=True, timeout=MINUTES * 60)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            failed.append(f"{path.stem} ({type(error).__name__})")
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
