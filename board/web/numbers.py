"""Numbers as the reader writes them."""

from __future__ import annotations

from flask_babel import format_decimal


class Count(int):
    """How many there are: still a number for plurals, grouped by thousands where it is printed."""

    def __str__(self) -> str:
        """Write it in the reader's language: « 9 231 », "9,231"."""
        return int.__str__(self) if self < 1_000 else format_decimal(int(self))
