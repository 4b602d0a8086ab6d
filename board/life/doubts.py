"""Who reads a post may doubt it: its people are asked in the mail of the day, and on their page.

Moderation comes after this feature, so it registers how a doubt that waits is found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, false

from board.posts import visibility

_latest: list[Callable[[], Any]] = []


def register(latest: Callable[[], Any]) -> None:
    """Find by `latest()`, beside the columns of a post, when a reader last doubted it."""
    _latest[:] = [latest]


def since() -> Any:
    """When a reader last doubted a post, if anybody did; None where nobody registered."""
    return _latest[0]() if _latest else None


def waits() -> ColumnElement[bool]:
    """Whether a reader doubts a post that nobody confirmed since."""
    at = since()
    return false() if at is None else and_(at.is_not(None), at > visibility.stood_by())
