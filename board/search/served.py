"""The board with a search server: it ranks, the database decides, the embedded index stands by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from board import clock, debts
from board.config import Settings
from board.extensions import db
from board.posts.rules import VISITOR, Reader
from board.search import beginnings, plan, server_key
from board.search.away import ANOTHER_SHAPE, SHAPES, Away
from board.search.breaker import Breaker
from board.search.dialects import Ask
from board.search.embedded import Embedded, Stand
from board.search.engine import Results, Suggested
from board.search.filters import Query
from board.search.indexes import NOUNS, POSTS, WRITTEN, own_id, uid
from board.search.models import SearchServer
from board.search.ranking import Answer, Rerankable, filters_of, reranked
from board.search.sieve import public
from board.search.text import neutral, query_words
from board.search.words import Found
from board.web import page_cache

if TYPE_CHECKING:
    from board.search.meili import Searcher

CONSUMER = "meilisearch"
MOST_HITS = 1_000
MOST_OWED = 200
LOOK_AGAIN_S = 5.0
T = TypeVar("T")


class Served(Embedded):
    """Asks the search server for words, and the embedded index for what the server lacks."""

    def __init__(self, database: str, settings: Settings) -> None:
        super().__init__(database)
        self.settings = settings
        self.breaker = Breaker()
        self._searcher: Searcher | None = None
        self._alone = False
        self._looked_at = -LOOK_AGAIN_S
        self._problem: str | None = None

    def search(
        self, query: Query, *, reader: Reader = VISITOR, at: datetime | None = None
    ) -> Results:
        """Return one page; without words, or while the server is away, by the database alone."""
        results, is_partial = self._either(
            query, lambda: super(Served, self).search(query, reader=reader, at=at)
        )
        return replace(results, is_partial=True) if is_partial else results

    def points(self, query: Query, **asked: Any) -> Any:
        """Return what the map shows; the words are taken as the list takes them."""
        return self._either(query, lambda: super(Served, self).points(query, **asked))[0]

    def posts_at(self, query: Query, *where: Any, **asked: Any) -> Any:
        """Return the posts of one point of the map; the words are taken as the list takes them."""
        return self._either(query, lambda: super(Served, self).posts_at(query, *where, **asked))[0]

    def _either(self, query: Query, ask: Callable[[], T]) -> tuple[T, bool]:
        """Ask with the server's help, else alone; says whether words were answered alone."""
        if not query.q:
            return ask(), False
        if self.breaker.lets_through():
            try:
                return ask(), False
            except Away as error:
                self._leave_alone(error)
        self._alone = True
        page_cache.is_passing()
        try:
            return ask(), True
        finally:
            self._alone = False

    def suggest_grouped(self, prefix: str, *, language: str = "fr", limit: int = 20) -> Suggested:
        """Return ids that go on from `prefix`, in one request; what is owed, by the database."""
        words = beginnings.typed(prefix)
        if not words:
            return Suggested()
        owed = {noun: debts.owed_ids(CONSUMER, noun, MOST_OWED) for noun in NOUNS.values()}
        late = any(len(ids) >= MOST_OWED for ids in owed.values())
        found = None if late else self._grouped(words, limit)
        if found is not None and not any(owed.values()):
            return Suggested(*found)
        alone = super().suggest_grouped(prefix, language=language, limit=limit)
        if found is None:
            return alone
        own = (alone.posts, alone.organisations, alone.concepts)
        sets = map(frozenset, owed.values())
        merged = (_owed_first(*each)[:limit] for each in zip(found, own, sets, strict=True))
        return Suggested(*merged)

    def _grouped(self, words: Sequence[str], limit: int) -> list[tuple[int, ...]] | None:
        """Ask for titles, organisations and labels in one request; None while it is away."""
        if not self.breaker.lets_through():
            return None
        queries: list[dict[str, Any]] = [
            {"indexUid": self._uid(index), "q": " ".join(words), "limit": limit,
             "attributesToRetrieve": ["id"], "matchingStrategy": "all"}
            for index in NOUNS
        ]  # fmt: skip
        queries[0] |= {
            "filter": _listed(clock.now(), closed=False),
            "attributesToSearchOn": [WRITTEN],
        }
        try:
            self._check_server()
            answers = self._ask(queries)
            return [
                tuple(own for hit in answer["hits"] if (own := own_id(hit["id"])) is not None)
                for answer in answers
            ]
        except (Away, *SHAPES) as error:
            self._leave_alone(error if isinstance(error, Away) else Away(ANOTHER_SHAPE))
            return None

    def _route(self) -> str:
        return "alone" if self._alone else "served"

    def _words_key(self, query: Query) -> tuple[Any, ...]:
        """The server is asked with the filters too, when words alone find too much."""
        if self._alone:
            return super()._words_key(query)
        return (replace(query, sort=None, page=1, per_page=1, cursor=None),)

    def _find(self, query: Query, stand: Stand) -> Found:
        if self._alone:
            return super()._find(query, stand)
        words = query_words(query.q)
        if not words:
            return Found()
        self._check_server()
        owed = debts.owed_ids(CONSUMER, "post", MOST_OWED + 1)
        if len(owed) > MOST_OWED:
            raise Away("it is owed too much")
        answer = self._answer(query, words, stand, set(owed))
        finder = Rerankable(
            self.dialect,
            self.vocabulary,
            reader=stand.reader,
            at=stand.at,
            closed=query.closed,
            shown=public(stand.books, closed=query.closed),
        )
        finder.untold = bool(owed)
        return reranked(finder.find(query.q), answer, {*owed, *finder.members_ids})

    def _answer(
        self, query: Query, words: Sequence[str], stand: Stand, owed: set[int]
    ) -> dict[int, int]:
        """Ask for all the words; under the filters too when that is more than is told."""
        found = self._ranked(words, query, stand.at)
        if not found.places:
            self._check_emptiness(query, stand, owed)
        elif found.total > MOST_HITS and query.is_filtered:
            found = self._ranked(words, query, stand.at, filters_of(query))
        return found.places

    def _ranked(
        self, words: Sequence[str], query: Query, at: datetime, more: Sequence[Any] = ()
    ) -> Answer:
        """Return what the server finds, best first."""
        asked = {
            "indexUid": self._uid(POSTS), "q": " ".join(map(neutral, words)), "limit": MOST_HITS,
            "filter": [*_listed(at, closed=query.closed), *more],
            "attributesToRetrieve": ["id"], "showRankingScore": True,
            "matchingStrategy": "all", "sort": ["ranked_at:desc"],
        }  # fmt: skip
        answer = self._ask([asked])[0]
        try:
            return Answer.of(answer)
        except SHAPES as error:
            raise Away(ANOTHER_SHAPE) from error

    def _check_server(self) -> None:
        """Do not ask a server that the worker found unfit; the note is read every few seconds."""
        if monotonic() - self._looked_at >= LOOK_AGAIN_S:
            row = db.session.get(SearchServer, self._uid(POSTS))
            self._problem = row.problem if row else "flask search setup has not run"
            self._looked_at = monotonic()
        if self._problem:
            raise Away(self._problem)

    def _check_emptiness(self, query: Query, stand: Stand, owed: set[int]) -> None:
        """An empty answer is believed unless the embedded index has the very words (no stems)."""
        very_words = [Ask(0, plan.all_words(query_words(query.q)).match)]
        held = self.dialect.places(db.session.connection(), very_words)
        is_shown = public(stand.books, closed=query.closed)
        if any(is_shown(post_id) for post_id in held.keys() - owed):
            raise Away("it has lost posts")

    def _ask(self, queries: Sequence[Any]) -> list[dict[str, Any]]:
        if self._searcher is None:
            from board.search.meili import Searcher

            key = server_key.read(self.settings)
            self._searcher = Searcher(self.settings.meilisearch_url, key)
        answers = self._searcher.search(queries)
        self.breaker.succeeded()
        return answers

    def _leave_alone(self, error: Away) -> None:
        self.breaker.failed(str(error))
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = None

    def _uid(self, index: str) -> str:
        return uid(self.settings.meilisearch_index, index)


def _listed(at: datetime, *, closed: bool) -> list[str]:
    """Say in the server's words which posts lists show; the database says it again."""
    return ["paused = false"] if closed else [f"listed_until > {int(at.timestamp())}"]


def _owed_first(
    found: Sequence[int], alone: Sequence[int], owed: frozenset[int]
) -> tuple[int, ...]:
    """Return what the server found; of what it has not heard of, what the database finds."""
    return (*(i for i in alone if i in owed), *(i for i in found if i not in owed))
