"""What is kept, and what keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.ports import Address, Inbound, Outbound, Scope, StoredSession, Turn
from bot.speech.message import Message


class Transaction(Protocol):
    """One transaction: all of it is kept, or nothing. Each method is a fixed number of statements for any batch."""

    async def receive(self, batch: Sequence[Inbound], now: datetime) -> list[Inbound]:
        """Note the inputs as received; those never seen before, in order. A timer that is no longer due is none."""
        ...

    async def sessions(self, addresses: Sequence[Address]) -> dict[Address, StoredSession]:
        """The sessions of these chats, as far as they have one, locked until the transaction ends."""
        ...

    async def save(self, turns: Sequence[Turn], now: datetime) -> list[Outbound]:
        """Store what the turns led to; the messages to be said.

        Where a turn leaves no session, all that is stored of its chat until then is erased. Where it `withdraws`, each
        referral of the chat that holds something is sent the letter that empties it.
        """
        ...

    async def mark_sent(self, sent: Sequence[Outbound], now: datetime) -> None:
        """Note that a channel has taken the messages. It comes last: what is saved may lock what others mark."""
        ...

    async def set_aside(self, inbound: Inbound, error: str, apology: Message, now: datetime) -> Outbound:
        """Keep an input that could not be handled, with the type of the error; the message that tells the person."""
        ...


class Outbox(Protocol):
    """The messages to be said: kept until a channel has taken them. A process that says them holds them meanwhile."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction, committed when the context is left without an error."""
        ...

    @property
    def lease(self) -> timedelta:
        """How long a process holds messages without a sign of life."""
        ...

    async def release(self, scope: Scope, now: datetime) -> None:
        """Make all that is unsaid due: the process that held it has ended."""
        ...

    def claim(self, scope: Scope, now: datetime) -> AbstractAsyncContextManager[dict[Address, list[Outbound]]]:
        """All that is unsaid in some chats whose first message is due, in order; no other process gets it for a lease.

        Until the context is left, nothing new is said in these chats.
        """
        ...

    async def renew(self, chats: Sequence[Address], now: datetime) -> None:
        """A sign of life: hold what is held of these chats for another lease."""
        ...

    async def postpone(self, failed: Outbound, until: datetime, attempts: int) -> None:
        """Hold back what is unsaid in the chat of `failed` until then."""
        ...

    async def give_up(self, failed: Outbound, reason: str, *, whole_chat: bool) -> None:
        """Never say it (or, for the whole chat, nothing that is now unsaid): keep it as a dead letter."""
        ...


class Store(Outbox, Protocol):
    """Everything durable."""

    async def due_timers(self, scope: Scope, now: datetime, limit: int) -> list[Inbound]:
        """The timers that are due, as inputs, the longest due first."""
        ...


class History(Protocol):
    """What was said in the chats of channels that keep it."""

    async def said(self, address: Address, after: int = 0) -> list[Outbound]:
        """What was said in a chat, from the message after that number on."""
        ...

    async def counts(self, addresses: Sequence[Address]) -> dict[Address, int]:
        """How many messages were ever said in each of these chats."""
        ...

    async def was_taken(self, address: Address, message_id: str) -> bool:
        """Whether an input of that id was taken in a chat: the same again will lead to nothing."""
        ...

    async def is_erased(self, address: Address) -> bool:
        """Whether all of a chat was deleted, and nothing was begun there since."""
        ...


class Codes(Protocol):
    """Short codes that stand for a secret: each once, and for a short time."""

    async def add_code(self, address: Address, code: str, secret: str, expires_at: datetime) -> None:
        """Keep a secret under a code until then, in place of the chat's code before it."""
        ...

    async def redeem_code(self, code: str, now: datetime) -> str | None:
        """Take out what was kept under a code; None where there is none that is still good."""
        ...


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the record of the desk. `reference`: the referral that it is about, or the member."""

    at: datetime
    member: str
    what: str
    reference: str | None


class Audit(Protocol):
    """The record of who signed in at the desk, looked at a contact or changed an account. It holds no health data."""

    async def add(self, member: str, what: str, reference: str | None, now: datetime) -> None:
        """Note what a member of staff did, by a code, and about which referral (or which other member)."""
        ...

    async def lines(self, most: int) -> list[AuditLine]:
        """The latest lines, the newest first."""
        ...


class Places(Protocol):
    """Where in a channel's chats the messages are that are said anew in the same place."""

    async def place(self, address: Address, name: str) -> int | None:
        """The channel's number of what has that name in the chat; None where there is nothing."""
        ...

    async def put_place(self, address: Address, name: str, number: int) -> None:
        """Remember it."""
        ...


class Presence(Protocol):
    """When a channel was last listened to, and who was talking there."""

    async def listening(self, channel: str, now: datetime) -> datetime | None:
        """Note that the channel is listened to now; when it last was, None where it never was."""
        ...

    async def talking(self, channel: str, silent_in: Sequence[str]) -> list[Address]:
        """The chats of the channel with a conversation, but for those in these states."""
        ...

    async def first_time(self, address: Address, mark: str, now: datetime) -> bool:
        """Whether this mark is set in a chat for the first time; it is set now."""
        ...


class ChatMemory(Presence, Places, Protocol):
    """All that a channel remembers of its chats."""


class Cipher(Protocol):
    """Encrypts one field; `context` binds it to its place, so that a field cannot be moved to another."""

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """The field, encrypted and authenticated."""
        ...

    def encrypt_all(self, fields: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """Fields, each a plain text and its context, encrypted as by `encrypt`."""
        ...

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """The field, as it was. Raises `Tampered` where it was altered or moved, or the key is another."""
        ...


class Tampered(Exception):
    """An encrypted field does not belong to its place, was altered, or was made with another key."""
