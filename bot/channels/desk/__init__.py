"""The desk: the pages on which staff work. Who comes in is known; what each may do is one table."""

from bot.flows.handoff.rooms import DESK

NAME = DESK
"""What the channel is called in the store."""
