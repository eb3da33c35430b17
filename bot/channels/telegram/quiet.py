"""Silence for the libraries: their logs hold the token (in URLs) and what people write."""

from __future__ import annotations

import logging
import os

TALKATIVE = ("telegram", "aiohttp", "httpx", "httpcore")
NEVER = logging.CRITICAL + 1


def quiet_libraries() -> None:
    """Let nothing through that these libraries log, at any level, from their loggers there are and those to come.

    Nor do they warn of times as numbers: they are asked for `timedelta`.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    for name in [*logging.root.manager.loggerDict, *TALKATIVE]:
        if name.partition(".")[0] in TALKATIVE:
            _silence(logging.getLogger(name))


def _silence(logger: logging.Logger) -> None:
    logger.setLevel(NEVER)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
