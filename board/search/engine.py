"""The port: what the board asks of any engine that finds posts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from board.posts.rules import VISITOR, Kind, Purpose, Reader
from board.search.documents import Document
from board.search.filters import Query

__all__ = [
    "Document",
    "Engine",
    "Hit",
    "Note",
    "PlacePoint",
    "Points",
    "Results",
    "Similar",
    "Sought",
    "Suggested",
]


class Note(StrEnum):
    """What a reader must be told about how the words were taken."""

    TYPOS = "typos"
    FEWER_WORDS = "fewer_words"


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found, how well, by which words (`*` ends a beginning), and how far."""

    post_id: int
    score: float | None = None
    matched: tuple[str, ...] = ()
    distance_km: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits and the counts around it.

    `facets` count per value as if their own filter were not there; `labels` name the tags and
    organisations among them; `loosened` says how many there would be without each filter in use;
    `is_partial` says that the search server is away and the embedded index stood in.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    loosened: dict[str, int] = field(default_factory=dict)
    note: Note | None = None
    did_you_mean: str | None = None
    ignored: tuple[str, ...] = ()
    next_cursor: str | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Similar:
    """A post that says much the same, its words that match, and how many of the typed ones do."""

    post_id: int
    score: float
    matched: tuple[str, ...]
    shared: int = 1


@dataclass(frozen=True, slots=True)
class Sought:
    """A line for which others are sought: its words, what it is about, and where (coarse).

    `is_member` says that what is for members may be proposed to it too.
    """

    purpose: Purpose
    kind: Kind
    words: tuple[str, ...]
    concept_ids: tuple[int, ...] = ()
    akin_ids: tuple[int, ...] = ()
    organisation_id: int | None = None
    point: tuple[float, float] | None = None
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """Ids of posts, organisations and categories that go on from what is typed, best first."""

    posts: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()
    concepts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacePoint:
    """A coarse point, its name, and how many needs and offers were found there."""

    latitude: float
    longitude: float
    label: str
    needs: int = 0
    offers: int = 0

    @property
    def total(self) -> int:
        """How many posts are there."""
        return self.needs + self.offers


@dataclass(frozen=True, slots=True)
class Points:
    """What a search finds, by coarse point, the fullest first; together the list's own total."""

    points: tuple[PlacePoint, ...] = ()
    without_place: int = 0
    left_out: int = 0

    @property
    def total(self) -> int:
        """How many posts were found, on the map or not."""
        return sum(each.total for each in self.points) + self.without_place + self.left_out


class Engine(Protocol):
    """Finds posts; the database decides what of it may be seen."""

    def index(self, documents: Sequence[Document]) -> None:
        """Make these documents findable, in the transaction under way."""

    def remove(self, post_ids: Collection[int]) -> None:
        """Forget these posts and the words that only they had."""

    def search(
        self, query: Query, *, reader: Reader = VISITOR, at: datetime | None = None
    ) -> Results:
        """Return one page of what `reader` may see."""

    def points(
        self, query: Query, *, reader: Reader = VISITOR, at: datetime | None = None
    ) -> Points:
        """Return the same posts as `search`, all of them, counted at each coarse point."""

    def posts_at(
        self, query: Query, point: tuple[float, float], *, reader: Reader = VISITOR, limit: int
    ) -> list[tuple[int, str]]:
        """Return (post, name of its place) of those that are at one coarse point."""

    def suggest(self, prefix: str, *, language: str = "fr", limit: int = 8) -> list[str]:
        """Return words and phrases of public posts that go on from `prefix`."""

    def suggest_grouped(self, prefix: str, *, language: str = "fr", limit: int = 20) -> Suggested:
        """Return at most `limit` ids of each group; the database says which may be shown."""

    def similar(
        self,
        title: str,
        *,
        purpose: Purpose,
        exclude_organisation: int | None = None,
        only_organisation: int | None = None,
        limit: int = 3,
    ) -> list[Similar]:
        """Return open public posts of that purpose which say much the same."""

    def candidates(self, sought: Sought) -> list[int]:
        """Return about a hundred lines (ids) that it may be matched with; the board scores."""

    def health(self) -> bool:
        """Whether it can answer."""
