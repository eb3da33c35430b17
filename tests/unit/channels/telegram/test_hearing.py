"""What an update is taken for."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Update

from bot.channels.telegram.hearing import ALLOWED_UPDATES, Elsewhere, Said, Tapped, hear
from bot.channels.telegram.quiet import quiet_libraries
from bot.flows.inputs import (
    ButtonPressed,
    Command,
    CommandGiven,
    DeskAsked,
    FiguresAsked,
    MediaSent,
    Medium,
    Opened,
    PhotoSent,
    PhotoUnreadable,
    Reply,
    ReplyEdited,
)

quiet_libraries()

WHO = {"id": 5, "is_bot": False, "first_name": "Ana", "language_code": "es"}
PRIVATE = {"id": 5, "type": "private", "first_name": "Ana"}
GROUP = {"id": -9, "type": "supergroup", "title": "Friends"}
FILE = {"file_id": "f", "file_unique_id": "u"}


def message(chat: Any = None, **content: Any) -> dict[str, Any]:
    """A message with this content."""
    return {"message_id": 3, "date": 1_790_000_000, "chat": chat or PRIVATE, "from": WHO, **content}


def heard(**update: Any) -> Any:
    """What an update is taken for."""
    parsed = Update.de_json({"update_id": 1, **update}, Bot("1:a"))
    return hear(parsed)


def said(**content: Any) -> Any:
    """The input that a private message is."""
    happened = heard(message=message(**content))
    return happened.input if isinstance(happened, Said) else happened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9.2 g/dL", Reply("9.2 g/dL", "3")),
        ("/help", CommandGiven(Command.HELP)),
        ("/HELP@the_bot now", CommandGiven(Command.HELP)),
        ("/start", Opened()),
        ("/start l_es-s_haikou-4scar7u", Opened("es", "4scar7u", "haikou")),
        ("/start <script>", Opened()),
        ("/frobnicate", Reply("/frobnicate", "3")),
        ("help", Reply("help", "3")),
        ("/stats", FiguresAsked()),
        ("/Stats@the_bot  Haikou", FiguresAsked("haikou")),
    ],
)
def test_text(text: str, expected: object) -> None:
    """Commands are known by their slash; what follows Start is only ever a choice among what there is."""
    assert said(text=text) == expected


@pytest.mark.parametrize(
    ("content", "medium"),
    [
        ({"voice": {**FILE, "duration": 1}}, Medium.VOICE),
        ({"audio": {**FILE, "duration": 1}}, Medium.VOICE),
        ({"document": {**FILE, "file_name": "scan.doc"}}, Medium.DOCUMENT),
        ({"animation": {**FILE, "width": 1, "height": 1, "duration": 1}, "document": FILE}, Medium.OTHER),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, Medium.OTHER),
    ],
)
def test_what_is_no_text(content: dict[str, Any], medium: Medium) -> None:
    """Is told apart, so that the person is told what to do instead."""
    assert said(**content) == MediaSent(medium)


def test_a_caption_with_values_is_a_reply() -> None:
    """Whatever it stands under but a picture."""
    assert said(document=FILE, caption="Hb 92 g/L") == Reply("Hb 92 g/L", "3")


def test_a_picture_is_to_be_fetched_in_its_largest_size() -> None:
    """With what is written under it, where that may hold values."""
    photo = [{**FILE, "file_id": size, "width": 1, "height": 1} for size in ("small", "large")]
    assert said(photo=photo, caption="my report") == PhotoSent("large", ref="3")
    assert said(photo=photo, caption="Hb 92 g/L") == PhotoSent("large", caption="Hb 92 g/L", ref="3")
    assert said(photo=photo, media_group_id="a") == PhotoSent("large", ref="3", album="a")


@pytest.mark.parametrize("kind", ["image/png", "image/heic", "application/pdf"])
def test_a_file_that_is_a_picture_is_to_be_fetched(kind: str) -> None:
    """By its kind; one that the Bot API would not give out is refused at once."""
    document = {**FILE, "mime_type": kind, "file_size": 1_000}
    assert said(document=document) == PhotoSent("f", Medium.DOCUMENT, ref="3")
    assert said(document=document, media_group_id="a") == PhotoSent("f", Medium.DOCUMENT, ref="3", album="a")
    assert said(document={**document, "file_size": 30_000_000}) == PhotoUnreadable("too_big")


def test_a_text_file_is_to_be_read() -> None:
    """By its name or its kind; a scan is not."""
    for document in ({"file_name": "Slip.TXT"}, {"mime_type": "text/plain"}):
        assert heard(message=message(document={**FILE, **document})).document is not None
    assert heard(message=message(document={**FILE, "mime_type": "image/png"})).document is None


@pytest.mark.parametrize(
    ("number", "owner", "expected"),
    [
        ("8613800138000", 5, Reply("+8613800138000", "3")),
        ("+34600111222", 5, Reply("+34600111222", "3")),
        ("+34600111222", 6, MediaSent(Medium.OTHER)),
        ("+34600111222", None, MediaSent(Medium.OTHER)),
    ],
)
def test_only_ones_own_contact_is_taken(number: str, owner: int | None, expected: object) -> None:
    """Somebody else's number is nobody's consent."""
    contact = {"phone_number": number, "first_name": "X", **({"user_id": owner} if owner else {})}
    assert said(contact=contact) == expected


def test_an_edited_message_corrects_what_it_was() -> None:
    """By the id of the message."""
    edited = heard(edited_message=message(text="9.3 g/dL", edit_date=1_790_000_001))
    assert edited.input == ReplyEdited("9.3 g/dL", "3")


def test_service_messages_are_nothing() -> None:
    """Nobody said anything."""
    assert heard(message=message(message_auto_delete_timer_changed={"message_auto_delete_time": 1})) is None
    assert heard(edited_message=message(location={"latitude": 1.0, "longitude": 1.0})) is None


def tapped(data: str, chat: dict[str, Any] | None = None) -> Tapped:
    """A tap on a button."""
    query = {"id": "q", "from": WHO, "chat_instance": "1", "data": data, "message": message(chat or PRIVATE)}
    happened = heard(callback_query=query)
    assert isinstance(happened, Tapped)
    return happened


def test_a_tap_is_a_choice_of_its_chat() -> None:
    """The chat is where the button stands."""
    happened = tapped("a1b2c3d4:7:yes")
    assert happened.said is not None
    assert (happened.said.chat, happened.said.input) == (5, ButtonPressed("yes", 7, "a1b2c3d4"))


def test_a_tap_on_anything_else_is_nobodys() -> None:
    """A button that is not ours, or in a chat that is not the person's."""
    assert tapped("vote").said is None
    assert tapped("a1b2c3d4:7:yes", GROUP).said is None


