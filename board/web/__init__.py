"""HTTP glue that knows no noun of the board."""

from __future__ import annotations

from board.web.access import (
    Authority,
    authority,
    development_only,
    public,
    token_link,
)
from board.web.page_cache import shared
from board.web.reader_pages import alike
from board.web.rendering import done, render
from board.web.transactions import commits, slow_first

__all__ = [
    "Authority",
    "alike",
    "authority",
    "commits",
    "development_only",
    "done",
    "public",
    "render",
    "shared",
    "slow_first",
    "token_link",
]
