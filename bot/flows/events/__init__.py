"""What the bot does in a turn, as codes and values: `bot.speech` makes the words.

Every class names its event in `event`, a literal, so that a stored list of events reads back as what it was; its other fields
are what `prescreen chat --json` prints.
"""

from __future__ import annotations

from bot.flows.events import control, referral, screening, slips

Event = control.Event | screening.Event | slips.Event | referral.Event
"""Everything that the bot does."""
