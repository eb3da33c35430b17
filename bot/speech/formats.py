"""Numbers, dates and plurals in each language's style."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from bot.speech.catalogue import SOURCE_LANGUAGE, known_language
from bot.speech.rounding import FEW, TYPED, USUAL, Limit, rounded_beside

MAX_KEPT = 4096  # texts of numbers; the same few limits and values are shown over and over


@dataclass(frozen=True, slots=True)
class Detail:
    """How exactly a number is told: its significant digits where it has more decimals than these. `limits`: what it is beside."""

    digits: int = FEW
    decimals: int = USUAL
    limits: tuple[Limit, ...] = ()


AS_TYPED = Detail(decimals=TYPED)
"""A number as a person wrote it."""


@lru_cache(MAX_KEPT)
def number(locale: str, value: Fraction, detail: Detail | None = None) -> str:
    """A number in the language's style, without grouping (a "1,200" could be read as 1.2).

    One with few decimals is shown as it is, any other to four significant digits, or with as much detail as it is told with.
    """
    from babel.numbers import format_decimal

    detail = detail or Detail()
    shown = rounded_beside(value, detail.digits, detail.limits, detail.decimals)
    return format_decimal(shown, locale=_language(locale), group_separator=False, decimal_quantization=False)


def day(locale: str, value: dt.date) -> str:
    """A date written out, so that day and month cannot be mixed up."""
    from babel.dates import format_date

    return format_date(value, format="long", locale=_language(locale))


@lru_cache(MAX_KEPT)
def is_one(locale: str, value: Fraction) -> bool:
    """Whether the language says what is counted in the singular: "1 day", but "0 days" and "1.5 days"."""
    from babel import Locale

    count = value.numerator if value.denominator == 1 else float(value)
    return bool(Locale.parse(_language(locale)).plural_form(count) == "one")


def _language(locale: str) -> str:
    return known_language(locale) or SOURCE_LANGUAGE


def ago(locale: str, span: dt.timedelta) -> str:
    """How long ago something was, in words: "3 hours ago"."""
    from babel.dates import format_timedelta

    return format_timedelta(-span, add_direction=True, locale=_language(locale))


def moment(locale: str, at: dt.datetime) -> str:
    """A date and time in UTC, written so that day and month cannot be mixed up."""
    from babel.dates import format_datetime

    return f"{format_datetime(at.astimezone(dt.UTC), format='medium', locale=_language(locale))} UTC"
