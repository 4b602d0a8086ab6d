"""The orders of a list, taken from sets in memory; every one ends in the newest first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from heapq import merge
from itertools import islice

from board.posts.rules import Freshness
from board.search.filters import Cursor
from board.search.postings import Kept, bits_of
from board.search.shelf import Books, freshness
from board.search.shelf_rows import microseconds

Key = tuple[int, int]


def newest(books: Books, passing: int, after: Cursor | None = None) -> Iterator[int]:
    """Places, the last published or confirmed first, the stale last; after a cursor, what
    follows it."""
    stale = freshness(books)[Freshness.STALE]
    for is_stale, group in ((False, passing & ~stale), (True, passing & stale)):
        if after is None or (is_stale and not after.stale):
            yield from _falling(books, group)
        elif after.stale == is_stale:
            yield from _falling(books, _before(books, group, after))


def least_answered(books: Books, passing: int) -> Iterator[int]:
    """Places, those that nobody answered first, those with enough answers behind; among equals the
    one that waits for the longest, and the stale last."""
    stale = freshness(books)[Freshness.STALE]
    some, full = books.flags.any_of(("answered",)), books.flags.any_of(("full",))
    for group in (passing & ~stale, passing & stale):
        for alike in (group & ~(some | full), group & some, group & full):
            ordered, strays = _split(books, alike)
            pairs = ((_key(books, place), place) for place in ordered.rising())
            yield from (place for _key, place in merge(pairs, strays))


def nearest(books: Books, passing: int, kilometres: Mapping[int, float]) -> Iterator[int]:
    """Places, by whole kilometres."""
    rings: dict[int, list[int]] = {}
    for place_id, far in kilometres.items():
        rings.setdefault(round(far), []).append(place_id)
    for far in sorted(rings):
        yield from newest(books, passing & books.place.any_of(rings[far]))


def soonest(books: Books, passing: int, standing: list[int], today: date) -> Iterator[int]:
    """Places, by the first day to come of any of their lines; those without one follow."""
    now, left = today.toordinal(), passing
    by_day = [_days(books, number, stands, now) for number, stands in enumerate(standing)]
    for day in sorted({day for days in by_day for day in days}):
        due = 0
        for days in by_day:
            due |= days.get(day, 0)
        yield from newest(books, due & left)
        left &= ~due
    yield from newest(books, left)


def first(places: Iterator[int], start: int, stop: int) -> list[int]:
    """Take some of an order."""
    return list(islice(places, start, stop))


def _days(books: Books, number: int, standing: int, now: int) -> dict[int, int]:
    """For each day to come, the posts whose line in that slot comes first then."""
    slot = books.slots[number]
    begins = {day: slot.first.any_of((day,)) for day in slot.first.values() if day >= now}
    begun = 0
    for bits in begins.values():
        begun |= bits
    days = {day: bits & standing for day, bits in begins.items()}
    for day in slot.last.values():
        if day >= now:
            days[day] = days.get(day, 0) | (slot.last.any_of((day,)) & standing & ~begun)
    return days


def _falling(books: Books, group: int) -> Iterator[int]:
    ordered, strays = _split(books, group)
    if not strays:
        yield from ordered.falling()
        return
    some = ((_key(books, place), place) for place in ordered.falling())
    yield from (place for _key, place in merge(some, reversed(strays), reverse=True))


def _split(books: Books, group: int) -> tuple[Kept, list[tuple[Key, int]]]:
    """Tell the places that stand in order from the strays among them."""
    if not books.strays:
        return Kept(group), []
    kept = Kept(group)
    strays = [((ranked, i), place) for ranked, i, place in books.strays if place in kept]
    apart = bits_of((place for _key, place in strays), len(books.ids))
    return Kept(group & ~apart), strays


def _key(books: Books, place: int) -> Key:
    return books.ranked[place], books.ids[place]


def _before(books: Books, group: int, after: Cursor) -> int:
    """The posts of a group that come after a cursor: ranked before it, or alike with a lower
    id."""
    limit = (microseconds(after.ranked_at), after.post_id)
    end = bisect_left(books.steps, limit[0])
    while end < len(books.steps) and books.steps[end] == limit[0]:
        if _key(books, end) >= limit and books.ranked[end] == books.steps[end]:
            break
        end += 1
    low = group & ((1 << end) - 1)
    strays = bits_of((place for _r, _i, place in books.strays), len(books.ids))
    near = bits_of((p for r, i, p in books.strays if (r, i) < limit), len(books.ids))
    return (low & ~strays) | (group & near)
