"""What a browser sends, checked: JSON from the page's script, a form where no script runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import UUID4, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.flows.inputs import ButtonPressed, Command, CommandGiven, Input, Opened, Reply
from bot.ports import Address, Inbound
from bot.speech.catalogue import known_language

MOST_TEXT = 20_000  # characters
MOST_BODY = 96 * 1024  # bytes: the longest text, at four bytes a character, with what is around it
Id = Annotated[str, Field(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Sent(BaseModel):
    """Something sent. `id` is made by the browser: the same again is the same message."""

    model_config = ConfigDict(extra="forbid")

    id: UUID4


class SentText(Sent):
    """A message typed or pasted, or the text of a file."""

    kind: Literal["text"]
    text: str = Field(max_length=MOST_TEXT, pattern=r"^[^\x00]*$")

    def input(self, trial: str) -> Input:  # noqa: ARG002 - every kind is asked alike
        """The reply."""
        return Reply(self.text)


class SentChoice(Sent):
    """A choice tapped."""

    kind: Literal["choice"]
    choice: Id
    step: int = Field(ge=0)
    session: Id = ""

    def input(self, trial: str) -> Input:  # noqa: ARG002
        """The button."""
        return ButtonPressed(self.choice, self.step, self.session)


class SentCommand(Sent):
    """Something of the menu."""

    kind: Literal["command"]
    command: Command

    def input(self, trial: str) -> Input:  # noqa: ARG002
        """The command."""
        return CommandGiven(self.command)


class SentLanguage(Sent):
    """The wish for another language."""

    kind: Literal["language"]
    locale: Id

    def input(self, trial: str) -> Input:
        """The chat opened anew in that language, at the same place."""
        return Opened(locale=known_language(self.locale), trial=trial)


AnySent = Annotated[SentText | SentChoice | SentCommand | SentLanguage, Field(discriminator="kind")]
_SENT: TypeAdapter[AnySent] = TypeAdapter(AnySent)


class NotReadable(Exception):
    """What was sent is nothing that a page of ours sends."""


def from_json(body: bytes, address: Address, trial: str) -> Inbound:
    """The input of a JSON body. Raises `NotReadable`."""
    try:
        sent = _SENT.validate_json(body)
    except ValidationError:
        raise NotReadable from None
    return Inbound(address, str(sent.id), sent.input(trial))


# The fields of the form by what they mean, the most particular first: pressing a button sends its field with the text.
_FIELDS = {"choice": "choice", "command": "command", "locale": "language", "text": "text"}


def from_form(given: Mapping[str, str], address: Address, trial: str) -> Inbound:
    """The input of a form's fields. Raises `NotReadable`."""
    name = next((name for name in _FIELDS if given.get(name)), "text")
    values = {"kind": _FIELDS[name], "id": given.get("message"), name: given.get(name)}
    if name == "choice":
        values |= {"step": given.get("step"), "session": given.get("session", "")}
    try:
        sent = _SENT.validate_python(values)
    except ValidationError:
        raise NotReadable from None
    return Inbound(address, str(sent.id), sent.input(trial))
