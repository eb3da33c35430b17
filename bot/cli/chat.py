"""`prescreen chat`: a conversation in this terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.channels.terminal import View
    from bot.flows.inputs import Opened
    from bot.settings import Settings

NAME_LENGTH = 64
LONGEST_LINE = 16_384  # bytes of a reply from a pipe; what is over is cut off, long after any reply is too long

Replies = Callable[[], AsyncIterator[str]]


@click.command
@click.option("--trial", metavar="ID", help="The trial to be screened for; asked for if there are several.")
@click.option("--lang", metavar="CODE", help="The language to begin in, such as en, zh-Hans or es.")
@click.option("--name", default="me", show_default=True, help="Whose conversation: the same name goes on where it was.")
@click.option("--db", type=click.Path(path_type=Path), help="The SQLite file to keep it in.")
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON lines, for programs.")
@click.option("--record", type=click.Path(path_type=Path), help="Keep the conversation in a file, as a scenario.")
def command(  # noqa: PLR0913 - an argument an option
    *, trial: str | None, lang: str | None, name: str, db: Path | None, as_json: bool, record: Path | None
) -> None:
    """Talk to the bot in this terminal.

    Everything is kept: stop at any point, start again with the same name, and it goes on where it was. Choices can be
    answered by number, id or label. From a pipe it reads one reply a line and prints a plain transcript.

    \b
    Examples:
      prescreen chat --trial 4scar7u
      printf '%s\\n' yes 34 | prescreen chat --name test --db /tmp/test.db
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    from bot.bootstrap import configure_logging
    from bot.settings import load_settings

    if not (0 < len(name) <= NAME_LENGTH and name.isprintable()):
        raise click.UsageError(f"--name has 1 to {NAME_LENGTH} characters that can be printed.")
    settings = load_settings(database=None if db is None else str(db))
    configure_logging(settings.log_level)
    opened = _opened(trial, lang, settings)
    with ExitStack() as open_files:
        view, replies = _view(as_json=as_json)
        if record is not None:
            view = _recording(view, record, opened, open_files)
        asyncio.run(_chat(settings, name, opened, view, replies))


def _opened(trial: str | None, lang: str | None, settings: Settings) -> Opened:
    """The wish to talk about this trial in this language. Raises where one of them is not known."""
    from bot.flows.inputs import Opened
    from bot.library import trials
    from bot.speech.catalogue import known_language, languages

    locale = known_language(lang)
    if lang is not None and locale is None:
        raise click.UsageError(f"--lang: the bot does not speak `{lang}`; it speaks {', '.join(languages())}.")
    if trial is not None:
        trial = trials.load(trial, settings.trials).id
    return Opened(locale=locale, trial=trial)


def _view(*, as_json: bool) -> tuple[View, Replies]:
    """How to show the conversation, and where replies come from."""
    from bot.channels.terminal import JsonLines, Plain

    if as_json:
        return JsonLines(sys.stdout), piped_replies
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Plain(sys.stdout), piped_replies
    from bot.channels.prompt import Pretty, typed_replies

    return Pretty(), typed_replies


def _recording(view: View, path: Path, opened: Opened, open_files: ExitStack) -> View:
    from bot.channels.terminal import Recording

    try:
        return Recording(view, open_files.enter_context(path.open("a", encoding="utf-8")), opened)
    except OSError as error:
        raise click.UsageError(f"--record: {path} cannot be written ({error.strerror}).") from error


async def _chat(settings: Settings, name: str, opened: Opened, view: View, replies: Replies) -> None:
    from bot.bootstrap import load_conversations, running
    from bot.channels.terminal import NAME, Conversation, Terminal

    terminal = Terminal(view)
    async with running(settings, load_conversations(settings), {NAME: terminal}, name) as services:
        await Conversation(name, terminal, view, services.turns, services.delivery).hold(opened, replies)


async def piped_replies() -> AsyncIterator[str]:
    """The lines of standard input, until it ends. Bytes that are no UTF-8 are read as `\ufffd`."""
    while line := await asyncio.to_thread(sys.stdin.buffer.readline, LONGEST_LINE):
        text = line.decode(errors="replace").removeprefix("\ufeff")
        while line and not line.endswith(b"\n"):
            line = await asyncio.to_thread(sys.stdin.buffer.readline, LONGEST_LINE)
        yield text.rstrip("\r\n")
