"""Another process that writes now and then, and says how long it had to wait: p95, milliseconds."""

from __future__ import annotations

import select
import sys
import time
from statistics import quantiles

from sqlalchemy import select as rows
from sqlalchemy import update

from board import create_app
from board.clock import now
from board.database import writing
from board.extensions import db
from board.posts.models import Post

PAUSE_S = 0.02
LEAST = 20


def main() -> None:
    """Write for so many seconds, or until the input closes."""
    seconds = float(sys.argv[1])
    ends = time.monotonic() + seconds if seconds else None
    app = create_app()
    with app.app_context():
        ids = list(db.session.scalars(rows(Post.id).order_by(Post.id).limit(500)))
        times: list[float] = []
        while len(times) < LEAST or not _is_over(ends):
            times.append(_write(ids[len(times) % len(ids)]))
            time.sleep(PAUSE_S)
    print(quantiles(times, n=20)[-1])


def _write(post_id: int) -> float:
    """Say that a post was confirmed just now: a row, a durable commit."""
    begun = time.perf_counter()
    with writing():
        db.session.execute(update(Post).where(Post.id == post_id).values(confirmed_at=now()))
        db.session.commit()
    return 1000 * (time.perf_counter() - begun)


def _is_over(ends: float | None) -> bool:
    if ends is not None:
        return time.monotonic() > ends
    ready, _w, _x = select.select([sys.stdin], [], [], 0)
    return bool(ready)


if __name__ == "__main__":
    main()
