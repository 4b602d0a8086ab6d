"""What time brings: the steps of a post's life, and when its people are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from board.accounts.rules import LIFETIME, TokenPurpose
from board.posts.rules import Outcome

MORNING = 8
MOST_TOLD = 20


class Step(StrEnum):
    """What became of a post without anybody's hand."""

    EXPIRED = "expired"
    CLOSED = "closed"
    TO_CONFIRM = "to_confirm"
    STALE = "stale"


class Topic(StrEnum):
    """What a reminder is about."""

    ENDING = "ending"
    ENDED = "ended"
    TO_CONFIRM = "to_confirm"
    STALE = "stale"
    DOUBTED = "doubted"


GONE = frozenset({Outcome.NO_LONGER_NEEDED, Outcome.DID_NOT_HAPPEN})


def ending(before: timedelta) -> str:
    """Name the reminder of so many days before the end."""
    return f"{Topic.ENDING}_{before.days}"


def topic_of(notice: str) -> Topic:
    """Return what a reminder is about: « ending_7 » is about an end."""
    return Topic.ENDING if notice.startswith(f"{Topic.ENDING}_") else Topic(notice)


def is_morning(local: datetime) -> bool:
    """Reminders wait for the morning, where the instance's clocks are."""
    return local.hour >= MORNING


def takes_off(outcome: Outcome) -> bool:
    """Whether this end leaves nothing to show: nothing was met, it is not wanted any more."""
    return outcome in GONE


def link_days() -> int:
    """Return how many days the link of a reminder works."""
    return LIFETIME[TokenPurpose.CONFIRM_POST].days
