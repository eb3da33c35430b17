"""What a trial asks, and how an answer counts. Pure: no I/O, no clock, no channel, no database."""
