"""What a worker knows of the words and the concepts; read again when the board has moved enough."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from board import news
from board.config import LANGUAGES
from board.database import reading
from board.extensions import db
from board.matching.linking import Linker
from board.matching.pairs import Reader
from board.matching.scores import Kinship
from board.matching.text import RARE, Corpus, stem_of, words_of
from board.matching.things import Things
from board.posts.models import Post
from board.search import sources
from board.search.models import SearchWord
from board.taxonomy import queries as taxonomy
from board.taxonomy.rules import Catalogue

# Rarity moves by hundredths while a board grows by a twentieth: no need to count again.
TOLERATED = 0.05
_counts = select(func.count(SearchWord.id), func.coalesce(func.sum(SearchWord.headlines), 0))
_words = select(SearchWord.word, SearchWord.headlines).where(SearchWord.headlines > 0)
# A typing error rarely stands in three posts; what more posts write is a word.
_written_often = select(SearchWord.word).where(SearchWord.documents > RARE)


class Corpora(Mapping[str, Corpus]):
    """What is known of each language, taken apart when it is first asked for."""

    def __init__(
        self, documents: Mapping[str, int], size: int, real: Collection[str] = frozenset()
    ) -> None:
        self._documents = documents
        self._size = size
        self._real = real
        self._made: dict[str, Corpus] = {}

    def __getitem__(self, language: str) -> Corpus:
        if language not in self._made:
            if language not in LANGUAGES:
                return self["fr"]
            first = next(iter(self._made.values()), None)
            self._made[language] = (
                Corpus(self._documents, self._size, language, self._real)
                if first is None
                else first.in_language(language)
            )
        return self._made[language]

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that scoring needs besides the two lines."""

    reader: Reader
    linker: Linker
    catalogue: Catalogue
    counted: tuple[int, int]
    things: Mapping[str, Things]

    def holds(self, catalogue: Catalogue, counted: tuple[int, int]) -> bool:
        """Whether it is still about right."""
        return self.catalogue is catalogue and all(
            abs(now - then) <= TOLERATED * then
            for now, then in zip(counted, self.counted, strict=True)
        )


log = logging.getLogger(__name__)
_kept: list[tuple[int, Knowledge]] = []
_lock = Lock()


def current() -> Knowledge:
    """Return what is known now."""
    with _lock:
        number = news.version().number
        if _kept and _kept[0][0] == number:
            return _kept[0][1]
        catalogue = taxonomy.catalogue("fr")
        words, headlines = db.session.execute(_counts).one()
        counted = (int(words), int(headlines))
        known = _kept[0][1] if _kept else None
        if known is None or not known.holds(catalogue, counted):
            known = _read(catalogue, counted)
        _kept[:] = [(number, known)]
        return known


def warm(app: Flask) -> None:
    """Count the words of the posts and of the labels before somebody waits for it."""
    try:
        with app.app_context(), reading():
            known = current()
            for language in LANGUAGES:
                known.linker.nearest("", language)
    except SQLAlchemyError as error:
        log.warning("the words cannot be counted yet: %s", type(error).__name__)


def forget() -> None:
    """Read everything again the next time."""
    _kept.clear()


def _read(catalogue: Catalogue, counted: tuple[int, int]) -> Knowledge:
    size = db.session.scalar(select(func.count(Post.id)).where(sources.in_index())) or 0
    headlines = {row.word: row.headlines for row in db.session.execute(_words)}
    corpora = Corpora(headlines, size, _real_words(catalogue))
    reader = Reader(corpora, kinship(catalogue))
    things = {one: Things(catalogue, one, partial(stem_of, language=one)) for one in LANGUAGES}
    return Knowledge(reader, Linker(catalogue, corpora), catalogue, counted, things)


def _real_words(catalogue: Catalogue) -> frozenset[str]:
    """Words that are no typing errors: those of the concepts, and what several posts write."""
    labels = (label.text for term in catalogue.by_id.values() for label in term.labels)
    of_concepts = {word for text in labels for word in words_of(text)}
    return frozenset(of_concepts.union(db.session.scalars(_written_often)))


@lru_cache(maxsize=6)
def kinship(catalogue: Catalogue) -> Kinship:
    """Return how the concepts in use stand to each other."""
    by_id = catalogue.by_id
    return Kinship(
        {
            term.key: tuple(by_id[i].key for i in term.broader if i in by_id)
            for term in by_id.values()
        },
        {},
    )


news.keeps(forget)
