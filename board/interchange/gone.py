"""Posts that rest or were taken off lately: named to whoever follows, without their words.

They are read once; after that only those that changed since, by the board's version.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from board import news
from board.clock import now
from board.interchange import queries
from board.news import Version

MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Gone:
    """A post that is not told any more: since when, and whether it may come back."""

    uuid: UUID
    organisation_id: int
    at: datetime
    rests: bool


class Left:
    """What is known of those that left, at a version of the board."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Read everything again the next time."""
        self._version, self._posts = Version(), dict[int, Gone]()

    def since(self, days: int, organisation_id: int | None = None) -> list[Gone]:
        """Return who left in so many days, the last first."""
        first = now() - timedelta(days=days)
        with self._lock:
            self._follow(news.version())
            found = [
                gone
                for gone in self._posts.values()
                if gone.at > first and organisation_id in {None, gone.organisation_id}
            ]
        found.sort(key=lambda gone: (gone.at, gone.uuid), reverse=True)
        return found[:MOST_TOLD]

    def _follow(self, version: Version) -> None:
        known = self._version
        if version == known:
            return
        another = version.number < known.number or version.removals_in > known.removals_in
        if another or known.changed_at is None:
            known, self._posts = Version(), {}
        for row in queries.left_after(known.number if known.changed_at else None):
            self._posts.pop(row.id, None)
            if row.at is not None and row.published_at is not None and row.is_public:
                self._posts[row.id] = Gone(row.uuid, row.organisation_id, row.at, row.rests)
        self._version = version


_left = Left()
news.keeps(_left.forget)


def since(days: int, organisation_id: int | None = None) -> list[Gone]:
    """Return the public posts that rested or were taken off in so many days, the last first."""
    return _left.since(days, organisation_id)
