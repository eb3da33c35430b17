"""What a browser may send, and what it may not."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from bot.channels.web.inputs import MOST_TEXT, NotReadable, from_form, from_json
from bot.flows.inputs import ButtonPressed, Command, CommandGiven, Input, Opened, Reply
from bot.ports import Address

ID = str(uuid.UUID("7d444840-9dc0-41d1-b245-5ffdce74fad2"))
ME = Address("web", "ana")


def read(**sent: Any) -> Input:
    """The input of a JSON body."""
    inbound = from_json(json.dumps({"id": ID, **sent}).encode(), ME, "small")
    assert (inbound.address, inbound.message_id) == (ME, ID)
    return inbound.input


def test_the_script_sends_what_a_person_can_do() -> None:
    """A text, a choice, a command, another language."""
    assert read(kind="text", text="9.2 g/dL") == Reply("9.2 g/dL")
    assert read(kind="choice", choice="yes", step=3, session="ab") == ButtonPressed("yes", 3, "ab")
    assert read(kind="command", command="back") == CommandGiven(Command.BACK)
    assert read(kind="language", locale="zh-CN") == Opened(locale="zh_Hans", trial="small")


def test_a_form_sends_the_same() -> None:
    """The button that was pressed says what is meant, whatever stands in the field."""
    form = {"message": ID, "step": "3", "session": "ab", "text": "half"}
    assert from_form({**form, "choice": "yes"}, ME, "small").input == ButtonPressed("yes", 3, "ab")
    assert from_form({**form, "command": "help"}, ME, "small").input == CommandGiven(Command.HELP)
    assert from_form({**form, "locale": "es"}, ME, "small").input == Opened(locale="es", trial="small")
    assert from_form({**form, "action": "text"}, ME, "small").input == Reply("half")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"kind": "text", "text": "no id"}',
        b'{"id": "1", "kind": "text", "text": "short id"}',
        json.dumps({"id": ID, "kind": "timer", "timer": "expire"}).encode(),
        json.dumps({"id": ID, "kind": "text", "text": "x" * (MOST_TEXT + 1)}).encode(),
        json.dumps({"id": ID, "kind": "text", "text": "x", "more": 1}).encode(),
        json.dumps({"id": ID, "kind": "choice", "choice": "x" * 65, "step": 1}).encode(),
        json.dumps({"id": ID, "kind": "choice", "choice": "x", "step": -1}).encode(),
        json.dumps({"id": ID, "kind": "command", "command": "erase"}).encode(),
        b'{"id": "' + ID.encode() + b'", "kind": "text", "text": "\xff"}',
        b'{"id": "' + ID.encode() + b'", "kind": "text", "text": "a"}, "kind": {}',
    ],
)
def test_anything_else_is_no_input(body: bytes) -> None:
    """What no page of ours sends is refused as a whole."""
    with pytest.raises(NotReadable):
        from_json(body, ME, "small")
