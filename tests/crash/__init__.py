"""The crash lab: the bot as a process, killed again and again, and held against a plain model."""
