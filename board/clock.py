"""The one place that reads the time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_fixed: datetime | None = None


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _fixed if _fixed is not None else datetime.now(UTC)


def today(timezone: str) -> date:
    """Return today's date where the clocks show `timezone` (an IANA name)."""
    return now().astimezone(ZoneInfo(timezone)).date()


def fix(instant: datetime | None) -> None:
    """Stop the clock at an aware instant (tests only); None lets it run again."""
    global _fixed
    _fixed = instant
