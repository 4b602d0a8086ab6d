"""From the words of a line to concepts: each phrase beside the labels of its language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from board.matching.index import Index
from board.matching.scores import SUGGESTED_FROM
from board.matching.text import Corpus, words_of
from board.taxonomy.rules import Catalogue, Scheme, Term

LONGEST_PHRASE = 4
NEAREST = 6
KEPT_TITLES = 20_000
Links = Mapping[str, float]


class Linker:
    """The labels of every category, as something that a phrase may be alike."""

    def __init__(self, catalogue: Catalogue, corpora: Mapping[str, Corpus]) -> None:
        self._corpora = corpora
        self._terms: defaultdict[str, list[Term]] = defaultdict(list)
        self._indexes: dict[str, Index] = {}
        self._catalogue = catalogue
        self.links = lru_cache(maxsize=KEPT_TITLES)(self._links)

    def nearest(self, phrase: str, language: str) -> float:
        """Return how surely a phrase leads to the concept that it leads to most."""
        found = self._index(language).nearest(self._corpora[language].read(phrase), 1)
        return found[0][1] if found else 0.0

    def _links(self, title: str, language: str, kind: str) -> Links:
        """Return how surely each concept of a kind is meant, from .5 on, by its best phrase."""
        index, corpus = self._index(language), self._corpora[language]
        found: dict[str, float] = {}
        for phrase in _phrases(title):
            for number, likeness in index.nearest(corpus.read(phrase), NEAREST):
                term = self._terms[language][number]
                known = found.get(term.key, SUGGESTED_FROM)
                if term.kind == kind and likeness >= known:
                    found[term.key] = round(likeness, 4)
        return found

    def _index(self, language: str) -> Index:
        if language not in self._indexes:
            index = Index()
            for term in self._catalogue.by_id.values():
                if term.scheme != Scheme.CATEGORY or term.retired:
                    continue
                for label in term.labels:
                    if label.language == language:
                        index.add(self._corpora[language].read(label.text))
                        self._terms[language].append(term)
            self._indexes[language] = index
        return self._indexes[language]


def _phrases(title: str) -> list[str]:
    """Every run of one to four words that say something."""
    words = words_of(title)
    return list(
        dict.fromkeys(
            " ".join(words[start : start + size])
            for size in range(1, LONGEST_PHRASE + 1)
            for start in range(len(words) - size + 1)
        )
    )
