"""What is matched later: posts that changed, pairs whose days are over."""

from __future__ import annotations

from board import jobs
from board.matching import circles, owed


@jobs.job(minutes=1, after=("post", "block", "concept"), long=True)
def match_what_changed() -> None:
    """Match what is owed, a few posts at a time."""
    owed.pay()


@jobs.job(minutes=15)
def forget_what_closed() -> None:
    """Take away the pairs that time has closed: expired, over, stale."""
    owed.forget_closed()


@jobs.job(daily_at="02:40", long=True)
def find_circles() -> None:
    """Find the circles of the board as it stands tonight."""
    circles.find_all()
