"""Photographs of lab slips that a page sends: read while the page waits, and what came of them as an input."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from bot.flows.inputs import Input, PhotoRead, PhotoUnreadable
from bot.flows.photos import to_keep
from bot.flows.turn import Setting
from bot.ports import PhotoReader, PhotoRefused

MOST_UPLOAD = 20 * 1024 * 1024  # bytes of all pictures of one slip, as many as are read
FIELD = "photo"
ACCEPTED = "image/*,application/pdf"


async def came_of(
    reader: PhotoReader, files: Sequence[bytes], setting: Setting, now: datetime, case: int | None = None
) -> tuple[Input, str]:
    """What came of the files, as an input that may be stored, and the numbered picture as base64, where there is one.

    case: the number of the candidate at the bench whose slip it is.
    """
    try:
        found = await reader.read(files)
    except PhotoRefused as refused:
        return PhotoUnreadable(refused.reason, case=case), ""
    slip = to_keep(found.slip, setting, now)
    return PhotoRead(slip, case=case), base64.b64encode(found.picture).decode("ascii")
