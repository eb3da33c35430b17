"""The language of a page."""

from __future__ import annotations

import pytest

from bot.channels.http.words import preferred


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh_Hans"),
        ("fr-FR, es-MX;q=0.7, en;q=0.5", "es"),
        ("en;q=0.5, es;q=0.9", "es"),
        ("es;q=0, en;q=0.1", "en"),
        ("tlh", "en"),
        ("*", "en"),
        (",;q=9,🙂, es;q=x, zh-Hans", "zh_Hans"),
        ("fr," * 5_000 + "es", "en"),
    ],
)
def test_the_language_that_the_browser_likes_best_is_spoken(header: str | None, locale: str) -> None:
    """By weight, then by place; what is not spoken, or not readable, is passed over."""
    assert preferred(header) == locale
