"""The numbers of a post's life: the instance's settings, with the domain's defaults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a word is good for, when people are warned, when what ended is closed."""

    fresh_for: timedelta = timedelta(days=90)
    stale_after: timedelta = timedelta(days=120)
    warned_before: tuple[timedelta, ...] = (timedelta(days=7), timedelta(days=1))
    closed_after: timedelta = timedelta(days=30)


_agreed = Terms()


def terms() -> Terms:
    """Return what this instance agreed on."""
    return _agreed


def agree(new: Terms) -> None:
    """Let these be the numbers of this process (once, when the board starts)."""
    global _agreed
    _agreed = new
