"""The queue of jobs: opened, and its library loaded, when a process first needs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from board.config import Settings

QUEUE = "babillard"


def open_queue(settings: Settings) -> Any:
    """Return the queue that the settings name."""
    if settings.redis_url:
        from huey import RedisHuey

        return RedisHuey(QUEUE, results=False, url=settings.redis_url)
    with _without("redis", "psycopg"):
        from huey import SqliteHuey
    path = Path(settings.data) / "jobs.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = _kept_queue()
    return SqliteHuey(QUEUE, results=False, storage_class=kept, filename=str(path), timeout=5)


def _kept_queue() -> type[Any]:
    from huey.storage import SqliteStorage

    class KeptQueue(SqliteStorage):  # type: ignore[misc]
        """A queue in a file: safe from a torn write, and never a wait for the disk."""

        def _create_connection(self) -> Any:
            connection = super()._create_connection()
            connection.execute("PRAGMA synchronous = NORMAL")
            return connection

    return KeptQueue


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Let a library that loads whatever is installed do without these: they cost megabytes."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
