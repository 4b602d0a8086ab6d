"""From the words of a line to concepts: each phrase beside the labels of its language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from board.matching.scores import LINKED_FROM, SUGGESTED_FROM
from board.matching.text import Corpus, Text, alike, says_how_much, stem_of, words_of
from board.taxonomy.rules import Catalogue, Scheme, Term

LONGEST_PHRASE = 4
KEPT_TITLES, KEPT_LABELS = 2_000, 2_000
Labels = dict[str, list[tuple[Term, str]]]


@dataclass(frozen=True, slots=True)
class Link:
    """How surely a concept is meant, and the phrase that says so.

    `first` is where the phrase begins among the words of the title; `is_whole` says that no word
    of the label is missing, and none too many: « folding » is not yet « folding table ».
    """

    likeness: float
    phrase: str
    first: int = 0
    is_whole: bool = True

    @property
    def is_sure(self) -> bool:
        """Whether the words say it by themselves."""
        return self.is_whole and self.likeness >= LINKED_FROM

    @property
    def covered(self) -> range:
        """The words of the title that say it."""
        return range(self.first, self.first + self.phrase.count(" ") + 1)

    def is_within(self, other: Link) -> bool:
        """Whether a longer phrase says more."""
        return set(self.covered) < set(other.covered)


Links = Mapping[str, Link]


class Linker:
    """The labels of every category, as something that a phrase may be alike."""

    def __init__(self, catalogue: Catalogue, corpora: Mapping[str, Corpus]) -> None:
        self._corpora = corpora
        self._labels: dict[str, Labels] = {}
        self._catalogue = catalogue
        self._read = lru_cache(maxsize=KEPT_LABELS)(self._read_label)
        self.links = lru_cache(maxsize=KEPT_TITLES)(self._links)

    def nearest(self, phrase: str, language: str) -> float:
        """Return how surely a phrase leads to the concept that it leads to most."""
        read = self._corpora[language].read(phrase)
        near = self._sharing(read, language, None)
        return max((alike(read, label) for _term, label in near), default=0.0)

    def _links(self, title: str, language: str, kind: str) -> Links:
        """Return how surely each concept of a kind is meant, from .5 on, by its best phrase.

        A longer phrase that surely names something of another kind leaves its parts unsure.
        """
        corpus = self._corpora[language]
        found: dict[str, Link] = {}
        for phrase, first in _phrases(title).items():
            read = corpus.read(phrase)
            for term, label in self._sharing(read, language, None):
                likeness = round(alike(read, label), 4)
                if likeness < SUGGESTED_FROM:
                    continue
                link = Link(likeness, phrase, first, label.stems.keys() == read.stems.keys())
                # Of equals the longer phrase: it is later.
                if term.key not in found or _rank(link) >= _rank(found[term.key]):
                    found[term.key] = link
        by_key = self._catalogue.by_key
        sure = [(by_key[key].kind, link) for key, link in found.items() if link.is_sure]
        out: dict[str, Link] = {}
        for key, link in found.items():
            longer = {of for of, other in sure if link.is_within(other)}
            if by_key[key].kind == kind and kind not in longer:
                out[key] = replace(link, is_whole=False) if longer else link
        return out

    def _labels_of(self, language: str) -> Labels:
        """Return the labels of a language by their stems.

        What shares no stem is at most half alike, and then only when it is the same: nothing that
        may be linked is missed by asking for a common stem.
        """
        if language not in self._labels:
            held: Labels = defaultdict(list)
            for term in self._catalogue.by_id.values():
                if term.scheme != Scheme.CATEGORY or term.retired:
                    continue
                for label in term.labels:
                    if label.language == language:
                        said = (word for word in words_of(label.text) if not says_how_much(word))
                        for stem in {stem_of(word, language) for word in said}:
                            held[stem].append((term, label.text))
            self._labels[language] = held
        return self._labels[language]

    def _sharing(self, read: Text, language: str, kind: str | None) -> Iterator[tuple[Term, Text]]:
        """Give the labels that share a stem with a phrase; each is read when it is first asked."""
        labels, seen = self._labels_of(language), set[tuple[str, str]]()
        for stem in read.stems:
            for term, label in labels.get(stem, ()):
                if kind in {None, term.kind} and (term.key, label) not in seen:
                    seen.add((term.key, label))
                    yield term, self._read(label, language)

    def _read_label(self, label: str, language: str) -> Text:
        return self._corpora[language].read(label)


def _rank(link: Link) -> tuple[bool, float]:
    return link.is_sure, link.likeness


def _phrases(title: str) -> dict[str, int]:
    """Every run of one to four words that say something, and where it begins first."""
    words = words_of(title)
    found: dict[str, int] = {}
    for size in range(1, LONGEST_PHRASE + 1):
        for start in range(len(words) - size + 1):
            found.setdefault(" ".join(words[start : start + size]), start)
    return found
