"""How much one address may ask of the desk in a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.http.limits import Limiter


@dataclass(frozen=True)
class Limits:
    """The limits of the desk. A hospital may have one address: its are wide; guesses are slowed for each member."""

    requests: Limiter = field(default_factory=lambda: Limiter(per_minute=1_200, burst=300))
    photos: Limiter = field(default_factory=lambda: Limiter(per_minute=12, burst=20))
    guesses: Limiter = field(default_factory=lambda: Limiter(per_minute=120, burst=120))
