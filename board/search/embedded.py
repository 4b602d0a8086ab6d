"""The embedded engine: an index in the board's own database, true in the post's own transaction."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast

from flask import current_app
from sqlalchemy import select

from board import clock, news
from board.extensions import db
from board.posts import visibility
from board.posts.models import Post
from board.posts.rules import VISITOR, Purpose, Reader
from board.search import (
    beginnings,
    candidates,
    paging,
    points,
    queries,
    similar,
    suggestions,
    tally,
    vocabulary,
)
from board.search.dialects import Dialect, dialect_of
from board.search.documents import COLUMNS, Document
from board.search.engine import Points, Results, Similar, Sought, Suggested
from board.search.filters import PER_PAGE, Query
from board.search.models import SearchWord
from board.search.shelf import Books, Shelf, places_of
from board.search.shelf_rows import instant
from board.search.sieve import public, sieve
from board.search.vocabulary import Vocabulary
from board.search.words import Finder, Found

KEPT = 128
# A map holds every place: a few are kept, not hundreds.
KEPT_MAPS = 8
T = TypeVar("T")


class Stand(NamedTuple):
    """What an answer depends on besides its question: the posts, who asks, when."""

    books: Books
    reader: Reader
    at: datetime
    moment: tuple[Any, ...]


def engine_of_app() -> Embedded:
    """Return the embedded engine of the application under way."""
    return cast(Embedded, current_app.extensions["board.search"])


class Embedded:
    """Searches with the database alone: FTS5 on SQLite, tsvector on PostgreSQL."""

    def __init__(self, database: str) -> None:
        self.dialect: Dialect = dialect_of(database)
        self.vocabulary = Vocabulary()
        self.shelf = Shelf()
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._maps: OrderedDict[Any, Any] = OrderedDict()
        news.keeps(self.forget)

    def forget(self) -> None:
        """Keep nothing of the posts in memory."""
        self._kept.clear()
        self._maps.clear()
        self.shelf.forget()
        self.vocabulary.forget()

    def index(self, documents: Sequence[Document]) -> None:
        """Make these documents findable, in the transaction under way."""
        self._kept.clear()
        self._maps.clear()
        if documents:
            self._replace([document.post_id for document in documents], documents)

    def remove(self, post_ids: Collection[int]) -> None:
        """Forget these posts and the words that only they had."""
        self._kept.clear()
        self._maps.clear()
        if post_ids:
            self._replace(post_ids, ())

    def search(
        self, query: Query, *, reader: Reader = VISITOR, at: datetime | None = None
    ) -> Results:
        """Return one page of what `reader` may see; the same question again is remembered."""
        with self.shelf.lock:
            stand = self._stand(reader, at or clock.now())
            return self._remember(("page", query, stand.moment), lambda: self._search(query, stand))

    def points(
        self, query: Query, *, reader: Reader = VISITOR, at: datetime | None = None
    ) -> Points:
        """Return the same posts as `search`, all of them, counted at each coarse point."""
        with self.shelf.lock:
            stand = self._stand(reader, at or clock.now())

            def make() -> Points:
                return points.count(self.dialect, *self._in_sql(query, stand))

            key = ("points", _anywhere(query), stand.moment)
            return self._remember(key, make, self._maps, KEPT_MAPS)

    def posts_at(
        self, query: Query, point: tuple[float, float], *, reader: Reader = VISITOR, limit: int
    ) -> list[tuple[int, str]]:
        """Return (post, name of its place) of those that are at one coarse point."""
        with self.shelf.lock:
            stand = self._stand(reader, clock.now())
            return points.posts_at(*self._in_sql(query, stand), point, limit=limit)

    def changes_next(self, at: datetime) -> datetime:
        """Return the instant after `at` at which what lists show changes by itself."""
        with self.shelf.lock:
            self.shelf.at(news.version(), at)
            return instant(self.shelf.until())

    def suggest(self, prefix: str, *, language: str = "fr", limit: int = 8) -> list[str]:
        """Return words and phrases of public posts that go on from `prefix`."""
        return suggestions.suggest(self.dialect, prefix, language=language, limit=limit)

    def suggest_grouped(self, prefix: str, *, language: str = "fr", limit: int = 20) -> Suggested:
        """Return ids of public posts, organisations and categories that go on from `prefix`."""
        finder = Finder(self.dialect, self.vocabulary, reader=VISITOR, at=clock.now(), closed=False)
        return beginnings.find(finder, prefix, language=language, limit=limit)

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
        return similar.find(
            self.dialect,
            title,
            purpose=purpose,
            exclude_organisation=exclude_organisation,
            only_organisation=only_organisation,
            limit=limit,
            of_posts=self._of_posts(),
        )

    def candidates(self, sought: Sought) -> list[int]:
        """Return the ids of lines that it may be matched with; the board scores."""
        return candidates.find(self.dialect, sought, of_posts=self._of_posts())

    def health(self) -> bool:
        """Whether the index and its vocabulary can be read."""
        db.session.execute(select(self.dialect.post_id).limit(1)).all()
        db.session.execute(select(SearchWord.id).limit(1)).all()
        return True

    def indexed_ids(self) -> list[int]:
        """Every post in the index."""
        return list(db.session.scalars(select(self.dialect.post_id).order_by(self.dialect.post_id)))

    def mend_vocabulary(self) -> int:
        """Count the words of the index again and correct what differs; returns how many did."""
        documents, headlines = Counter[str](), Counter[str]()
        for row in db.session.execute(select(self.dialect.table)):
            _count(row, documents, headlines, 1)
        held = {
            row.word: row
            for row in db.session.execute(
                select(SearchWord.word, SearchWord.documents, SearchWord.headlines)
            )
        }
        for word, row in held.items():
            documents[word] -= row.documents
            headlines[word] -= row.headlines
        wrong = sum(1 for word in documents if documents[word] or headlines[word])
        vocabulary.change(documents, headlines, {})
        return wrong

    def _replace(self, ids: Collection[int], documents: Sequence[Document]) -> None:
        connection = db.session.connection()
        old = self.dialect.old(connection, ids)
        if old:
            self.dialect.delete(connection, [row[0] for row in old])
        if documents:
            self.dialect.insert(connection, documents)
        found, headlines, shown = Counter[str](), Counter[str](), dict[str, str]()
        for row in old:
            _count(row, found, headlines, -1)
        for document in documents:
            found.update(document.words())
            headlines.update(document.headline_words())
            shown |= document.shown
        vocabulary.change(found, headlines, shown)
        self.vocabulary.forget()

    def _of_posts(self) -> int:
        """How many posts the index holds: rarity is told against it."""
        known = ("posts", news.version())
        return self._remember(known, lambda: similar.count_posts(self.dialect))

    def _stand(self, reader: Reader, at: datetime) -> Stand:
        books = self.shelf.at(news.version(), at)
        today = clock.today(current_app.config["BOARD"].timezone)
        moment = (*self.shelf.moment_of(), today, visibility.is_inside(reader), self._route())
        return Stand(books, reader, at, moment)

    def _remember(
        self,
        key: Any,
        make: Callable[[], T],
        kept: OrderedDict[Any, Any] | None = None,
        most: int = KEPT,
    ) -> T:
        """Return what was kept under a key that holds the board's version, or make it now."""
        kept = self._kept if kept is None else kept
        if key in kept:
            kept.move_to_end(key)
        else:
            kept[key] = make()
            while len(kept) > most:
                kept.popitem(last=False)
        found: T = kept[key]
        return found

    def _route(self) -> str:
        """Say who answers words now: answers of one are not taken for those of another."""
        return "embedded"

    def _words_key(self, query: Query) -> tuple[Any, ...]:
        """What of a query decides which posts its words find."""
        return (query.q, query.closed)

    def _find(self, query: Query, stand: Stand) -> Found:
        """Find posts by words."""
        finder = Finder(
            self.dialect,
            self.vocabulary,
            reader=stand.reader,
            at=stand.at,
            closed=query.closed,
            shown=public(stand.books, closed=query.closed),
        )
        return finder.find(query.q)

    def _found(self, query: Query, stand: Stand) -> Found | None:
        """What the words found; None without words."""
        if not query.q:
            return None
        key = ("words", *self._words_key(query), stand.moment)
        return self._remember(key, lambda: self._find(query, stand))

    def _in_sql(self, query: Query, stand: Stand) -> tuple[queries.Scope, queries.Found]:
        """The query for statements that ask about the posts themselves."""
        today = clock.today(current_app.config["BOARD"].timezone)
        places = paging.distances(stand.books, query)
        scope = queries.scope(query, reader=stand.reader, at=stand.at, today=today, places=places)
        found = self._found(query, stand)
        return scope, None if found is None else self.dialect.among(Post.id, found.posts)

    def _search(self, query: Query, stand: Stand) -> Results:
        books = stand.books
        kilometres, found = paging.distances(books, query), self._found(query, stand)
        among = None if found is None else places_of(books, found.posts)
        of = sieve(books, query, reader=stand.reader, places=kilometres, found=among)
        shown, more = paging.page(of, query, found, kilometres)
        key = ("counts", _anywhere(query), stand.moment)
        count = tally.count if query.counts else tally.count_few
        counts = self._remember(key, lambda: count(of))
        return Results(
            hits=tuple(paging.hit(books, place, found, kilometres) for place in shown),
            total=counts.total,
            facets=counts.facets,
            labels=counts.labels,
            loosened=counts.loosened,
            note=found.note if found else None,
            did_you_mean=found.did_you_mean if found else None,
            ignored=found.ignored if found else (),
            next_cursor=paging.cursor(books, shown[-1], query) if more and shown else None,
        )


def _anywhere(query: Query) -> Query:
    """The same question, whatever the order and the page."""
    return replace(query, sort=None, page=1, per_page=PER_PAGE, cursor=None)


def _count(row: Any, documents: Counter[str], headlines: Counter[str], sign: int) -> None:
    columns = dict(zip(COLUMNS, (str(part).split() for part in row[1:]), strict=True))
    for word in set().union(*columns.values()):
        documents[word] += sign
    for word in {*columns["title"], *columns["tags"]}:
        headlines[word] += sign
