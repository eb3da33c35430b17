"""What the reader's process has used: seconds of a core, and memory at its height. Told by Linux; elsewhere nothing."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

NAME = "photo-reader"  # of the process


def core_seconds() -> float:
    """Seconds of processor time of the process so far; 0 where there is none, or nothing tells."""
    used = _told("stat").rpartition(")")[2].split()
    # After the name in brackets: the twelfth and thirteenth are the ticks in the program and in the kernel for it.
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK") if used else 0.0


def peak_memory() -> float:
    """MiB of memory that the process has held at its height; 0 where there is none, or nothing tells."""
    lines = dict(line.split(":", 1) for line in _told("status").splitlines())
    return int(lines.get("VmHWM", "0 kB").split()[0]) / 1024


def _told(file: str) -> str:
    readers = (child.pid for child in multiprocessing.active_children() if child.name == NAME)
    path = Path(f"/proc/{next(readers, 0)}/{file}")
    return path.read_text(encoding="utf-8") if path.exists() else ""
