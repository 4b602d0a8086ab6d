"""Words that somebody may have meant: close spellings in the vocabulary."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

ONE_FROM = 5
TWO_FROM = 9
MOST = 12
_LAST = chr(0x10FFFF)


def allowed(word: str) -> int:
    """How many typos a word of that length may hold; a number none."""
    if not word.isalpha() or len(word) < ONE_FROM:
        return 0
    return 2 if len(word) >= TWO_FROM else 1


def close(word: str, vocabulary: Sequence[str], most: int) -> list[str]:
    """Return words of a sorted vocabulary at most `most` typos away, closest first.

    A wrong first letter counts double, so the words that begin alike are compared, and of the
    others only those that are looked up.
    """
    alike = _beginning_with(word[:1], vocabulary)
    costs = _near(word, (each for each in alike if abs(len(each) - len(word)) <= most), most)
    if most > 1:
        costs |= {
            o: 2 for o in _with_another_first_letter(word, vocabulary) if holds(vocabulary, o)
        }
    costs.pop(word, None)
    return sorted(costs, key=lambda other: (costs[other], other))[:MOST]


def holds(vocabulary: Sequence[str], word: str) -> bool:
    """Whether a sorted vocabulary has this word."""
    at = bisect_left(vocabulary, word)
    return at < len(vocabulary) and vocabulary[at] == word


def within(word: str, vocabulary: Sequence[str], most: int) -> list[tuple[str, int]]:
    """Return (word, distance) of the vocabulary at most `most` typos away, closest first."""
    if most == 0:
        return []
    found = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=MOST)
    return [(other, int(distance)) for other, distance, _i in found]


def close_beginnings(word: str, vocabulary: Sequence[str], most: int) -> list[str]:
    """Return words of a sorted vocabulary, at least as long, that begin almost like `word`."""
    size = len(word)
    longer = [other for other in _beginning_with(word[:1], vocabulary) if len(other) >= size]
    costs: dict[str, int] = {}
    for cut in (size, size + 1, size - 1):
        near = _near(word, {other[:cut] for other in longer}, most)
        for other in longer if near else ():
            if (cost := near.get(other[:cut])) is not None:
                costs[other] = min(cost, costs.get(other, cost))
    if most > 1:
        for beginning in _with_another_first_letter(word, vocabulary):
            for other in _beginning_with(beginning, vocabulary):
                if len(other) >= size:
                    costs.setdefault(other, 2)
    costs = {other: cost for other, cost in costs.items() if cost}
    return sorted(costs, key=lambda other: (costs[other], len(other), other))[:MOST]


def _near(word: str, others: Iterable[str], most: int) -> dict[str, int]:
    found = process.extract(word, list(others), scorer=OSA.distance, score_cutoff=most, limit=None)
    return {other: int(distance) for other, distance, _i in found}


def _with_another_first_letter(word: str, vocabulary: Sequence[str]) -> Iterator[str]:
    """Give what one typing error makes of a word at its first letter."""
    others = {first for first in _first_letters(vocabulary) if first != word[0]}
    yield from (first + word[1:] for first in others)
    yield from (first + word for first in others)
    if word[1:2] in others:
        yield word[1:]
        yield word[1] + word[0] + word[2:]


def _first_letters(vocabulary: Sequence[str]) -> Iterator[str]:
    """Give each first letter of a sorted vocabulary."""
    at = 0
    while at < len(vocabulary):
        first = vocabulary[at][0]
        yield first
        at = bisect_left(vocabulary, first + _LAST, at)


def _beginning_with(prefix: str, vocabulary: Sequence[str]) -> Sequence[str]:
    start = bisect_left(vocabulary, prefix)
    return vocabulary[start : bisect_left(vocabulary, prefix + _LAST, start)]
