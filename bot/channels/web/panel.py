"""The form that answers: choices as buttons, a field to write in, and what always works.

It works without a script: every button sends the form. With one, the script sends the same by itself.
"""

from __future__ import annotations

import uuid

from bot.channels.http.html import Html, tag
from bot.channels.http.words import Words
from bot.channels.web.inputs import MOST_TEXT
from bot.channels.web.messages import ERASED, PANEL
from bot.flows.inputs import Command
from bot.flows.photos import READS_SLIPS
from bot.flows.states import State
from bot.speech.message import Message, Waiting

ASIDES = (Command.BACK, Command.HELP)
ASIDES_AT_THE_END = (Command.REVIEW, Command.RESTART, Command.DELETE)
MENU = (Command.REVIEW, Command.STOP, Command.RESTART, Command.PRIVACY, Command.DELETE)
SHORT = 16  # characters: choices that are all as short as this stand side by side


def panel(words: Words, message: Message, trial: str, *, photos: bool = False) -> Html | None:
    """The form for what is waited for after `message`; None where that says nothing of it. `photos`: some may be sent."""
    waiting = message.waiting
    if waiting is None:
        return None
    photo = _photo(words, trial) if photos and waiting.state in READS_SLIPS else None
    if message.event["event"] in ERASED:
        return start_again(words, trial)
    numeric = waiting.numeric
    asides = ASIDES_AT_THE_END if waiting.state == State.FINISHED else ASIDES
    return tag(
        "form",
        _hidden("message", str(uuid.uuid4())),
        _hidden("step", str(waiting.step)),
        _hidden("session", message.session),
        _choices(words, waiting) if waiting.choices else None,
        _composer(words, photo, numeric=numeric, alone=not waiting.choices or numeric),
        tag("div", *(command(words, each) for each in asides), class_="asides"),
        id=PANEL,
        method="post",
        action=f"/t/{trial}/chat/say",
        tabindex=-1,
        data_state=waiting.state,
        data_question=waiting.question,
    )


def start_again(words: Words, trial: str) -> Html:
    """The form after everything was erased."""
    start = tag("button", words.web("menu.restart"), class_="choice")
    language = _hidden("lang", words.locale)
    return tag("form", language, start, id=PANEL, method="post", action=f"/t/{trial}/start", data_state="erased")


def command(words: Words, each: Command) -> Html:
    """A button for something that works at any time."""
    return tag("button", words.web(f"menu.{each}"), class_="quiet", form=PANEL, name="command", value=each.value)


def _hidden(name: str, value: str) -> Html:
    return tag("input", type="hidden", name=name, value=value)


def _choices(words: Words, waiting: Waiting) -> Html:
    short = all(len(choice.label) <= SHORT for choice in waiting.choices)
    buttons = (
        tag("button", choice.label, class_="choice", name="choice", value=choice.id) for choice in waiting.choices
    )
    legend = tag("legend", words.web("choose"), class_="vh")
    return tag("fieldset", legend, *buttons, class_="choices short" if short else "choices")


def _composer(words: Words, photo: Html | None, *, numeric: bool, alone: bool) -> Html:
    """The field to write in. `numeric`: on a phone it first shows the keys for numbers. `photo`: the way to send one."""
    field = tag(
        "textarea",
        id="answer",
        name="text",
        rows=1,
        maxlength=MOST_TEXT,
        inputmode="decimal" if numeric else None,
        autocomplete="off",
        dir="auto",
    )
    keyboard = tag("button", "abc", type="button", class_="tool keyboard", aria_label=words.web("keyboard"))
    return tag(
        "div",
        tag("label", words.web("answer" if alone else "answer.other"), for_="answer"),
        tag("div", field, keyboard if numeric else None, photo or _file(words), _send(words), class_="line"),
        class_="composer",
    )


def _file(words: Words) -> Html:
    picker = tag("input", type="file", id="file", accept=".txt,.csv,text/plain,text/csv", class_="vh", tabindex=0)
    label = tag("label", tag("span", words.web("file"), class_="vh"), for_="file", class_="tool file")
    return tag("span", picker, label, class_="picker")


def _photo(words: Words, trial: str) -> Html:
    """The way to send a photograph or a file: by the script as soon as it is chosen, else by a button of its own."""
    accepted = "image/*,application/pdf,.txt,.csv,text/plain,text/csv"
    picker = tag("input", type="file", id="file", name="photo", accept=accepted, multiple=True, class_="vh", tabindex=0)
    label = tag("label", tag("span", words.web("photo"), class_="vh"), for_="file", class_="tool photo")
    send = tag(
        "button",
        words.web("photo.send"),
        class_="quiet",
        formaction=f"/t/{trial}/chat/photo",
        formenctype="multipart/form-data",
    )
    return tag("span", picker, label, tag("noscript", send), class_="picker")


def _send(words: Words) -> Html:
    return tag("button", tag("span", words.web("send"), class_="vh"), class_="tool send", name="action", value="text")
