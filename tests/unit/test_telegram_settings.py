"""The settings of Telegram: checked at the start, with a clear word and never the secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bootstrap import telegram_options
from bot.errors import BadSetting
from bot.settings import load_settings

TOKEN = "4242:a-token"


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"TELEGRAM_BOT_TOKEN": "my bot"}, "TELEGRAM_BOT_TOKEN is no token"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BOT_TOKEN_FILE": "token"}, "not both"),
        ({"TELEGRAM_BOT_TOKEN_FILE": "nowhere"}, "TELEGRAM_BOT_TOKEN_FILE cannot be read: nowhere"),
        ({"PRESCREEN_TELEGRAM_SECRET": "short"}, "PRESCREEN_TELEGRAM_SECRET must have 43"),
        ({"PRESCREEN_TELEGRAM_API": "telegram.org"}, "PRESCREEN_TELEGRAM_API: give a URL"),
        ({"PRESCREEN_TELEGRAM_WEBHOOK": "bot.example.org"}, "PRESCREEN_TELEGRAM_WEBHOOK: give a URL"),
        ({"PRESCREEN_TELEGRAM_RATE": "0"}, "PRESCREEN_TELEGRAM_RATE"),
        (
            {"PRESCREEN_TELEGRAM_WEBHOOK": "https://b.example", "PRESCREEN_DATABASE": "postgresql://h/d"},
            "PRESCREEN_TELEGRAM_SECRET is needed",
        ),
    ],
)
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str) -> None:
    """By its variable, with the mend."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as caught:
        load_settings()
    assert named in str(caught.value)
    assert "a-token" not in str(caught.value)


def test_a_token_in_a_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the line's end."""
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    options = telegram_options(load_settings())
    assert options is not None
    assert options.token == TOKEN
    assert "a-token" not in repr(load_settings())


def test_without_a_token_there_is_no_telegram() -> None:
    """And the web chat is served."""
    settings = load_settings()
    assert telegram_options(settings) is None
    assert settings.serves_web


@pytest.mark.parametrize(
    ("variables", "served"),
    [
        ({}, False),
        ({"PRESCREEN_WEB": "127.0.0.1:1"}, True),
        ({"PRESCREEN_TELEGRAM_WEBHOOK": "https://b.example"}, True),
    ],
)
def test_the_web_is_served_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], served: bool
) -> None:
    """Beside Telegram, only where it is named, or a webhook needs it."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert load_settings().serves_web == served
