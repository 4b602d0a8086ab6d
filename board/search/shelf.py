"""The published posts as this worker keeps them in memory: sets of places, in step by version.

Places are given in the order of the list (the last published or confirmed at the highest place). A
post that changed gets a new place and its old one is dead; when too many are, all is read again.
"""

from __future__ import annotations

import threading
from array import array
from bisect import insort
from collections.abc import Iterable
from datetime import datetime

from board.news import Version
from board.posts.rules import Freshness
from board.posts.terms import terms
from board.search import shelf_rows
from board.search.postings import BothWays, Postings, Wave, bits_of
from board.search.shelf_rows import MICROSECOND, ShelfLine, ShelfPost, microseconds
from board.search.standing import Standing

MOST_DEAD = 1_000
MOST_STRAYS = 300


class Slot:
    """The first line of each post, or the second, and so on: who carries what there."""

    def __init__(self) -> None:
        self.kind: Postings[str] = Postings()
        self.basis: Postings[str] = Postings()
        self.attendance: Postings[str] = Postings()
        self.concept: BothWays[int] = BothWays()
        self.first: Postings[int] = Postings()
        self.last: Postings[int] = Postings()
        self.closed: Postings[bool] = Postings()

    def add(self, line: ShelfLine, place: int) -> None:
        """Put a line at its post's place."""
        self.kind.add(line.kind, place)
        self.closed.add(line.closed, place)
        for words, value in ((self.basis, line.basis), (self.attendance, line.attendance)):
            if value is not None:
                words.add(value, place)
        for days, day in ((self.first, line.first), (self.last, line.last)):
            if day is not None:
                days.add(day, place)
        for concept in line.concepts:
            self.concept.add(concept, place)

    def settle(self) -> None:
        """Turn long lists into numbers."""
        for postings in vars(self).values():
            postings.settle()

    def standing(self, closed: bool) -> int:
        """The posts whose line here counts; with `closed` also one that its author closed."""
        return self.closed.any_of((False, True) if closed else (False,))


class Books:
    """Everything kept of the posts; made anew when too much of it is dead."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.ranked = array("q")
        self.steps = array("q")
        self.versions = array("q")
        self.places = array("q")
        self._places = array("q")
        self.alive = 0
        self.dead = 0
        self.strays: list[tuple[int, int, int]] = []
        self._last = (-2, 0)
        self.slots: list[Slot] = []
        self.standing = Standing()
        self.purpose: Postings[str] = Postings()
        self.language: Postings[str] = Postings()
        self.organisation: BothWays[int] = BothWays()
        self.place: Postings[int] = Postings()
        self.tag: BothWays[tuple[str, str]] = BothWays()
        self.flags: Postings[str] = Postings()
        self.ends, self.gone, self.quiet, self.stale = (Wave() for _ in range(4))
        self.quiet_after = terms().fresh_for // MICROSECOND
        self.stale_after = terms().stale_after // MICROSECOND
        self.gone_after = terms().closed_after // MICROSECOND
        self.organisations: dict[int, tuple[str, str]] = {}
        self.points: dict[int, tuple[float, float]] = {}

    @property
    def waves(self) -> tuple[Wave, ...]:
        """All that time changes."""
        return self.ends, self.gone, self.quiet, self.stale

    def fill(self, posts: Iterable[ShelfPost]) -> None:
        """Take in every post."""
        for post in posts:
            self._append(post)
        self.alive = (1 << len(self.ids)) - 1
        self.settle()

    def change(self, posts: Iterable[ShelfPost]) -> None:
        """Take in posts that changed, or let them go."""
        for post in posts:
            self.forget(post.id)
            if post.published:
                self.alive |= 1 << self._append(post)
        self.settle()

    def forget(self, post_id: int) -> None:
        """Let a post's place die."""
        place = self.place_of(post_id)
        if place is not None:
            self._places[post_id] = -1
            self.alive &= ~(1 << place)
            self.dead += 1

    def place_of(self, post_id: int) -> int | None:
        """The place of a post that is alive."""
        place = self._places[post_id] if post_id < len(self._places) else -1
        return None if place < 0 else place

    def settle(self) -> None:
        """Turn long lists into numbers."""
        for each in (self.purpose, self.language, self.organisation, self.place, self.tag):
            each.settle()
        self.flags.settle()
        self.standing.settle()
        for slot in self.slots:
            slot.settle()

    def is_worn(self) -> bool:
        """Whether reading everything again costs less than going on."""
        size = len(self.ids)
        return self.dead > MOST_DEAD + size // 4 or len(self.strays) > MOST_STRAYS + size // 50

    def _append(self, post: ShelfPost) -> int:
        place = len(self.ids)
        self._rank(post, place)
        self.ids.append(post.id)
        self.ranked.append(post.ranked)
        self.versions.append(post.version)
        if post.id >= len(self._places):
            self._places.extend([-1] * (post.id + 1024 - len(self._places)))
        self._places[post.id] = place
        self.places.append(post.place[0] if post.place else 0)
        self.purpose.add(post.purpose, place)
        self.language.add(post.language, place)
        self._locate(post, place)
        for tag in post.tags:
            self.tag.add(tag, place)
        for flag in post.flags:
            self.flags.add(flag, place)
        self.ends.append(post.ends)
        self.gone.append(None if post.ends is None else post.ends + self.gone_after)
        self.quiet.append(post.since + self.quiet_after)
        self.stale.append(post.since + self.stale_after)
        self.standing.add(post.lines, place)
        for number, line in enumerate(post.lines):
            if number == len(self.slots):
                self.slots.append(Slot())
            self.slots[number].add(line, place)
        return place

    def _rank(self, post: ShelfPost, place: int) -> None:
        """A post that belongs before the last one's place is a stray: its place says nothing."""
        if (post.ranked, post.id) >= self._last:
            self._last = (post.ranked, post.id)
        else:
            insort(self.strays, (post.ranked, post.id, place))
        self.steps.append(self._last[0])

    def _locate(self, post: ShelfPost, place: int) -> None:
        organisation_id, slug, name = post.organisation
        self.organisations[organisation_id] = (slug, name)
        self.organisation.add(organisation_id, place)
        if post.place is not None:
            place_id, latitude, longitude = post.place
            self.points[place_id] = (latitude, longitude)
            self.place.add(place_id, place)


