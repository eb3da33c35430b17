"""What the Telegram channel is told."""

from __future__ import annotations

from dataclasses import dataclass

NAME = "telegram"
"""The channel's name in addresses."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the channel is told. `webhook`: its public URL; without one, updates are polled.

    `secret`: the webhook's; a new one is made without it. `shared`: several processes serve the webhook, so it stays
    when one of them ends. `rate`, `chat_rate`: messages a second while Telegram limits the bot; `flood`: messages a
    minute that are read of one chat.
    """

    token: str
    api: str
    proxy: str | None = None
    webhook: str | None = None
    secret: str | None = None
    shared: bool = False
    rate: float = 30.0
    chat_rate: float = 1.0
    flood: int = 120
