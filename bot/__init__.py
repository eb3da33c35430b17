"""Prescreen: a chat bot that pre-screens people for clinical trials."""
