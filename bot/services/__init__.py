"""The use cases: an input becomes a turn, a message is delivered, a timer fires. They know ports, no database."""
