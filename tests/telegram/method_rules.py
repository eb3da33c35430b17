"""What the methods that the bot uses may be given, as the Bot API documents it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[str], bool]


def is_integer(given: str) -> bool:
    """An Integer."""
    return re.fullmatch(r"-?[0-9]{1,19}", given) is not None


def is_boolean(given: str) -> bool:
    """A Boolean."""
    return given.lower() in ("true", "false")


def text_of(shortest: int, longest: int) -> Check:
    """A String of so many UTF-16 units."""
    return lambda given: shortest <= len(given.encode("utf-16-le")) // 2 <= longest


def is_list_of_strings(given: str) -> bool:
    """An Array of String."""
    return all(isinstance(each, str) for each in json.loads(given))


def is_markup(given: str) -> bool:
    """An inline keyboard, a reply keyboard, its removal, or a forced reply."""
    markup = json.loads(given)
    if "inline_keyboard" in markup:
        return all(map(_is_inline_button, (button for row in markup["inline_keyboard"] for button in row)))
    if "keyboard" in markup:
        return all(button["text"] for row in markup["keyboard"] for button in row)
    if "force_reply" in markup:
        return markup["force_reply"] is True and len(markup.get("input_field_placeholder", "x")) in range(1, 65)
    return bool(markup.get("remove_keyboard") is True)


def is_inline(given: str) -> bool:
    """An inline keyboard."""
    return "inline_keyboard" in json.loads(given) and is_markup(given)


def _is_inline_button(button: dict[str, Any]) -> bool:
    return bool(button["text"]) and 1 <= len(button["callback_data"].encode()) <= 64


def is_preview_options(given: str) -> bool:
    """LinkPreviewOptions."""
    return set(json.loads(given)) <= {
        "is_disabled",
        "url",
        "prefer_small_media",
        "prefer_large_media",
        "show_above_text",
    }


def are_commands(given: str) -> bool:
    """An Array of BotCommand."""
    return all(
        re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]) and 1 <= len(each["description"]) <= 256
        for each in json.loads(given)
    )


def is_scope(given: str) -> bool:
    """A BotCommandScope."""
    return json.loads(given)["type"] in ("default", "all_private_chats", "all_group_chats", "chat")


def is_language(given: str) -> bool:
    """A two-letter language code, or none."""
    return re.fullmatch(r"([a-z]{2})?", given) is not None


def is_action(given: str) -> bool:
    """What is under way."""
    return given == "typing"


def is_upload(given: str) -> bool:
    """A picture that comes with the call, under a name that says what it is."""
    return given in ("slip.jpg", "figure.png")


def is_secret(given: str) -> bool:
    """A webhook's secret."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,256}", given) is not None


Rule = Mapping[str, Check]
LANGUAGE: Rule = {"language_code": is_language}

RULES: Mapping[str, tuple[Rule, Rule]] = {
    "getMe": ({}, {}),
    "getUpdates": (
        {},
        {"offset": is_integer, "limit": is_integer, "timeout": is_integer, "allowed_updates": is_list_of_strings},
    ),
    "setWebhook": (
        {"url": text_of(1, 2048)},
        {"max_connections": is_integer, "allowed_updates": is_list_of_strings, "secret_token": is_secret},
    ),
    "deleteWebhook": ({}, {"drop_pending_updates": is_boolean}),
    "sendMessage": (
        {"chat_id": is_integer, "text": text_of(1, 4096)},
        {
            "reply_markup": is_markup,
            "protect_content": is_boolean,
            "link_preview_options": is_preview_options,
            "message_thread_id": is_integer,
        },
    ),
    "sendPhoto": (
        {"chat_id": is_integer, "photo": is_upload},
        {"protect_content": is_boolean, "message_thread_id": is_integer},
    ),
    "createForumTopic": ({"chat_id": is_integer, "name": text_of(1, 128)}, {}),
    "editMessageText": (
        {"chat_id": is_integer, "message_id": is_integer, "text": text_of(1, 4096)},
        {"reply_markup": is_inline, "link_preview_options": is_preview_options},
    ),
    "editMessageReplyMarkup": ({"chat_id": is_integer, "message_id": is_integer}, {"reply_markup": is_inline}),
    "answerCallbackQuery": ({"callback_query_id": text_of(1, 64)}, {"text": text_of(0, 200), "show_alert": is_boolean}),
    "sendChatAction": ({"chat_id": is_integer, "action": is_action}, {}),
    "getFile": ({"file_id": text_of(1, 200)}, {}),
    "getMyCommands": ({}, {"scope": is_scope, **LANGUAGE}),
    "deleteMyCommands": ({}, {"scope": is_scope, **LANGUAGE}),
    "setMyCommands": ({"commands": are_commands}, {"scope": is_scope, **LANGUAGE}),
    "getMyName": ({}, LANGUAGE),
    "setMyName": ({}, {"name": text_of(0, 64), **LANGUAGE}),
    "getMyDescription": ({}, LANGUAGE),
    "setMyDescription": ({}, {"description": text_of(0, 512), **LANGUAGE}),
    "getMyShortDescription": ({}, LANGUAGE),
    "setMyShortDescription": ({}, {"short_description": text_of(0, 120), **LANGUAGE}),
}
"""Each method's parameters: those that are required, and those that are not."""


def broken_rule(method: str, given: Mapping[str, str]) -> str | None:
    """What is wrong with a call; None where it is as documented."""
    if method not in RULES:
        return f"method {method} not found"
    required, optional = RULES[method]
    checks = {**required, **optional}
    for name in required:
        if name not in given:
            return f"{method}: {name} is missing"
    for name, value in given.items():
        if name not in checks:
            return f"{method}: {name} is not a parameter"
        if not _holds(checks[name], value):
            return f"{method}: {name} is not valid"
    return None


def _holds(check: Check, value: str) -> bool:
    try:
        return bool(check(value))
    except (ValueError, KeyError, TypeError):
        return False
