"""A person at a terminal: a prompt to type at, and messages that are easy to read."""

from __future__ import annotations

from collections.abc import AsyncIterator

from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.channels.terminal import numbered
from bot.speech.message import Message, Waiting

PROMPT = "> "
WIDTH = 88  # lines longer than this are hard to read
INDENT = (0, 0, 1, 0)


class Pretty:
    """Messages wrapped to a readable width, choices in a colour of their own."""

    def __init__(self) -> None:
        console = Console(highlight=False)
        self._console = Console(highlight=False, width=min(WIDTH, console.width))

    def show_reply(self, text: str) -> None:
        """The prompt has shown it."""

    def show_message(self, message: Message) -> None:
        """Show what the bot says."""
        if message.text is not None:
            self._console.print(Padding(Text(message.text), INDENT))

    def show_waiting(self, waiting: Waiting) -> None:
        """Show the choices."""
        for line in numbered(waiting):
            self._console.print(Text(line, style="cyan"))


async def typed_replies() -> AsyncIterator[str]:
    """What the person types, a line at a time, until Control-D or Control-C. Nothing typed is kept in a history."""
    session: PromptSession[str] = PromptSession(history=DummyHistory())
    with patch_stdout(raw=True):
        while True:
            try:
                text = await session.prompt_async(PROMPT)
            except (EOFError, KeyboardInterrupt):
                return
            if text.strip():
                yield text
