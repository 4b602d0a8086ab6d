"""Words that somebody may have meant: close spellings in the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

ONE_FROM = 5
TWO_FROM = 9
MOST = 12


def allowed(word: str) -> int:
    """How many typos a word of that length may hold; a number none."""
    if not word.isalpha() or len(word) < ONE_FROM:
        return 0
    return 2 if len(word) >= TWO_FROM else 1


def close(word: str, vocabulary: Sequence[str], most: int) -> list[str]:
    """Return words at most `most` typos away, closest first; a wrong first letter counts double."""
    found = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=None)
    costs = {other: _cost(word, other, distance) for other, distance, _i in found}
    near = [other for other, cost in costs.items() if other != word and cost <= most]
    return sorted(near, key=lambda other: (costs[other], other))[:MOST]


def within(word: str, vocabulary: Sequence[str], most: int) -> list[tuple[str, int]]:
    """Return (word, distance) of the vocabulary at most `most` typos away, closest first."""
    if most == 0:
        return []
    found = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=MOST)
    return [(other, int(distance)) for other, distance, _i in found]


def close_beginnings(word: str, vocabulary: Sequence[str], most: int) -> list[str]:
    """Return longer words that begin almost like `word`, which is still being typed."""
    costs: dict[str, int] = {}
    for size in (len(word), len(word) + 1, len(word) - 1):
        cut = [other[:size] for other in vocabulary]
        found = process.extract(word, cut, scorer=OSA.distance, score_cutoff=most, limit=None)
        for beginning, distance, i in found:
            other = vocabulary[i]
            if len(other) > len(word):
                cost = _cost(word, beginning, distance)
                costs[other] = min(cost, costs.get(other, cost))
    near = [other for other, cost in costs.items() if 0 < cost <= most]
    return sorted(near, key=lambda other: (costs[other], len(other), other))[:MOST]


def _cost(word: str, other: str, distance: float) -> int:
    return int(distance) + (word[0] != other[0])
