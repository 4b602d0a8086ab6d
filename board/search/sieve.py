"""A query as sets of posts: which pass every filter, and which pass all but one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from board.posts import visibility
from board.posts.rules import VISITOR, Reader
from board.search import queries
from board.search.filters import Bounds, Query
from board.search.postings import Kept
from board.search.shelf import Books, Slot, freshness, places_of

OfSlot = Callable[[Slot, int], int]


@dataclass(slots=True)
class Sieve:
    """What always holds, and each filter by its name; a post passes when one line meets all
    that is asked of lines."""

    books: Books
    base: int
    standing: list[int]
    closed: bool = False
    of_post: dict[str, int] = field(default_factory=dict)
    of_line: dict[str, list[int]] = field(default_factory=dict)

    @property
    def is_of_posts(self) -> bool:
        """Whether nothing is asked of one line alone, and only lines that stand count."""
        return not self.of_line and not self.closed

    @property
    def names(self) -> list[str]:
        """The filters in use, in a fixed order."""
        return [*self.of_post, *self.of_line]

    def passing(self, without: str | None = None) -> int:
        """The posts that pass every filter, but that one."""
        posts = self._posts(without)
        asked = [name for name in self.of_line if name != without]
        if not asked or not posts:
            return posts
        found = 0
        for lines in self.lines(without):
            found |= lines
        return found & posts

    def lines(self, without: str | None = None) -> list[int]:
        """For each slot, the posts that pass with the line that they have there."""
        posts = self._posts(without)
        out = []
        for number, standing in enumerate(self.standing):
            lines = standing & posts
            for name, slots in self.of_line.items():
                if name != without and lines:
                    lines &= slots[number]
            out.append(lines)
        return out

    def _posts(self, without: str | None) -> int:
        posts = self.base
        for name, bits in self.of_post.items():
            if name != without:
                posts &= bits
        return posts


def sieve(
    books: Books,
    query: Query,
    *,
    reader: Reader,
    places: Collection[int] | None,
    found: int | None,
) -> Sieve:
    """Say a query in sets; Invalid when it names a category or an organisation that is not
    there."""
    base = listed(books, reader, closed=query.closed)
    if query.bounds is not None:
        base &= within(books, query.bounds)
    standing = [slot.standing(query.closed) for slot in books.slots]
    made = Sieve(books, base, standing, query.closed)
    words = {} if found is None else {"q": found}
    made.of_post = words | _of_post(books, query, places)
    for name, of_slot in _of_line(query).items():
        pairs = zip(books.slots, standing, strict=True)
        made.of_line[name] = [of_slot(slot, stands) for slot, stands in pairs]
    return made


def listed(books: Books, reader: Reader, *, closed: bool) -> int:
    """The posts that lists show this reader (`visibility.listed`, `listed_closed`)."""
    shown = books.alive & ~books.flags.any_of(("paused",))
    if not visibility.is_inside(reader):
        shown &= books.flags.any_of(("public",))
    shown &= ~books.gone.passed
    if not closed:
        shown &= ~(books.flags.any_of(("met",)) | books.ends.passed)
    return shown


def within(books: Books, bounds: Bounds) -> int:
    """The posts that a widget may show."""
    out = places_of(books, bounds.refused) | books.organisation.any_of(bounds.without_organisations)
    out |= _tagged(books, bounds.without_tags)
    for slot in books.slots:
        out |= slot.kind.any_of(bounds.without_kinds)
        out |= slot.concept.any_of(bounds.without_concepts)
    if bounds.accepted is None:
        return ~out
    welcome = books.organisation.any_of(bounds.welcome)
    return (places_of(books, bounds.accepted) | welcome) & ~out


def public(books: Books, *, closed: bool) -> Callable[[int], bool]:
    """Return what says whether lists show a post (its id) to everybody."""
    shown = Kept(listed(books, VISITOR, closed=closed))

    def is_shown(post_id: int) -> bool:
        place = books.place_of(post_id)
        return place is not None and place in shown

    return is_shown


def _of_post(books: Books, query: Query, places: Collection[int] | None) -> dict[str, int]:
    held: dict[str, int] = {}
    if query.purpose is not None:
        held["purpose"] = books.purpose.any_of((query.purpose.value,))
    if query.tags:
        held["tag"] = _tagged(books, query.tags)
    if query.organisations:
        ids = queries.organisation_ids(query.organisations)
        held["organisation"] = books.organisation.any_of(ids)
    if places is not None:
        held["near"] = books.place.any_of(places)
    if query.languages:
        held["language"] = books.language.any_of(query.languages)
    if query.freshnesses:
        of_each = freshness(books)
        held["freshness"] = _union(of_each[one] for one in query.freshnesses)
    return held


def _tagged(books: Books, folded: Collection[str]) -> int:
    """The posts that carry one of these tags."""
    wanted = set(folded)
    if not wanted:
        return 0
    tags: int = books.tag.any_of([tag for tag in books.tag.values() if tag[0] in wanted])
    return tags


def _of_line(query: Query) -> dict[str, OfSlot]:
    held: dict[str, OfSlot] = {}
    if query.kinds:
        held["kind"] = _carrying("kind", [kind.value for kind in query.kinds])
    if query.bases:
        held["basis"] = _carrying("basis", [basis.value for basis in query.bases])
    if query.categories:
        held["category"] = _carrying("concept", queries.concept_ids(query.categories))
    if query.attendances:
        held["attendance"] = _carrying("attendance", [each.value for each in query.attendances])
    if query.from_ is not None:
        begins = query.from_.toordinal()
        held["from"] = _unless("last", lambda day: day < begins)
    if query.until is not None:
        ends = query.until.toordinal()
        held["until"] = _unless("first", lambda day: day > ends)
    return held


def _carrying(name: str, values: Collection[Any]) -> OfSlot:
    return lambda slot, _standing: getattr(slot, name).any_of(values)


def _unless(name: str, excludes: Callable[[int], bool]) -> OfSlot:
    """A date excludes only what contradicts it."""

    def of(slot: Slot, standing: int) -> int:
        days = getattr(slot, name)
        out: int = standing & ~days.any_of([day for day in days.values() if excludes(day)])
        return out

    return of


def _union(sets: Iterable[int]) -> int:
    whole = 0
    for one in sets:
        whole |= one
    return whole
