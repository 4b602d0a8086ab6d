"""What misspelt words were likely meant to be: words that posts have together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from rapidfuzz.distance import OSA

LOOKED_AT = 50
MOST_WAYS = 64
FARTHER = 0.4  # what each letter more that is wrong leaves of a reading
ANYWHERE, IN_HEADLINES, IN_TITLE, SIDE_BY_SIDE = 1, 1, 2, 4
Columns = Mapping[str, Sequence[str]]


def likeliest(
    words: Sequence[str], meant: Mapping[str, Sequence[str]], texts: Sequence[Columns]
) -> tuple[str, ...]:
    """Return the words as the posts found have them, each misspelt one by its best reading.

    A reading counts by the posts that have all of it: more in the title, most where its words
    stand side by side; less for each letter that it changes.
    """
    points: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for text in texts:
        held = {word for column in text.values() for word in column}
        for way in _ways(words, meant, held):
            points[way] += _points(way, text)
    points.pop(tuple(words), None)
    if not points:
        return tuple(next(iter(meant.get(word, ())), word) for word in words)
    return max(points, key=lambda way: points[way] * FARTHER ** _errors(words, way))


def _ways(
    words: Sequence[str], meant: Mapping[str, Sequence[str]], held: set[str]
) -> Iterator[tuple[str, ...]]:
    """Give each way in which one post has the words; one that it has otherwise stays as typed."""
    choices = [
        [other for other in (word, *meant.get(word, ())) if other in held] or [word]
        for word in words
    ]
    if words[-1] not in choices[-1] and any(other.startswith(words[-1]) for other in held):
        choices[-1].append(words[-1])
    return islice(product(*choices), MOST_WAYS)


def _points(way: tuple[str, ...], text: Columns) -> int:
    known = {*text["title"], *text["tags"]}
    points = ANYWHERE + IN_HEADLINES * known.issuperset(way)
    points += IN_TITLE * set(text["title"]).issuperset(way)
    return points + SIDE_BY_SIDE * any(_stands_in(way, column) for column in text.values())


def _stands_in(way: tuple[str, ...], column: Sequence[str]) -> bool:
    size = len(way)
    return any(tuple(column[i : i + size]) == way for i in range(len(column) - size + 1))


def _errors(words: Sequence[str], way: Sequence[str]) -> int:
    return sum(OSA.distance(typed, other) for typed, other in zip(words, way, strict=True))
