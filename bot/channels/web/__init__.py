"""The web chat: pages rendered here, messages by server-sent events, and not a line of it from anywhere else."""

NAME = "web"
"""What the channel is called in the store."""
