"""Everything durable: the tables, the store over them, their encryption, their migrations."""