class Shelf:
    """The books, at a version of the board and an instant."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.forget()

    def forget(self) -> None:
        """Read everything again the next time."""
        self.books: Books | None = None
        self.version = Version()
        self.moment = -1

    def at(self, version: Version, instant: datetime) -> Books:
        """Bring the books to that version and that instant."""
        books = self._in_step(version)
        self.moment = microseconds(instant)
        for wave in books.waves:
            wave.move(self.moment)
        return books

    def until(self) -> int:
        """The next instant at which what is shown changes by itself."""
        if self.books is None:
            return Wave.NEVER
        return min(wave.next for wave in self.books.waves)

    def moment_of(self) -> tuple[Version, int]:
        """What every answer is true for: a version of the board, until an instant."""
        return self.version, self.until()

    def _in_step(self, version: Version) -> Books:
        books, known = self.books, self.version
        if books is None or books.is_worn() or _went_back(known, version):
            books = Books()
            books.fill(shelf_rows.every())
        elif version != known:
            if version.removals_in > known.removals_in:
                books = Books()
                books.fill(shelf_rows.every())
            else:
                books.change(shelf_rows.changed_since(known.number))
        self.books, self.version = books, version
        return books


def _went_back(known: Version, version: Version) -> bool:
    """Whether this is another database (a backup was restored)."""
    return version.number < known.number or (
        version.number == known.number and version.changed_at != known.changed_at
    )


def freshness(books: Books) -> dict[Freshness, int]:
    """The posts of each freshness at the instant of the books (`rules.freshness`)."""
    everything = (1 << len(books.ids)) - 1
    dated = books.flags.any_of(("dated",)) & ~books.ends.passed
    stale = books.stale.passed & ~dated
    to_confirm = books.quiet.passed & ~books.stale.passed & ~dated
    fresh = everything & ~stale & ~to_confirm
    return {Freshness.FRESH: fresh, Freshness.TO_CONFIRM: to_confirm, Freshness.STALE: stale}


def places_of(books: Books, post_ids: Iterable[int]) -> int:
    """The places of these posts."""
    known = map(books.place_of, post_ids)
    return bits_of((place for place in known if place is not None), len(books.ids))
