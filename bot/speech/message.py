"""What the bot says, ready for a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Button:
    """A choice that can be tapped, or answered by its number, id or label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for after a sprint. `step` goes into the buttons, so that an old one is known as old.

    `numbered`: a choice may be answered by its number in the list; otherwise a number is a value.
    """

    state: str
    question: str | None
    choices: tuple[Button, ...]
    step: int
    numeric: bool = False
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its text, the event that it tells of (codes and values), and, on a sprint's last message, what is waited for.

    `text` is None for an event that is not told to the person.
    """

    text: str | None
    event: dict[str, Any]
    waiting: Waiting | None = None


MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
