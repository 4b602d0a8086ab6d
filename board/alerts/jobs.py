"""What goes out by the clock: news that waits, and what is new for kept searches."""

from __future__ import annotations

from board import jobs, news
from board.alerts import notices, queries, searches
from board.clock import now
from board.database import reading_apart


@jobs.job(minutes=1)
def tell_news() -> None:
    """Owe each mail whose time has come, one for each thread."""
    with reading_apart():
        threads = queries.due_threads(now())
    for person_id, kind, thread in threads:
        notices.tell(person_id, kind, thread)
        news.commit()


@jobs.job(minutes=5)
def tell_searches() -> None:
    """Owe each person or address the one mail about what is new for their searches."""
    for (person_id, email), new in searches.look().items():
        searches.tell(person_id, email, new)
        news.commit()


@jobs.job(minutes=60)
def forget() -> None:
    """Forget what was told long ago, and searches that nobody confirmed."""
    notices.forget_old()
    searches.forget_unconfirmed()
