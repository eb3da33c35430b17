"""What the services need from outside, as protocols: here what passes between them and it, the clock, and what reads photographs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bot.flows.inputs import Input
from bot.flows.photographed import Photographed, Refusal
from bot.record import record
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


@record
class Inbound:
    """An input and the id that its channel gave it: the same id again changes nothing."""

    address: Address
    message_id: str
    input: Input


@record
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


@record
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


@record
class TalkResult:
    """What one input leads to. `session`: the conversation as JSON, or None to erase all that is stored of the chat.

    `withdraws`: whoever erases it takes back every referral that was asked for in the chat, too. `clears`: the chat has become
    another's, and what was said there until now is erased; what is to happen there stays.
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
    clears: bool = False


# The conversation: the stored session (None at first), whose it is, what happened, and when.
Talk = Callable[[str | None, Address, Input, datetime], TalkResult]
# What is said where an input could not be handled and was set aside.
Apologise = Callable[[str | None, Address], Message]


@record
class StoredSession:
    """A chat's session. `version` counts the times it was stored, `said` the messages said in the chat."""

    address: Address
    session: str | None = None
    state: str = ""
    trial: str = ""
    version: int = 0
    said: int = 0


@record
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
    clears: bool = False


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


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
