"""The search server is away: known to all, while its client is loaded where it is spoken to."""

from __future__ import annotations

AT_ONCE = 1_000


class Away(Exception):
    """The search server did not answer as it should; the message says how, and holds no key."""
