"""What the services need from outside, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.flows.inputs import Input
from bot.speech.message import Message


@dataclass(frozen=True, slots=True)
class Address:
    """One chat of one channel, such as ("terminal", "ana")."""

    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """An input and the id that its channel gave it: the same id again changes nothing."""

    address: Address
    message_id: str
    input: Input


@dataclass(frozen=True, slots=True)
class Outbound:
    """A row of the outbox: `number` grows in the order in which messages are said in their chat."""

    number: int
    address: Address
    message: Message


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Cipher(Protocol):
    """Encrypts one field; `context` binds it to its place, so that a field cannot be moved to another."""

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """The field, encrypted and authenticated."""
        ...

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """The field, as it was. Raises `ports.Tampered` where it was altered or moved, or the key is another."""
        ...


class Tampered(Exception):
    """An encrypted field does not belong to its place, was altered, or was made with another key."""


class Channel(Protocol):
    """Where messages are taken to. Raises on failure; a message is sent again until it does not."""

    async def send(self, batch: Sequence[Outbound]) -> None:
        """Say the messages, in order."""
        ...
