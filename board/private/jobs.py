"""What is matched privately, later."""

from __future__ import annotations

from board import jobs
from board.private import owed


@jobs.job(minutes=1, after=("post", "block", "private"), long=True)
def match_privately() -> None:
    """Match what private lines are owed."""
    owed.pay()
