"""One page of an order: which posts, how far, and where the next begins."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app

from board import clock
from board.posts.rules import Freshness
from board.search import orders
from board.search.engine import Hit
from board.search.filters import LAST_RESULT, Cursor, Query, Sort
from board.search.shelf import Books, freshness
from board.search.shelf_rows import instant
from board.search.sieve import Sieve
from board.search.words import Found
from board.taxonomy.places import distance_km


def distances(books: Books, query: Query) -> dict[int, float] | None:
    """Return the kilometres to each place with a post; None when nothing is asked near."""
    if query.near is None:
        return None
    most = query.radius_km
    measured = ((place, distance_km(query.near, point)) for place, point in books.points.items())
    return {place: km for place, km in measured if most is None or km <= most}


def page(
    of: Sieve, query: Query, found: Found | None, kilometres: dict[int, float] | None
) -> tuple[list[int], bool]:
    """Return the places of a page, and whether any follow."""
    books, passing = of.books, of.passing()
    start, end = query.offset, min(query.offset + query.per_page, LAST_RESULT)
    if query.cursor is not None:
        start, end = 0, query.per_page
    if query.order is Sort.RELEVANCE and found is not None:
        ranks = found.posts
        every = sorted(
            orders.newest(books, passing), key=lambda place: _rank(ranks[books.ids[place]])
        )
        return every[start:end], len(every) > end
    order = _order(of, query, passing, kilometres)
    shown = orders.first(order, start, end + 1)
    return shown[: end - start], len(shown) > end - start


def _order(
    of: Sieve, query: Query, passing: int, kilometres: dict[int, float] | None
) -> Iterator[int]:
    match query.order:
        case Sort.SOONEST:
            today = clock.today(current_app.config["BOARD"].timezone)
            return orders.soonest(of.books, passing, of.standing, today)
        case Sort.LEAST_ANSWERED:
            return orders.least_answered(of.books, passing)
        case Sort.NEAREST if kilometres is not None:
            return orders.nearest(of.books, passing, kilometres)
    return orders.newest(of.books, passing, query.cursor)


def cursor(books: Books, place: int, query: Query) -> str | None:
    """Only the newest order has one."""
    if query.order is not Sort.NEWEST:
        return None
    stale = bool(freshness(books)[Freshness.STALE] >> place & 1)
    return str(Cursor(stale, instant(books.ranked[place]), books.ids[place]))


def _rank(place: tuple[int, float]) -> tuple[int, float]:
    tier, score = place
    return (tier, -round(score, 3))


def hit(books: Books, place: int, found: Found | None, kilometres: dict[int, float] | None) -> Hit:
    """Return a post as it was found."""
    post_id = books.ids[place]
    distance = kilometres.get(books.places[place]) if kilometres else None
    return Hit(
        post_id=post_id,
        score=found.score(post_id) if found else None,
        matched=found.matched(post_id) if found else (),
        distance_km=None if distance is None else round(distance),
        version=books.versions[place],
    )
