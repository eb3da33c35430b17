"""Long polling: the next call's offset says what is durable, and nothing more."""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import Awaitable, Callable, Sequence

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError, TimedOut
from telegram.warnings import PTBUserWarning

from bot.channels.telegram.api import LONGEST_WAIT_SECONDS, REFUSED, seconds_to_wait
from bot.channels.telegram.hearing import ALLOWED_UPDATES
from bot.errors import BadSetting, Mendable

POLL_SECONDS = 30
MOST_UPDATES = 100  # of one call, by the Bot API
FIRST_WAIT_SECONDS = 0.5
QUIET_SECONDS = 6 * 24 * 3_600.0  # after a week without updates Telegram numbers them anew, from anywhere

log = structlog.get_logger()

Receive = Callable[[Sequence[Update]], Awaitable[None]]


class Poller:
    """Fetches updates and has them received, one batch after the other.

    A webhook that stands in the way is removed. At the start no offset is given: Telegram then begins with the first update that was never acknowledged. Updates
    whose acknowledgement was cut off come again, and are known by their ids. `listened` is told of every successful call.
    """

    def __init__(self, bot: Bot, receive: Receive, listened: Callable[[], Awaitable[None]]) -> None:
        self._bot = bot
        self._receive = receive
        self._listened = listened
        self._offset: int | None = None
        self._seconds = 0  # that the next call may wait for news; the first shows at once that the server is there
        self._last_update = time.monotonic()
        self._wait = FIRST_WAIT_SECONDS

    async def run(self) -> None:
        """Poll, until cancelled. Raises `BadSetting` where the token is not accepted any more."""
        while True:
            try:
                await self.poll_once()
            except TimedOut:
                continue
            except InvalidToken:
                raise BadSetting(REFUSED) from None
            except (TelegramError, Mendable) as error:
                await self._pause(error)
            else:
                self._wait = FIRST_WAIT_SECONDS

    async def poll_once(self) -> None:
        """Fetch what there is, have it received, and only then let the offset say so."""
        if time.monotonic() - self._last_update > QUIET_SECONDS:
            self._offset = None
        updates, following = await self._fetch()
        self._seconds = POLL_SECONDS
        await self._listened()
        if updates:
            await self._receive(updates)
        if following is not None:
            self._offset = following
            self._last_update = time.monotonic()

    async def _fetch(self) -> tuple[Sequence[Update], int | None]:
        """The updates there are, and the offset after them."""
        try:
            updates: Sequence[Update] = await self._bot.get_updates(
                self._offset, MOST_UPDATES, self._seconds, ALLOWED_UPDATES
            )
        except (TypeError, ValueError, KeyError, AttributeError):
            return await self._fetch_one_by_one()
        return updates, updates[-1].update_id + 1 if updates else None

    async def _fetch_one_by_one(self) -> tuple[Sequence[Update], int | None]:
        """The updates there are, without those that the library cannot read: they must not stop the others."""
        given = {"offset": self._offset, "limit": MOST_UPDATES, "allowed_updates": list(ALLOWED_UPDATES)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PTBUserWarning)  # that there is a method which reads them: it cannot
            raw = await self._bot.do_api_request("getUpdates", {name: each for name, each in given.items() if each})
        readable = [update for each in raw if (update := readable_update(each, self._bot)) is not None]
        return readable, raw[-1]["update_id"] + 1 if raw else None

    async def _pause(self, error: Exception) -> None:
        """Wait after a failure, longer after each."""
        if isinstance(error, Conflict):
            await self._resolve(error)
        else:
            log.warning("updates not fetched, trying again", error=type(error).__name__)
        asked = seconds_to_wait(error) if isinstance(error, TelegramError) else 0.0
        await asyncio.sleep(max(self._wait, asked))
        self._wait = min(self._wait * 2, LONGEST_WAIT_SECONDS)

    async def _resolve(self, conflict: Conflict) -> None:
        """Remove a webhook that stands in the way; another process that polls can only be named."""
        if "webhook" not in conflict.message.lower():
            log.warning("another process polls with this token: stop one of them")
            return
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            log.warning("the webhook cannot be removed", error=type(error).__name__)


def readable_update(raw: object, bot: Bot) -> Update | None:
    """The update, None where the library cannot read it. What it holds is not logged."""
    try:
        return Update.de_json(raw, bot) if isinstance(raw, dict) else None
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        log.warning("update not readable", error=type(error).__name__)
        return None
