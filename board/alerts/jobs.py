"""What goes out by the clock: news that waits, and what is new for kept searches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from board import jobs, news
from board.alerts import digests, matches, notices, queries, searches
from board.alerts.queries import Thread
from board.alerts.rules import Rhythm
from board.clock import now
from board.database import reading_apart

MOST_ROUNDS = 50


@jobs.job(minutes=1)
def tell_news() -> None:
    """Owe each mail whose time has come: one for each thread, one digest for each person."""
    for _ in range(MOST_ROUNDS):
        with reading_apart():
            threads = queries.due_threads(now())
        for thread in threads:
            if thread.is_digest:
                digests.tell(thread)
            else:
                notices.tell(thread)
            news.commit()
        if not threads or jobs.must_give_way():
            return


@jobs.job(minutes=5)
def tell_searches() -> None:
    """Owe the one mail about what is new for searches that speak at once, and due digests."""
    with reading_apart():
        due = searches.due()
        new = searches.look([row for row in due if row.rhythm is Rhythm.AT_ONCE])
    at_once: dict[Thread, dict[int, list[int]]] = defaultdict(dict)
    in_digest: dict[Thread, None] = {}
    for row in due:
        thread = Thread(row.person_id, row.email)
        if row.id in new:
            at_once[thread][row.id] = new[row.id]
        elif row.rhythm is not Rhythm.AT_ONCE:
            in_digest[thread] = None
    for thread, found in at_once.items():
        searches.tell(thread, found)
        news.commit()
    _tell_digests(in_digest)


@jobs.job(minutes=10)
def tell_matches() -> None:
    """Owe each person who hears of matches at once the mail about new ones, and due digests."""
    with reading_apart():
        at_once, in_digest, fresh = matches.people_to_look_for()
    matches.note_looked(fresh)
    for person_id in at_once:
        with reading_apart():
            found = matches.look(person_id)
        matches.tell(person_id, found)
        news.commit()
    _tell_digests(Thread(person_id, None) for person_id in in_digest)


def _tell_digests(threads: Iterable[Thread]) -> None:
    for thread in threads:
        digests.tell(thread)
        news.commit()


@jobs.job(minutes=60)
def forget() -> None:
    """Forget what was told long ago, and searches that nobody confirmed."""
    notices.forget_old()
    searches.forget_unconfirmed()
