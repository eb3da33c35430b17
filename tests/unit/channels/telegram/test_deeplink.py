"""Links that open the bot: made and read without loss, and never trusted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.deeplink import link, pack, unpack
from bot.flows.inputs import Opened

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


@pytest.mark.parametrize(
    ("opened", "payload"),
    [
        (Opened(trial="4scar7u"), "4scar7u"),
        (Opened(locale="zh_Hans", trial="4scar7u"), "l_zh_Hans-4scar7u"),
        (Opened("es", "4scar7u", "haikou", "poster1"), "l_es-s_haikou-f_poster1-4scar7u"),
        (Opened(locale="es"), "l_es"),
        (Opened(), ""),
        (Opened(trial="my-second-trial"), "my-second-trial"),
    ],
)
def test_a_link_holds_what_it_is_made_of(opened: Opened, payload: str) -> None:
    """In letters that Telegram takes."""
    assert pack(opened) == payload
    assert unpack(payload) == opened
    assert link("a_bot", payload).startswith("https://t.me/a_bot?start=")


parts = st.none() | st.text(alphabet="abz_019-", min_size=1, max_size=30)


@given(st.sampled_from([None, "en", "es", "zh_Hans"]), parts, parts, parts)
def test_what_is_packed_comes_back_or_is_refused(
    locale: str | None, trial: str | None, site: str | None, source: str | None
) -> None:
    """There is no link that opens something else than it was made for."""
    opened = Opened(locale, trial, site, source)
    try:
        payload = pack(opened)
    except ValueError:
        return
    assert PAYLOAD.fullmatch(payload)
    assert unpack(payload) == opened


@given(st.text(max_size=100))
def test_any_payload_opens_the_bot(payload: str) -> None:
    """What is no payload opens it as usual; nothing raises."""
    opened = unpack(payload)
    assert opened == Opened() or PAYLOAD.fullmatch(payload)


def test_a_link_that_is_too_long_is_refused() -> None:
    """Rather than be cut by Telegram."""
    with pytest.raises(ValueError, match="64"):
        pack(Opened("es", "t" * 40, "s" * 20, "f" * 20))
