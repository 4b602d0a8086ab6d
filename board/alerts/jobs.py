"""What goes out by the clock: news that waits, and what is new for kept searches."""

from __future__ import annotations

from board import jobs, news
from board.alerts import matches, notices, queries, searches
from board.clock import now
from board.database import reading_apart

MOST_ROUNDS = 50


@jobs.job(minutes=1)
def tell_news() -> None:
    """Owe each mail whose time has come, one for each thread."""
    for _ in range(MOST_ROUNDS):
        with reading_apart():
            threads = queries.due_threads(now())
        for thread in threads:
            notices.tell(thread)
            news.commit()
        if not threads:
            return


@jobs.job(minutes=5)
def tell_searches() -> None:
    """Owe each person or address the one mail about what is new for their searches."""
    found, looked = searches.look()
    refused: set[int] = set()
    for (person_id, email), new in found.items():
        if not searches.tell(person_id, email, new):
            refused |= new.keys()  # too much mail today: it is told with what is new next time
        news.commit()
    searches.note_looked([one for one in looked if one not in refused])


@jobs.job(minutes=10)
def tell_matches() -> None:
    """Owe each person the one mail about their new matches, in their rhythm."""
    with reading_apart():
        due, fresh = matches.people_to_look_for()
    matches.note_looked(fresh)
    for person_id in due:
        with reading_apart():
            found = matches.look(person_id)
        matches.tell(person_id, found)
        news.commit()


@jobs.job(minutes=60)
def forget() -> None:
    """Forget what was told long ago, and searches that nobody confirmed."""
    notices.forget_old()
    searches.forget_unconfirmed()
