"""From a message to what is sent by Telegram: the text in pieces, the buttons, and whether it may be forwarded."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.channels.telegram import data
from bot.channels.telegram.texts import pieces
from bot.flows.states import State
from bot.speech.catalogue import Catalogue
from bot.speech.message import Button, Message, Waiting

ANY_STEP = 0
LONGEST_LABEL = 40  # columns of a button that a phone shows whole
ROW_COLUMNS = 24  # of buttons side by side
ROW_BUTTONS = 3
GUARDED = frozenset(
    {
        "assessed",
        "review_shown",
        "referral_requested",
        "slip_read",
        "card_shown",
        "contact_shown",
        "bench_shown",
        "bench_pictured",
        "bench_closed",
    }
)
"""The events whose messages hold what should not be passed on: they can be neither forwarded nor saved."""
MISREAD = frozenset({"reply_rejected", "reply_unclear", "exact_asked"})
"""The events that ask for a figure once more: these open the keyboard; the question's own buttons stay good."""

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent: `picture`, a JPEG or PNG, where there is one, then at least one text, `markup` under the last of them."""

    texts: tuple[str, ...]
    markup: Markup | None
    guarded: bool
    picture: bytes = b""


def render(message: Message, texts: Catalogue) -> Rendered | None:
    """What is sent for a message; None where it is not told. `texts` has the channel's own words."""
    if message.text is None:
        return None
    waiting = message.waiting
    listed = _listed(waiting) if waiting else ()
    whole = "\n\n".join([message.text, *(["\n".join(listed)] if listed else [])])
    guarded = message.event["event"] in GUARDED
    return Rendered(tuple(pieces(whole)), _markup(message, texts), guarded, base64.b64decode(message.picture))


def _markup(message: Message, texts: Catalogue) -> Markup | None:
    waiting = message.waiting
    if waiting is not None and _asks_for_phone(message, waiting):
        return _share_contact(waiting, texts.text(message.locale, "telegram.share_contact"))
    if waiting is not None and waiting.numeric and message.event["event"] in MISREAD and len(waiting.choices) == 1:
        return ForceReply(input_field_placeholder=texts.text(message.locale, "telegram.placeholder.number"))
    beside = [(button, ANY_STEP) for button in message.buttons]
    rows = [*_keys(message), *_rows([*beside, *_tappable(waiting)], message.session)]
    return InlineKeyboardMarkup(rows) if rows else None


def _keys(message: Message) -> Iterator[list[InlineKeyboardButton]]:
    """The buttons that stand in rows of their own."""
    for row in message.keys:
        packed = ((each.label, data.pack(message.session, ANY_STEP, each.id)) for each in row)
        yield [InlineKeyboardButton(label, callback_data=carried) for label, carried in packed]


def _asks_for_phone(message: Message, waiting: Waiting) -> bool:
    return waiting.state == State.CONTACT and message.event.get("kind") == "phone"


def _share_contact(waiting: Waiting, label: str) -> ReplyKeyboardMarkup:
    """A keyboard that shares the person's own number; its other buttons type what they say."""
    rows = [[KeyboardButton(label, request_contact=True)], *([KeyboardButton(each.label)] for each in waiting.choices)]
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)


def _tappable(waiting: Waiting | None) -> Iterator[tuple[Button, int]]:
    """The choices as buttons. Where one is too long to be read on a button, they are listed and numbered instead."""
    if waiting is None:
        return
    listed = _is_listed(waiting)
    for number, choice in enumerate(waiting.choices, 1):
        label = _mark(waiting, number, choice) if listed else None
        yield Button(choice.id, label or choice.label), waiting.step


def _is_listed(waiting: Waiting) -> bool:
    return any(columns(choice.label) > LONGEST_LABEL for choice in waiting.choices)


def _listed(waiting: Waiting) -> tuple[str, ...]:
    """The choices as lines of the text, where buttons are too short for them."""
    if not _is_listed(waiting):
        return ()
    marked = [(_mark(waiting, number, choice), choice.label) for number, choice in enumerate(waiting.choices, 1)]
    return tuple(label if label.startswith(f"{mark}:") else f"{mark}: {label}" for mark, label in marked if mark)


def _mark(waiting: Waiting, number: int, choice: Button) -> str | None:
    """What stands for a choice of the list: its number; where a number would be a value, its id if that is the value."""
    if waiting.numbered:
        return str(number)
    return choice.id if choice.id.isdigit() else None


def _rows(buttons: Sequence[tuple[Button, int]], session: str) -> Iterator[list[InlineKeyboardButton]]:
    """Short buttons side by side, in order."""
    row: list[InlineKeyboardButton] = []
    width = 0
    for button, step in buttons:
        wide = columns(button.label)
        if row and (len(row) == ROW_BUTTONS or width + wide > ROW_COLUMNS):
            yield row
            row, width = [], 0
        row.append(InlineKeyboardButton(button.label, callback_data=data.pack(session, step, button.id)))
        width += wide
    if row:
        yield row


def columns(text: str) -> int:
    """How wide a text is shown; a full-width character takes two columns."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
