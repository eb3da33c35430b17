"""What is at hand: what was written lately need not be read from JSON again.

It is found by the whole text that is stored, so what another process has changed meanwhile is never taken for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.flows.session import Session

SESSIONS = 512  # at hand; one takes about 20 KiB

Kept = TypeVar("Kept")


class AtHand(Generic[Kept]):
    """What was written last, by its JSON. `read`: reads from JSON what is not at hand."""

    def __init__(self, read: Callable[[str], Kept], size: int) -> None:
        self._read = read
        self._size = size
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def keep(self, stored: str, written: Kept) -> str:
        """Keep at hand what was written as that JSON."""
        self._kept[stored] = written
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return stored

    def take(self, stored: str) -> Kept:
        """What that JSON holds. It is let go: what the turn makes of it takes its place."""
        found = self._kept.pop(stored, None)
        return self._read(stored) if found is None else found


class SessionsAtHand(AtHand[Session]):
    """The sessions written last. They are not to be changed: a turn works on a copy."""

    def __init__(self, size: int = SESSIONS) -> None:
        super().__init__(Session.model_validate_json, size)

    def load(self, stored: str) -> Session:
        """The session of that JSON; it is let go."""
        return self.take(stored)

    def dump(self, session: Session) -> str:
        """The session as JSON; it is kept at hand."""
        return self.keep(session.dump(), session)
