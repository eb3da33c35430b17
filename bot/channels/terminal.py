"""The terminal as a channel: one chat, each reply followed by all that the bot says to it."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol, TextIO

from bot.flows.inputs import Input, Opened, Reply
from bot.ports import Address, Inbound, Outbound
from bot.services.delivery import Delivery
from bot.services.turns import Turns
from bot.speech.message import Message, Waiting

NAME = "terminal"
NOTHING_AWAITED = Waiting(state="", question=None, choices=(), step=0)


class View(Protocol):
    """How a conversation is shown."""

    def show_reply(self, text: str) -> None:
        """Show what the person said."""
        ...

    def show_message(self, message: Message) -> None:
        """Show what the bot says."""
        ...

    def show_waiting(self, waiting: Waiting) -> None:
        """Show what is waited for, after all that the bot said to an input."""
        ...


class Plain:
    """A transcript: what the bot says as it is, replies after a `>`, choices numbered."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show_reply(self, text: str) -> None:
        """Show what the person said."""
        print(f"> {text}\n", file=self._out, flush=True)

    def show_message(self, message: Message) -> None:
        """Show what the bot says."""
        if message.text is not None:
            print(f"{message.text}\n", file=self._out, flush=True)

    def show_waiting(self, waiting: Waiting) -> None:
        """Show the choices."""
        if waiting.choices:
            print(*numbered(waiting), sep="\n", end="\n\n", file=self._out, flush=True)


class JsonLines:
    """For programs: every event is a line, and after those of an input a line says what is waited for."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show_reply(self, text: str) -> None:
        """The program knows what it said."""

    def show_message(self, message: Message) -> None:
        """The event, with what a person would read."""
        self._print(event_of(message))

    def show_waiting(self, waiting: Waiting) -> None:
        """What is waited for."""
        self._print(waiting_of(waiting))

    def _print(self, line: dict[str, Any]) -> None:
        print(json.dumps(line, ensure_ascii=False), file=self._out, flush=True)


class Recording:
    """Shows as another view does, and keeps the conversation in a file, in the form of a scenario of the tests.

    The first line names the scenario; a recording that goes on where a file ends says that the chat was opened again.
    """

    def __init__(self, view: View, file: TextIO, opened: Opened) -> None:
        self._view = view
        self._file = file
        self._events = JsonLines(file)
        head = {"scenario": Path(file.name).stem, "why": "recorded", "locale": opened.locale, "trial": opened.trial}
        self._keep({"open": opened.locale} if file.tell() else head)

    def _keep(self, line: dict[str, Any]) -> None:
        known = {name: value for name, value in line.items() if value is not None or name == "open"}
        print(json.dumps(known, ensure_ascii=False), file=self._file, flush=True)

    def show_reply(self, text: str) -> None:
        """Keep and show what the person said."""
        self._keep({"say": text})
        self._view.show_reply(text)

    def show_message(self, message: Message) -> None:
        """Keep and show what the bot says."""
        self._events.show_message(message)
        self._view.show_message(message)

    def show_waiting(self, waiting: Waiting) -> None:
        """Keep and show what is waited for."""
        self._events.show_waiting(waiting)
        self._view.show_waiting(waiting)


def event_of(message: Message) -> dict[str, Any]:
    """The event of a message as a line of `chat --json`."""
    return {**message.event, "text": message.text}


def waiting_of(waiting: Waiting) -> dict[str, Any]:
    """What is waited for as a line of `chat --json`."""
    choices = [{"id": choice.id, "label": choice.label} for choice in waiting.choices]
    return {"event": "waiting", "state": waiting.state, "question": waiting.question, "choices": choices}


def numbered(waiting: Waiting) -> list[str]:
    """The choices as lines, each with what picks it: its number, or its id where a number would be a value."""
    if not waiting.numbered:
        return [f"  {choice.id}: {choice.label}" for choice in waiting.choices]
    return [f"  {number}. {choice.label}" for number, choice in enumerate(waiting.choices, start=1)]


class Terminal:
    """The channel: shows each message, and remembers what the last one waits for."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.waiting = NOTHING_AWAITED
        self.failure: OSError | None = None

    async def send(self, outbound: Outbound) -> None:
        """Show a message. Raises `OSError` where nobody reads the output any more."""
        try:
            self._view.show_message(outbound.message)
        except OSError as failure:
            self.failure = failure
            raise
        self.waiting = outbound.message.waiting or self.waiting


class Conversation:
    """One chat with the person at the terminal."""

    def __init__(self, chat: str, terminal: Terminal, view: View, turns: Turns, delivery: Delivery) -> None:
        self._address = Address(NAME, chat)
        self._terminal = terminal
        self._view = view
        self._turns = turns
        self._delivery = delivery

    async def hold(self, opened: Opened, replies: Callable[[], AsyncIterator[str]]) -> None:
        """Open the chat and go on until the replies end. Raises `OSError` where the output is closed."""
        await self._delivery.settle()  # what an ended process left unsaid comes first
        await self._give(opened)
        async for text in replies():
            self._view.show_reply(text)
            await self._give(Reply(text))

    async def _give(self, happened: Input) -> None:
        """Give an input to the bot, and show all that it says to it."""
        await self._turns.take(Inbound(self._address, uuid.uuid4().hex, happened))
        await self._delivery.settle()
        if self._terminal.failure is not None:
            raise self._terminal.failure
        self._view.show_waiting(self._terminal.waiting)
