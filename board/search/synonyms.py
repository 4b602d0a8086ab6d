"""Words for the same thing: the one-word labels of a concept in one language."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from board.search import text
from board.search.text import words
from board.taxonomy import queries as taxonomy
from board.taxonomy.rules import Catalogue, Scheme

MOST = 8


def known() -> dict[str, tuple[str, ...]]:
    """Return for each one-word label of the taxonomy the others of its concept, by language."""
    return _of(taxonomy.catalogue("fr"))


def neutral() -> dict[str, tuple[str, ...]]:
    """Return the same with each word as the search server holds it, in neither number."""
    return _neutral(taxonomy.catalogue("fr"))


def has_any(word: str) -> bool:
    """Whether the search server takes other words for this one."""
    return text.neutral(word) in neutral()


@lru_cache(maxsize=2)
def _neutral(concepts: Catalogue) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word, others in _of(concepts).items():
        found[text.neutral(word)].update(map(text.neutral, others))
    apart = {word: sorted(others - {word})[:MOST] for word, others in found.items()}
    return {word: tuple(others) for word, others in apart.items() if others}


@lru_cache(maxsize=2)
def _of(concepts: Catalogue) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for term in concepts.scheme(Scheme.CATEGORY):
        for language in {label.language for label in term.labels}:
            folded = [words(label.text) for label in term.labels if label.language == language]
            alone = {each[0] for each in folded if len(each) == 1}
            for word in alone:
                found[word] |= alone - {word}
    return {word: tuple(sorted(others)[:MOST]) for word, others in found.items() if others}
