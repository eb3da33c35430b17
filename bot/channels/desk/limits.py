"""How much one address may ask of the desk in a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.http.limits import Limiter


@dataclass(frozen=True)
class Limits:
    """The limits of the desk. A hospital may have one address: what is not a guess has a wide one."""

    requests: Limiter = field(default_factory=lambda: Limiter(per_minute=1_200, burst=300))
    guesses: Limiter = field(default_factory=lambda: Limiter(per_minute=20, burst=20))
