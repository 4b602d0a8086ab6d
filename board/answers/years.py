"""A year later: which day stands for a day of last year, and when to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from board.posts.models import Post

YEAR = timedelta(weeks=52)
ASK_AFTER = timedelta(days=335)
ASK_UNTIL = timedelta(days=395)


def is_time(day: date, this_day: date) -> bool:
    """Whether about eleven months are over, and the day comes back soon."""
    return ASK_AFTER <= this_day - day <= ASK_UNTIL


def comes_back(day: date, after: date, feasts: Mapping[date, str]) -> date:
    """Return the day that stands for `day` in the next year to come after `after`.

    A feast comes back on its own day; any other day on the same weekday, 52 weeks later.
    """
    while day <= after:
        day = _a_year_later(day, feasts)
    return day


def _a_year_later(day: date, feasts: Mapping[date, str]) -> date:
    name = feasts.get(day)
    same = [one for one, label in feasts.items() if label == name and one.year == day.year + 1]
    return min(same) if name and same else day + YEAR


def has_days(post: Post) -> bool:
    """Whether a post says a day that can move."""
    lines = any(line.needed_from or line.needed_until for line in post.lines)
    return lines or post.expires_at is not None
