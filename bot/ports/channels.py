"""Where messages are taken to and files come from, and how that fails."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.ports import Outbound


class Channel(Protocol):
    """Where messages are taken to."""

    async def send(self, outbound: Outbound) -> None:
        """Say one message. Raises `RetryLater`, `Blocked` or any other error; it is sent again until this returns.

        An `OSError` says that the channel cannot be reached, which is no fault of the message: it is never given up for that.
        A `NotServed` leaves open whose fault it is: the message is given up where it fails for hours and others are taken.
        """
        ...


class RetryLater(Exception):
    """The channel asks to wait. That counts as no failure."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry in {seconds} s")
        self.seconds = seconds


class NotServed(OSError):
    """The one server behind all chats of a channel failed at a message: it is in trouble, or it is at this message alone."""


class Blocked(Exception):
    """The chat can no longer be written to: the person has left or blocked the bot."""


class NotFetched(Exception):
    """A file could not be had from its channel: not now, or not any more."""


@runtime_checkable
class PhotoSource(Protocol):
    """A channel that keeps the pictures that people send until they are fetched."""

    async def fetch(self, file: str) -> bytes:
        """The content of a file. Raises `NotFetched`."""
        ...
