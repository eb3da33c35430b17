"""What the bot says: events and locales in, messages out."""
