"""Numbers, dates and plurals in each language's style."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from bot.speech.catalogue import SOURCE_LANGUAGE, known_language

EXACT = 1_000_000  # a number of at most six decimals is shown as it is
SIGNIFICANT_DIGITS = 4
MAX_KEPT = 4096  # texts of numbers; the same few limits and values are shown over and over


@lru_cache(MAX_KEPT)
def number(locale: str, value: Fraction, *, apart_from: Fraction | None = None) -> str:
    """A number in the language's style, without grouping (a "1,200" could be read as 1.2).

    One with few decimals is shown as it is, any other to four significant digits, or to as many as it takes to look
    different from `apart_from`, the limit that it is compared with.
    """
    from babel.numbers import format_decimal

    digits = SIGNIFICANT_DIGITS
    shown = _rounded(value, digits)
    while apart_from is not None and value != apart_from and shown == _rounded(apart_from, digits):
        digits += 1
        shown = _rounded(value, digits)
    return format_decimal(shown, locale=_language(locale), group_separator=False, decimal_quantization=False)


def roughly(value: Fraction) -> Fraction:
    """A number to four significant digits, as many as anybody reads of a converted value."""
    context = Context(prec=SIGNIFICANT_DIGITS, rounding=ROUND_HALF_EVEN)
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _rounded(value: Fraction, digits: int) -> Decimal:
    if EXACT % value.denominator == 0:
        return Decimal(value.numerator * (EXACT // value.denominator)) / EXACT
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


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