@pytest.mark.parametrize("status", ["member", "administrator"])
def test_groups_are_elsewhere(status: str) -> None:
    """Both where the bot is added and where it is written to."""
    user = {"id": 1, "is_bot": True, "first_name": "B"}
    rights = dict.fromkeys(
        [
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        ],
        False,
    )
    new = {"status": status, "user": user, **(rights if status == "administrator" else {})}
    moved = {"chat": GROUP, "from": WHO, "date": 1, "old_chat_member": {"status": "left", "user": user}}
    assert heard(my_chat_member={**moved, "new_chat_member": new}) == Elsewhere(-9, "es")
    assert heard(message=message(GROUP, text="my Hb is 92")) == Elsewhere(-9, "es")


def test_what_is_asked_for_is_all_that_is_heard() -> None:
    """No other kind of update is ever sent."""
    assert set(ALLOWED_UPDATES) == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert heard(channel_post=message({"id": -8, "type": "channel", "title": "C"}, text="Hb 92")) is None


@pytest.mark.parametrize("text", ["/desk", "/desk@prescreen_bot", "/DESK"])
def test_desk_asks_for_a_link_to_the_desk(text: str) -> None:
    """In a private chat; in a group nobody gets one."""
    assert said(text=text) == DeskAsked()
    assert isinstance(heard(message=message(GROUP, text=text)), Elsewhere)
