"""What a person may ask for at any time, what the bot cannot take, and what time brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.flows.inputs import Command, Lapse, Medium
from bot.flows.states import State


@dataclass(frozen=True, slots=True)
class LanguageAsked:
    """`{"event": "language_asked", "languages": ["en", "zh_Hans"]}`."""

    languages: tuple[str, ...]
    event: Literal["language_asked"] = "language_asked"


@dataclass(frozen=True, slots=True)
class LanguageChanged:
    """`{"event": "language_changed", "locale": "zh_Hans"}`."""

    locale: str
    event: Literal["language_changed"] = "language_changed"


@dataclass(frozen=True, slots=True)
class Introduced:
    """What this is, told once at the start. `{"event": "introduced"}`."""

    event: Literal["introduced"] = "introduced"


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """The words that always work, and what is waited for. `{"event": "help_given", "state": "asking"}`."""

    state: State
    event: Literal["help_given"] = "help_given"


@dataclass(frozen=True, slots=True)
class Resumed:
    """The person is back. `{"event": "resumed", "state": "asking", "question": "hemoglobin"}`."""

    state: State
    question: str | None
    event: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A pause that the person asked for. `{"event": "stopped"}`."""

    event: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class RestartAsked:
    """Whether to drop all answers and begin anew. `{"event": "restart_asked"}`."""

    event: Literal["restart_asked"] = "restart_asked"


@dataclass(frozen=True, slots=True)
class Restarted:
    """`{"event": "restarted"}`."""

    event: Literal["restarted"] = "restarted"


@dataclass(frozen=True, slots=True)
class DeletionAsked:
    """Whether to delete all that is kept of this person. `{"event": "deletion_asked", "reference": null, "others": []}`.

    `reference`: the request that goes with it; `others`: those that are open beside it.
    """

    reference: str | None
    others: tuple[str, ...] = ()
    event: Literal["deletion_asked"] = "deletion_asked"


@dataclass(frozen=True, slots=True)
class Deleted:
    """All that was kept of this person is deleted. `{"event": "deleted"}`."""

    event: Literal["deleted"] = "deleted"


@dataclass(frozen=True, slots=True)
class PrivacyTold:
    """Who sees the answers, where they are kept, and how to delete them. `{"event": "privacy_told"}`."""

    event: Literal["privacy_told"] = "privacy_told"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A message that fits no choice of the state. `{"event": "not_understood", "state": "choosing_site"}`."""

    state: State
    event: Literal["not_understood"] = "not_understood"


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command that cannot be done here, such as going back from the first question."""

    command: Command
    event: Literal["command_refused"] = "command_refused"


@dataclass(frozen=True, slots=True)
class ButtonStale:
    """A button of an earlier step; nothing was changed. `{"event": "button_stale"}`."""

    event: Literal["button_stale"] = "button_stale"


@dataclass(frozen=True, slots=True)
class MediaRefused:
    """What came is no text. `{"event": "media_refused", "medium": "photo"}`."""

    medium: Medium
    event: Literal["media_refused"] = "media_refused"


@dataclass(frozen=True, slots=True)
class LapseTold:
    """The bot was silent for long. `{"event": "lapse_told", "lapse": "late"}`."""

    lapse: Lapse
    event: Literal["lapse_told"] = "lapse_told"


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that a question waits. `{"event": "reminded"}`."""

    event: Literal["reminded"] = "reminded"


@dataclass(frozen=True, slots=True)
class Expired:
    """Nothing was heard for long: all is deleted. `{"event": "expired", "days": 30, "reference": null}`.

    `reference`: the last request, which has ended; what the site has of it stays for its time.
    """

    days: int
    reference: str | None = None
    event: Literal["expired"] = "expired"


Event = (
    LanguageAsked
    | LanguageChanged
    | Introduced
    | HelpGiven
    | Resumed
    | Stopped
    | RestartAsked
    | Restarted
    | DeletionAsked
    | Deleted
    | PrivacyTold
    | NotUnderstood
    | CommandRefused
    | ButtonStale
    | MediaRefused
    | LapseTold
    | Reminded
    | Expired
)
