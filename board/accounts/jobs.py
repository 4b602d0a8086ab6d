"""What accounts forget by the clock."""

from __future__ import annotations

from board import jobs
from board.accounts import services


@jobs.job(minutes=30)
def forget_what_is_over() -> None:
    """Erase the sessions, links and typed words whose time is over."""
    services.forget_what_is_over()
