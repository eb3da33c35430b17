"""Prescreen: a chat bot that pre-screens people for clinical trials."""

__version__ = "0.1.0"
