"""The conversation. Pure: `resume(session, input, now)` gives the new session and what the bot does."""
