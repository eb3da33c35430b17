"""The HTTP server: it starts, says so, and stops without leaving a request unanswered."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.channels.http.hub import Hub

STOP_SECONDS = 20  # what takes longer than this to answer is cut off
KEEP_OPEN_SECONDS = 15
LIBRARY_LOGS = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
NEVER = logging.CRITICAL + 1


class Server(uvicorn.Server):
    """Serves the application until `should_exit` is set; then the open streams end, and every request is answered."""

    def __init__(self, app: ASGIApp, hubs: Sequence[Hub], trusted_proxies: Sequence[str] = ()) -> None:
        for name in LIBRARY_LOGS:  # they log URLs and the texts of errors
            logging.getLogger(name).setLevel(NEVER)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),
            timeout_graceful_shutdown=STOP_SECONDS,
            timeout_keep_alive=KEEP_OPEN_SECONDS,
        )
        super().__init__(config)
        self._hubs = hubs

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, and answer those that are here."""
        for hub in self._hubs:
            hub.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever runs the server: more than it has to stop."""
        yield
