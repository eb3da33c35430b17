"""From an update to what happened in a chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from telegram import CallbackQuery, ChatMember, Contact, Document, Message, Update
from telegram.constants import ChatType

from bot.channels.telegram import data, deeplink
from bot.channels.telegram.documents import LARGEST_PICTURE
from bot.flows.handoff.codes import digest_of
from bot.flows.handoff.desk import MARK
from bot.flows.inputs import (
    Command,
    CommandGiven,
    DeskAsked,
    FiguresAsked,
    Input,
    Joining,
    MediaSent,
    Medium,
    PhotoSent,
    PhotoUnreadable,
    Reply,
    ReplyEdited,
)
from bot.flows.photographed import Refusal
from bot.speech.catalogue import known_language

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""What the bot asks Telegram for."""

SHORT = 64  # characters; a longer one is read with care, which takes a moment

_MEDIA: Mapping[str, Medium] = MappingProxyType(
    {
        "voice": Medium.VOICE,
        "audio": Medium.VOICE,
        "video_note": Medium.VOICE,
        "sticker": Medium.STICKER,
        "animation": Medium.OTHER,  # before `document`, which an animation has too
        "document": Medium.DOCUMENT,
    }
)
DESK = "desk"
"""The command by which a member of staff asks for a link to the desk."""
STATS = "stats"
"""The command by which one asks for the figures of the prescreening log, of a site if one is named behind it."""

_COMMANDS = {command.value for command in Command}


@dataclass(frozen=True, slots=True)
class Said:
    """A person did something in their chat with the bot. `at`: when, where that is known.

    `document`: its text is the reply, if it can be had; `slow`: reading it takes a moment. `language`: the person's.
    """

    update_id: int
    chat: int
    input: Input
    at: datetime | None = None
    document: Document | None = None
    slow: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button was tapped. `said`: the choice it stands for, None where it is none of this chat's."""

    query: CallbackQuery
    said: Said | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something in a group or a channel."""

    chat: int
    language: str | None


def hear(update: Update) -> Said | Tapped | Elsewhere | None:
    """What happened; None for what the bot has no part in."""
    if update.callback_query is not None:
        return _tapped(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _moved(update)
    if update.message is not None:
        return _said(update.update_id, update.message)
    if update.edited_message is not None:
        return _edited(update.update_id, update.edited_message)
    return None


def _tapped(update_id: int, query: CallbackQuery) -> Tapped:
    pressed = data.unpack(query.data)
    if pressed is None or query.message is None:
        return Tapped(query, None)
    if query.message.chat.id != query.from_user.id and pressed.session != MARK:
        return Tapped(query, None)  # a card's button in a group counts as tapped in the private chat of who tapped it
    return Tapped(query, Said(update_id, query.from_user.id, pressed, language=query.from_user.language_code))


def _moved(update: Update) -> Elsewhere | None:
    """The bot was added to a group or channel, or left it."""
    moved = update.my_chat_member
    there = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)
    if moved is None or moved.chat.type == ChatType.PRIVATE or moved.new_chat_member.status not in there:
        return None
    return Elsewhere(moved.chat.id, moved.from_user.language_code)


def _said(update_id: int, message: Message) -> Said | Elsewhere | None:
    language = message.from_user.language_code if message.from_user else None
    joining = _joining(message)
    if joining is not None:
        return Said(update_id, message.chat.id, joining, message.date, language=language)
    if message.chat.type != ChatType.PRIVATE:
        return Elsewhere(message.chat.id, language)
    given = _input(message)
    if given is None:
        return None
    slow = isinstance(given, Reply) and len(given.text) > SHORT
    return Said(update_id, message.chat.id, given, message.date, _text_document(message), slow, language)


def _edited(update_id: int, message: Message) -> Said | None:
    text = message.text or _slip_caption(message)
    if message.chat.type != ChatType.PRIVATE or text is None:
        return None
    return Said(update_id, message.chat.id, ReplyEdited(text, str(message.message_id)))


def _input(message: Message) -> Input | None:
    ref = str(message.message_id)
    pictured = _picture(message, ref)
    if pictured is not None:
        return pictured
    text = message.text or _slip_caption(message)
    if text is not None:
        return (message.text and _command(message.text)) or Reply(text, ref)
    if message.contact is not None:
        return _shared(message.contact, message, ref)
    medium = next((medium for name, medium in _MEDIA.items() if getattr(message, name)), None)
    if medium is None and message.effective_attachment is None:
        return None
    return MediaSent(medium or Medium.OTHER)


def _picture(message: Message, ref: str) -> Input | None:
    """The picture that a message holds: a photo in its largest size, or a file that calls itself a picture or a PDF."""
    caption, album = _slip_caption(message) or "", message.media_group_id
    if message.photo:
        return PhotoSent(message.photo[-1].file_id, Medium.PHOTO, caption, ref, album)
    document = message.document
    kind = (document.mime_type or "") if document else ""
    if document is None or message.animation or not (kind.startswith("image/") or kind == "application/pdf"):
        return None
    if document.file_size is not None and document.file_size > LARGEST_PICTURE:
        return Reply(caption, ref) if caption else PhotoUnreadable(Refusal.TOO_BIG)
    return PhotoSent(document.file_id, Medium.DOCUMENT, caption, ref, album)


def _command(text: str) -> Input | None:
    """The command that a message gives (`/help`, `/help@bot`, `/start payload`); None where it gives none of ours."""
    word, _, rest = text.partition(" ")
    name = word.removeprefix("/").partition("@")[0].lower()
    if word.startswith("/") and name == DESK:
        return DeskAsked()
    if word.startswith("/") and name == STATS:
        return FiguresAsked(rest.strip().lower())
    if not word.startswith("/") or name not in _COMMANDS:
        return None
    return deeplink.unpack(rest.strip()) if name == Command.START else CommandGiven(Command(name))


def _joining(message: Message) -> Joining | None:
    """The code that a message shows to join the staff: `/join CODE`, or `/start j_CODE` from a link."""
    word, _, rest = (message.text or "").partition(" ")
    name, code = word.partition("@")[0].lower(), rest.strip()
    if name == "/start" and code.startswith(deeplink.JOIN):
        code = code.removeprefix(deeplink.JOIN)
    elif name != "/join":
        return None
    who, group = message.from_user, message.chat.type != ChatType.PRIVATE
    return Joining(
        digest=digest_of(code) or "",
        name=who.full_name if who else "",
        locale=known_language(who.language_code) if who else None,
        group=group,
        forum=group and bool(message.chat.is_forum),
    )


def _slip_caption(message: Message) -> str | None:
    """The text under a picture or file, where it may hold values; a mere title is none."""
    caption = message.caption
    return caption if caption and any(character.isdigit() for character in caption) else None


def _shared(contact: Contact, message: Message, ref: str) -> Input:
    """A contact that was shared is read as the phone number typed, if it is the sender's own."""
    own = message.from_user is not None and contact.user_id == message.from_user.id
    number = contact.phone_number
    return Reply(number if number.startswith("+") else f"+{number}", ref) if own else MediaSent(Medium.OTHER)


def _text_document(message: Message) -> Document | None:
    """A file that can be read as text: it has no caption that says it already, and calls itself text."""
    document = message.document
    if document is None or _slip_caption(message) is not None:
        return None
    named = (document.file_name or "").lower().endswith((".txt", ".csv"))
    return document if named or document.mime_type in ("text/plain", "text/csv") else None
