"""Sessions at hand: what was written lately need not be read from JSON again.

A session is found by the whole text that is stored, so one that another process has changed meanwhile is never taken for it.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.flows.session import Session

SESSIONS = 512  # at hand; one takes about 20 KiB


class SessionsAtHand:
    """The sessions written last, by their JSON. They are not to be changed: a turn works on a copy."""

    def __init__(self, size: int = SESSIONS) -> None:
        self._size = size
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def load(self, stored: str) -> Session:
        """The session of that JSON. It is let go: what the turn makes of it takes its place."""
        session = self._sessions.pop(stored, None)
        return Session.model_validate_json(stored) if session is None else session

    def dump(self, session: Session) -> str:
        """The session as JSON; it is kept at hand."""
        stored = session.dump()
        self._sessions[stored] = session
        if len(self._sessions) > self._size:
            self._sessions.popitem(last=False)
        return stored
