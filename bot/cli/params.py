"""Kinds of options that several commands take."""

from __future__ import annotations

import datetime as dt

import click


class Language(click.ParamType[str]):
    """A language that the bot speaks, by any tag for it: `es`, `es-MX`, `zh-Hans`."""

    name = "language"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The language's folder name. Fails with the languages there are."""
        from bot.speech.catalogue import known_language, languages

        language = known_language(value)
        if language is None:
            self.fail(f"`{value}` is not spoken: write one of {', '.join(languages())}", param, ctx)
        return language


class Day(click.ParamType[dt.date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | dt.date, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The date. Fails where it is none."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is no date: write it as 2026-11-22", param, ctx)


LANGUAGE = Language()
DAY = Day()
