"""What is read from files: trials, word lists, the table of analytes. Everything else gets it as parsed data."""
