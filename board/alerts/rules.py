"""What people may be told of, and how often."""

from __future__ import annotations

from enum import StrEnum


class Rhythm(StrEnum):
    """How often somebody hears of a kind of thing."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class NoticeKind(StrEnum):
    """What a notice is about."""

    ANSWERS = "answers"
    MESSAGES = "messages"
    MATCHES = "matches"
    SEARCHES = "searches"
    POSTS = "posts"
    OUTCOMES = "outcomes"
