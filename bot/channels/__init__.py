"""How the bot is reached: each channel by itself; none imports another."""
