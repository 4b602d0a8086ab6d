"""The embedded engine: an index in the board's own database, true in the post's own transaction."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast

from flask import current_app
from sqlalchemy import select

from board import clock
from board.extensions import db
from board.news import BoardVersion
from board.posts import visibility
from board.posts.models import Post
from board.posts.rules import VISITOR, Purpose, Reader
from board.search import facets, points, queries, similar, suggestions, vocabulary
from board.search.dialects import Dialect, dialect_of
from board.search.documents import COLUMNS, Document
from board.search.engine import Hit, Points, Results, Similar
from board.search.filters import LAST_RESULT, PER_PAGE, Cursor, Query, Sort
from board.search.models import SearchWord
from board.search.queries import Ranked, Scope
from board.search.vocabulary import Vocabulary
from board.search.words import Finder, Found

KEPT = 512
KEPT_S = 60
# A map holds every place: a few are kept, not hundreds.
KEPT_MAPS = 8
T = TypeVar("T")
_version = select(BoardVersion.number, BoardVersion.changed_at).where(BoardVersion.id == 1)


class Narrowed(NamedTuple):
    """A query as conditions on posts: its filters, its words, and how far each place is."""

    scope: Scope
    condition: queries.Found
    found: Found | None
    kilometres: dict[int, float] | None


def engine_of_app() -> Embedded:
    """Return the embedded engine of the application under way."""
    return cast(Embedded, current_app.extensions["board.search"])


class Embedded:
    """Searches with the database alone: FTS5 on SQLite, tsvector on PostgreSQL."""

    def __init__(self, database: str) -> None:
        self.dialect: Dialect = dialect_of(database)
        self.vocabulary = Vocabulary()
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._maps: OrderedDict[Any, Any] = OrderedDict()

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
        at = at or clock.now()
        moment = self._moment(reader, at)
        return self._remember(
            ("page", query, moment), lambda: self._search(query, reader, at, moment)
        )

    def points(
        self, query: Query, *, reader: Reader = VISITOR, at: datetime | None = None
    ) -> Points:
        """Return the same posts as `search`, all of them, counted at each coarse point."""
        at = at or clock.now()
        moment = self._moment(reader, at)

        def make() -> Points:
            narrowed = self._narrowed(query, reader, at, moment)
            return points.count(self.dialect, narrowed.scope, narrowed.condition)

        return self._remember(("points", _anywhere(query), moment), make, self._maps, KEPT_MAPS)

    def posts_at(
        self, query: Query, point: tuple[float, float], *, reader: Reader = VISITOR, limit: int
    ) -> list[tuple[int, str]]:
        """Return (post, name of its place) of those that are at one coarse point."""
        at = clock.now()
        narrowed = self._narrowed(query, reader, at, self._moment(reader, at))
        return points.posts_at(narrowed.scope, narrowed.condition, point, limit=limit)

    def suggest(self, prefix: str, *, language: str = "fr", limit: int = 8) -> list[str]:
        """Return words and phrases of public posts that go on from `prefix`."""
        return suggestions.suggest(self.dialect, prefix, language=language, limit=limit)

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
        version = tuple(db.session.execute(_version).first() or ())
        return similar.find(
            self.dialect,
            title,
            purpose=purpose,
            exclude_organisation=exclude_organisation,
            only_organisation=only_organisation,
            limit=limit,
            of_posts=self._remember(("posts", version), lambda: similar.count_posts(self.dialect)),
        )

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

    def _moment(self, reader: Reader, at: datetime) -> tuple[Any, ...]:
        """What an answer depends on besides its question: the board's version, who asks, when."""
        version = db.session.execute(_version).first()
        asker = (version and tuple(version), visibility.is_inside(reader))
        return (*asker, int(at.timestamp()) // KEPT_S)

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

    def _found(self, query: Query, reader: Reader, at: datetime) -> Found:
        finder = Finder(self.dialect, self.vocabulary, reader=reader, at=at, closed=query.closed)
        return finder.find(query.q)

    def _narrowed(
        self, query: Query, reader: Reader, at: datetime, moment: tuple[Any, ...]
    ) -> Narrowed:
        kilometres = queries.distances(query)
        today = clock.today(current_app.config["BOARD"].timezone)
        scope = queries.scope(query, reader=reader, at=at, today=today, places=kilometres)
        if not query.q:
            return Narrowed(scope, None, None, kilometres)
        found = self._remember(
            ("words", query.q, query.closed, moment), lambda: self._found(query, reader, at)
        )
        return Narrowed(scope, self.dialect.among(Post.id, found.posts), found, kilometres)

    def _search(
        self, query: Query, reader: Reader, at: datetime, moment: tuple[Any, ...]
    ) -> Results:
        narrowed = self._narrowed(query, reader, at, moment)
        scope, condition = narrowed.scope, narrowed.condition
        found, kilometres = narrowed.found, narrowed.kilometres
        rows, more = _page(scope, condition, query, found, kilometres)
        counts = self._remember(
            ("counts", _anywhere(query), moment), lambda: facets.count(scope, condition)
        )
        return Results(
            hits=tuple(_hit(row, found, kilometres) for row in rows),
            total=counts.total,
            facets=counts.facets,
            labels=counts.labels,
            loosened=counts.loosened,
            note=found.note if found else None,
            did_you_mean=found.did_you_mean if found else None,
            ignored=found.ignored if found else (),
            next_cursor=_cursor(rows[-1]) if more and rows else None,
        )


def _anywhere(query: Query) -> Query:
    """The same question, whatever the order and the page."""
    return replace(query, sort=None, page=1, per_page=PER_PAGE, cursor=None)


def _page(
    scope: Scope,
    condition: queries.Found,
    query: Query,
    found: Found | None,
    kilometres: dict[int, float] | None,
) -> tuple[list[Ranked], bool]:
    """Return the rows of a page, and whether any follow."""
    end = min(query.offset + query.per_page, LAST_RESULT)
    if query.order is Sort.NEWEST:
        start = 0 if query.cursor else query.offset
        stop = query.per_page if query.cursor else end
        rows = queries.newest(scope, condition, limit=stop + 1, after=query.cursor)
        return rows[start:stop], len(rows) > stop
    rows = queries.ordered(scope, condition, query.order, limit=end + 1)
    if query.order is Sort.RELEVANCE and found is not None:
        rows.sort(key=lambda row: _rank(found.posts[row.id]))
    elif kilometres is not None and query.order is Sort.NEAREST:
        rows.sort(key=lambda row: round(kilometres[row.place_id or 0]))
    return rows[query.offset : end], len(rows) > end


def _cursor(last: Ranked) -> str | None:
    """Only the newest order has one: its rows alone know when they were confirmed."""
    if last.ranked_at is None:
        return None
    return str(Cursor(last.stale, last.ranked_at, last.id))


def _rank(place: tuple[int, float]) -> tuple[int, float]:
    tier, score = place
    return (tier, -round(score, 3))


def _hit(row: Ranked, found: Found | None, kilometres: dict[int, float] | None) -> Hit:
    distance = kilometres.get(row.place_id) if kilometres and row.place_id else None
    return Hit(
        post_id=row.id,
        score=found.score(row.id) if found else None,
        matched=found.matched(row.id) if found else (),
        distance_km=None if distance is None else round(distance),
    )


def _count(row: Any, documents: Counter[str], headlines: Counter[str], sign: int) -> None:
    columns = dict(zip(COLUMNS, (str(part).split() for part in row[1:]), strict=True))
    for word in set().union(*columns.values()):
        documents[word] += sign
    for word in {*columns["title"], *columns["tags"]}:
        headlines[word] += sign
