"""Numbers as the reader writes them."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import format_decimal


def decimal_words(number: int | Decimal) -> str:
    """Write a number in the reader's language, with the no-break space that our letters have."""
    return format_decimal(number).replace("\u202f", "\u00a0")  # type: ignore[arg-type]


class Count(int):
    """How many there are: still a number for plurals, grouped by thousands where it is printed."""

    def __str__(self) -> str:
        """Write it in the reader's language: « 9 231 », "9,231"."""
        return int.__str__(self) if self < 1_000 else decimal_words(int(self))
