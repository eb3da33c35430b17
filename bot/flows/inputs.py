"""What can happen to a conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.photographed import PhotoSlip
from bot.record import record


class Command(StrEnum):
    """What a person may ask for at any time, by a command or a keyword."""

    START = "start"
    HELP = "help"
    LANGUAGE = "language"
    BACK = "back"
    CHANGE = "change"
    REVIEW = "review"
    STOP = "stop"
    RESTART = "restart"
    PRIVACY = "privacy"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Opened:
    """The person comes to the chat: for the first time, or back. `locale`: the language asked for, if any."""

    locale: str | None = None
    trial: str | None = None
    site: str | None = None
    source: str | None = None
    kind: Literal["opened"] = "opened"


@record
class Reply:
    """A message typed. `ref`: the channel's id of the message, where a person can edit what they sent."""

    text: str
    ref: str | None = None
    kind: Literal["reply"] = "reply"


@record
class ButtonPressed:
    """A choice tapped. `step`: the number of the step whose button it was; one of an earlier step changes nothing.

    `session`: the mark of the conversation whose button it was, where the channel keeps it; likewise.
    """

    choice: str
    step: int
    session: str = ""
    kind: Literal["button"] = "button"


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """A command given by the channel's own means (a menu, a slash)."""

    command: Command
    kind: Literal["command"] = "command"


@dataclass(frozen=True, slots=True)
class ReplyEdited:
    """A message sent earlier was edited: `text` is what it says now."""

    text: str
    ref: str
    kind: Literal["edited"] = "edited"


class Medium(StrEnum):
    """What came instead of text."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    STICKER = "sticker"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MediaSent:
    """Something that is no text."""

    medium: Medium
    kind: Literal["media"] = "media"


PHOTO = "photo"
"""The timer of a chat by which the pictures that it was sent wait to be read."""


@dataclass(frozen=True, slots=True)
class PhotoSent:
    """A picture of a lab slip, still with its channel. `file`: what the channel fetches it by; `medium`: how it came.

    `caption`: what was written under it, where that may hold values; `ref`: the channel's id of the message; `album`: its id of
    the pictures that were sent together with it, if there are any.
    """

    file: str
    medium: Medium = Medium.PHOTO
    caption: str = ""
    ref: str | None = None
    album: str | None = None
    kind: Literal["photo"] = "photo"


@dataclass(frozen=True, slots=True)
class PhotoRead:
    """Pictures were read as one slip. `due`: of the timer by which they waited, None where they came by themselves.

    `case`: the number of the candidate at the bench whose slip it is, where they came by themselves for one.
    `picture`: a JPEG of the slip with its rows numbered, for a channel that can show it. It is said, and never kept.
    """

    slip: PhotoSlip
    due: datetime | None = None
    picture: Annotated[bytes | None, Field(exclude=True)] = None
    case: int | None = None
    kind: Literal["photo_read"] = "photo_read"


@dataclass(frozen=True, slots=True)
class PhotoUnreadable:
    """Pictures could not be read. `reason`: the code of a `Refusal`, or `not_fetched`. `due`, `case`: as of `PhotoRead`."""

    reason: str
    due: datetime | None = None
    case: int | None = None
    kind: Literal["photo_unreadable"] = "photo_unreadable"


class Lapse(StrEnum):
    """Why the bot was silent: messages waited for long, or may be lost."""

    LATE = "late"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The bot was silent for long; the person is told where they stand."""

    lapse: Lapse
    kind: Literal["lapsed"] = "lapsed"


@dataclass(frozen=True, slots=True)
class Joining:
    """A code is shown by which a chat becomes one of staff. `digest`: the code's, for the code itself is never kept.

    `name`: what the channel calls who shows it; `group`, `forum`: the chat is a group, one with topics.
    """

    digest: str
    name: str
    locale: str | None = None
    group: bool = False
    forum: bool = False
    kind: Literal["joining"] = "joining"


@dataclass(frozen=True, slots=True)
class BenchFilled:
    """A member of staff filled in a page about somebody whom they pre-screen. `case`: the candidate's number.

    `text`: a slip, or several answers; `answers`: by question, what was chosen or typed for it.
    """

    case: int
    text: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    kind: Literal["bench"] = "bench"


@dataclass(frozen=True, slots=True)
class BenchTidied:
    """The candidates on a chat's bench are to go with whom nothing was done since `before`."""

    before: datetime
    kind: Literal["bench_tidied"] = "bench_tidied"


@dataclass(frozen=True, slots=True)
class DeskAsked:
    """A member of staff asks, in their chat, for a link by which they sign in at the desk."""

    kind: Literal["desk_asked"] = "desk_asked"


FIGURES = "figures"
"""The timer of a chat of staff by which the figures wait that were asked for there."""


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """A member of staff asks for the figures of the prescreening log. `site`: whose, as typed; empty where none was named."""

    site: str = ""
    kind: Literal["figures_asked"] = "figures_asked"


@dataclass(frozen=True, slots=True)
class FigureDrawn:
    """A figure in words, and as a PNG; None where none can be drawn. The picture is said, and never kept."""

    text: str
    picture: Annotated[bytes | None, Field(exclude=True)] = None


@dataclass(frozen=True, slots=True)
class FiguresDrawn:
    """The figures that were asked for. `site`: whose they are, None for all; `due`: of the timer by which they waited."""

    figures: tuple[FigureDrawn, ...]
    site: str | None
    due: datetime
    kind: Literal["figures_drawn"] = "figures_drawn"


@dataclass(frozen=True, slots=True)
class TeamHeard:
    """The study team did something about the person's referral. `text`: what it wrote, or a public phone number.

    `trial`, `locale`: of a referral whose end was undone, for a conversation that may not know of it any more.
    """

    reference: str
    news: Literal["seen", "message", "silent", "booked", "unbooked", "ended"]
    text: str = ""
    trial: str | None = None
    locale: str | None = None
    kind: Literal["team"] = "team"


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer that an earlier sprint set is due. `payload`: what that sprint stored with it."""

    timer: str
    due: datetime
    payload: str = ""
    kind: Literal["timer"] = "timer"


Input = (
    Opened
    | Reply
    | ReplyEdited
    | ButtonPressed
    | CommandGiven
    | MediaSent
    | PhotoSent
    | PhotoRead
    | PhotoUnreadable
    | Lapsed
    | Joining
    | DeskAsked
    | FiguresAsked
    | FiguresDrawn
    | BenchFilled
    | BenchTidied
    | TeamHeard
    | TimerFired
)
INPUT: TypeAdapter[Input] = TypeAdapter(Annotated[Input, Field(discriminator="kind")])


def timer_of(entry: Input) -> tuple[str, datetime] | None:
    """The timer, by its name and time, that brought an input about; None where it was none."""
    match entry:
        case TimerFired(timer=timer, due=due):
            return timer, due
        case PhotoRead(due=datetime() as due) | PhotoUnreadable(due=datetime() as due):
            return PHOTO, due
        case FiguresDrawn(due=due):
            return FIGURES, due
    return None
