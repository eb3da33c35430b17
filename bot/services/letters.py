"""Letters as the store keeps them: a letter is a timer of the chat that it goes to, due at once."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from datetime import datetime

from bot.flows.handoff.letters import LETTER as LETTERS
from bot.flows.handoff.letters import Letter, Post
from bot.flows.inputs import Input, TimerFired
from bot.ports import LETTER, Address, TimerRow
from bot.services.at_hand import AtHand

KEPT = 256  # letters at hand: most are opened by the turns that come next

_sequence = itertools.count()
_written: AtHand[Letter] = AtHand(LETTERS.validate_json, KEPT)


def letter_rows(posts: Iterable[Post], now: datetime) -> tuple[TimerRow, ...]:
    """Letters as timers of the chats that they go to. Those of one process come in the order in which they were sent."""
    return tuple([_row(post, now) for post in posts])


def _row(post: Post, now: datetime) -> TimerRow:
    name = f"{LETTER}{next(_sequence):012}.{uuid.uuid4().hex[:12]}"
    to = Address(post.to.channel, post.to.name)
    return TimerRow(name, now, _written.keep(LETTERS.dump_json(post.letter).decode(), post.letter), to)


def opened(entry: Input) -> Letter | None:
    """The letter that an input is, if it is one."""
    if isinstance(entry, TimerFired) and entry.timer.startswith(LETTER) and entry.payload:
        return _written.take(entry.payload)
    return None
