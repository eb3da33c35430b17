"""The bench: members of staff pre-screen candidates under codes of their own, several side by side. Pure."""
