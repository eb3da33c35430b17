"""A chat as a browser gets it: each message with its number, what it answers, and the form that comes after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from bot.channels.http.html import Html, join
from bot.channels.http.words import Words
from bot.channels.web.messages import ERASED, article, own
from bot.channels.web.panel import panel
from bot.flows.inputs import ButtonPressed, CommandGiven, Input, Opened, PhotoRead, PhotoUnreadable, Reply
from bot.ports import Outbound
from bot.speech.catalogue import Catalogue
from bot.speech.message import Waiting

CONTEXT = (
    8  # messages before the first one wanted that are read too: they hold the names of the choices that it answers
)


@dataclass(frozen=True, slots=True)
class Item:
    """A message as the page's script takes it. `id`: of the person's own message `own`, to which this is the answer.

    `panel` is None where what is waited for stays as it was. `cleared`: everything before it is erased.
    """

    number: int
    locale: str
    id: str | None
    own: Html | None
    html: Html | None
    panel: Html | None
    progress: tuple[int, int] | None
    cleared: bool

    def as_json(self) -> dict[str, object]:
        """The item as JSON has it."""
        return asdict(self)


class Thread:
    """Renders the messages of one chat, in order: what a tap meant is known from the message before it.

    `photos`: whether a photograph may be sent.
    """

    def __init__(self, catalogue: Catalogue, trial: str, *, photos: bool = False) -> None:
        self._catalogue = catalogue
        self._trial = trial
        self._photos = photos
        self._waiting: Waiting | None = None

    def items(self, rows: Iterable[Outbound]) -> list[Item]:
        """The messages, rendered; those that are only read for their context as well."""
        return [self._item(row) for row in rows]

    def _item(self, row: Outbound) -> Item:
        message = row.message
        words = Words(self._catalogue, message.locale)
        heard = self._heard(words, row.answers.input) if row.answers else None
        asked = message.event["event"] == "question_asked"
        item = Item(
            number=row.number,
            locale=message.locale,
            id=row.answers.message_id if row.answers else None,
            own=own(words, row.answers.message_id, heard) if row.answers and heard else None,
            html=article(words, row.number, message),
            panel=panel(words, message, self._trial, photos=self._photos),
            progress=(message.event["number"], message.event["total"]) if asked else None,
            cleared=message.event["event"] in ERASED,
        )
        self._waiting = message.waiting or self._waiting
        return item

    def _heard(self, words: Words, heard: Input) -> str | None:
        """What the person said, as they would say it; None where nothing of it is shown."""
        match heard:
            case Reply(text=text):
                return text
            case ButtonPressed(choice=choice):
                choices = self._waiting.choices if self._waiting else ()
                return next((each.label for each in choices if each.id == choice), None)
            case PhotoRead() | PhotoUnreadable():
                return words.web("photo.sent")
            case CommandGiven(command=command):
                return words.text(f"keyword.{command}").partition("|")[0]
            case Opened(locale=locale) if locale and self._waiting:
                return self._catalogue.text(locale, "language.name")
        return None


def shown(items: list[Item]) -> Html:
    """The items as the page first shows them."""
    start = next((place for place in range(len(items) - 1, -1, -1) if items[place].cleared), 0)
    return join(part for item in items[start:] for part in (item.own, item.html))
