"""How an hour is written: « 12 h 01 » in French, as on the hours of an organisation's door."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_time, get_locale

from board.web.context import settings

_PATTERNS = {"fr": "H 'h' mm", "en": "h:mm a", "es": "H:mm"}


def hour(at: datetime) -> str:
    """Write the hour of an instant by the instance's clocks."""
    locale = get_locale()
    pattern = _PATTERNS.get(locale.language if locale else "fr", "H:mm")
    return format_time(at.astimezone(ZoneInfo(settings().timezone)), pattern).replace(" ", "\u00a0")


def day_and_hour(at: datetime) -> str:
    """Write an instant with its month in letters: « 11/12/26 » is two days."""
    return f"{format_date(at, 'long')}, {hour(at)}"
