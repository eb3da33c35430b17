"""What the bot says, ready for a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from bot.record import record


@dataclass(frozen=True, slots=True)
class Button:
    """A choice that can be tapped, or answered by its number, id or label."""

    id: str
    label: str


Keys = tuple[tuple[Button, ...], ...]
"""Buttons in rows."""


@record
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
class Row:
    """A row of a table: the answer to a question. `clear`: it is understood; otherwise it needs a second look."""

    question: str
    name: str
    answer: str
    note: str = ""
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """What a message says, as a table, with what is said before and after it."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@record
class Message:
    """One message: its text, the event that it tells of (codes and values), and, on a sprint's last message, what is waited for.

    `text` is None for an event that is not told to the person. `locale`: its language. `table`: the text as a table,
    for channels that can show one. `buttons`: choices beside this message alone, good at any step, such as to change an
    answer that is read back; `keys`: such choices in rows of their own. `session`: the mark of the conversation, by which
    its buttons are known as its own.
    `place`: a name under which the message is said anew in the same place, where the channel can (`anew`: it takes a new
    place). `topic`: the topic that it belongs to, in a chat that has topics. `picture`: a JPEG or PNG that is shown with it, where the
    channel can, as base64.
    """

    text: str | None
    event: dict[str, Any]
    waiting: Waiting | None = None
    locale: str = "en"
    table: Table | None = None
    buttons: tuple[Button, ...] = ()
    keys: Keys = ()
    session: str = ""
    place: str = ""
    anew: bool = False
    topic: str = ""
    picture: str = ""


MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
