"""How much one address, or one chat, may ask for in a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_KEYS = 50_000  # kept in memory; over that, those who have waited long enough are forgotten


@dataclass
class Limiter:
    """Lets `burst` requests of a key through at once, then `per_minute`."""

    per_minute: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _free_at: dict[str, float] = field(default_factory=dict)

    def wait(self, key: str) -> float:
        """The seconds that the key has to wait; 0 where the request is let through, and counted."""
        now, each = self.clock(), 60 / self.per_minute
        paid_until = max(self._free_at.get(key, now), now)
        wait = paid_until - now - each * (self.burst - 1)
        if wait > 0:
            return wait
        if len(self._free_at) >= MOST_KEYS:
            self._forget(now)
        self._free_at[key] = paid_until + each
        return 0

    def _forget(self, now: float) -> None:
        self._free_at = {key: free_at for key, free_at in self._free_at.items() if free_at > now}
