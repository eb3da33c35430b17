"""How much one address, or one conversation, may ask for in a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.http.limits import Limiter


@dataclass(frozen=True)
class Limits:
    """The limits of the web chat. Many people may share an address (a clinic, a mobile carrier): its are wide."""

    requests: Limiter = field(default_factory=lambda: Limiter(per_minute=1_200, burst=300))
    starts: Limiter = field(default_factory=lambda: Limiter(per_minute=60, burst=30))
    messages: Limiter = field(default_factory=lambda: Limiter(per_minute=120, burst=60))
    photos: Limiter = field(default_factory=lambda: Limiter(per_minute=6, burst=12))
    codes: Limiter = field(default_factory=lambda: Limiter(per_minute=10, burst=10))
