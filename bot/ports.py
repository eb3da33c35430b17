"""What the services need from outside, as protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, runtime_checkable

from bot.flows.inputs import Input
from bot.flows.photographed import Photographed, Refusal
from bot.speech.message import Message


class Address(NamedTuple):
    """One chat of one channel, such as ("terminal", "ana")."""

    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The chats that a process serves: all of these channels, or that one chat."""

    channels: tuple[str, ...]
    chat: str | None = None

    def __contains__(self, address: Address) -> bool:
        return address.channel in self.channels and self.chat in (None, address.chat)


@dataclass(frozen=True, slots=True)
class Inbound:
    """An input and the id that its channel gave it: the same id again changes nothing."""

    address: Address
    message_id: str
    input: Input


@dataclass(frozen=True, slots=True)
class Outbound:
    """A row of the outbox. `number` counts the messages of its chat; `attempts`, how often sending it has failed.

    `answers`: the input that it is the first message to, where the channel keeps what is said. `left`: others of its chat
    are in other hands or held back, so that it waits in the outbox behind them.
    """

    number: int
    address: Address
    message: Message
    attempts: int = 0
    answers: Inbound | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be said: which one, why (the type of the error), and after how many failures."""

    address: Address
    number: int
    reason: str
    failures: int


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A timer of a chat: set, set anew, or (`due` None) taken back. A chat has at most one of each name.

    `of`: another chat than that of the turn, for a letter: a timer of that chat that is due at once, `payload` the letter.
    """

    timer: str
    due: datetime | None
    payload: str = ""
    of: Address | None = None


LETTER = "letter."
"""How the names of those timers begin that are letters: of a letter nothing is kept once it has come."""


@dataclass(frozen=True, slots=True)
class Referral:
    """A person who asks the study team of a site to contact them. `details`: the answers, findings and contact."""

    reference: str
    trial: str
    site: str
    verdict: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReferralStep:
    """A line of a referral's record, which is only ever added to: what was done, what stage it led to, and by whom.

    `by`: the id of a member of staff; None for the person, or the program. `detail`: a note or a reason, kept encrypted.
    """

    reference: str
    action: str
    stage: str
    by: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A link by which a member of staff signs in at the desk. `code`: its digest. `member`: their id, as in a record."""

    code: str
    member: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Prescreening:
    """A line of the prescreening log: what came of a screening, without a word of whose it was.

    `failing`: the codes of the criteria that failed, in the trial's order. `reference`: of the referral that it led to.
    """

    id: str
    trial: str
    verdict: str
    failing: tuple[str, ...] = ()
    source: str | None = None
    site: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A prescreening as the log lists it. `outcome`: the stage of its referral, None where there is none."""

    prescreening: Prescreening
    at: datetime
    outcome: str | None


@dataclass(frozen=True, slots=True)
class TalkResult:
    """What one input leads to. `session`: the conversation as JSON, or None to erase all that is stored of the chat.

    `withdraws`: whoever erases it takes back every referral that was asked for in the chat, too.
    """

    session: str | None
    state: str
    trial: str
    messages: tuple[Message, ...]
    timers: tuple[TimerRow, ...] = ()
    referral: Referral | None = None
    steps: tuple[ReferralStep, ...] = ()
    prescreening: Prescreening | None = None
    link: DeskLink | None = None
    withdraws: bool = False


# The conversation: the stored session (None at first), whose it is, what happened, and when.
Talk = Callable[[str | None, Address, Input, datetime], TalkResult]
# What is said where an input could not be handled and was set aside.
Apologise = Callable[[str | None, Address], Message]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A chat's session. `version` counts the times it was stored, `said` the messages said in the chat."""

    address: Address
    session: str | None = None
    state: str = ""
    trial: str = ""
    version: int = 0
    said: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """An input handled, and what it led to."""

    inbound: Inbound
    after: StoredSession
    messages: tuple[Message, ...]
    timers: tuple[TimerRow, ...] = ()
    referral: Referral | None = None
    steps: tuple[ReferralStep, ...] = ()
    prescreening: Prescreening | None = None
    link: DeskLink | None = None
    withdraws: bool = False


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


class PhotoRefused(Exception):
    """A picture that was not read. Holds the reason alone: nothing of what the picture shows."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class PhotoReader(Protocol):
    """Reads photographs of laboratory slips, on this machine, and keeps none."""

    async def read(self, data: bytes | Sequence[bytes]) -> Photographed:
        """The slip in a picture or a PDF; several are the pages of one slip. Raises PhotoRefused."""

    async def close(self) -> None:
        """End what reads. A picture that is being read is given up."""


class NotFetched(Exception):
    """A file could not be had from its channel: not now, or not any more."""


@runtime_checkable
class PhotoSource(Protocol):
    """A channel that keeps the pictures that people send until they are fetched."""

    async def fetch(self, file: str) -> bytes:
        """The content of a file. Raises `NotFetched`."""
        ...
