"""Which of many short texts are most like one: every pair that shares anything, scored exactly."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from heapq import nsmallest

from board.matching.text import STEMS_SHARE, Text

DECIMALS = 9


class Index:
    """Texts by what they hold; `nearest` gives the same figures as `text.alike`."""

    def __init__(self, texts: Iterable[Text] = ()) -> None:
        self.size = 0
        self._numbers: defaultdict[str, array[int]] = defaultdict(lambda: array("l"))
        self._weights: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        for text in texts:
            self.add(text)

    def add(self, text: Text) -> int:
        """Hold one text more and return its number, from 0."""
        for key, weight in _keys(text):
            self._numbers[key].append(self.size)
            self._weights[key].append(weight)
        self.size += 1
        return self.size - 1

    def nearest(self, text: Text, limit: int) -> list[tuple[int, float]]:
        """Return (number, likeness in [0, 1]) of the texts most like this one, best first."""
        found = [0.0] * self.size
        for key, weight in _keys(text):
            if key in self._numbers:
                for number, other in zip(self._numbers[key], self._weights[key], strict=True):
                    found[number] += weight * other
        best = nsmallest(
            limit,
            ((-round(score, DECIMALS), number) for number, score in enumerate(found) if score > 0),
        )
        return [(number, min(1.0, -score)) for score, number in best]


def _keys(text: Text) -> list[tuple[str, float]]:
    """Return every weight under a key of its own; shares are split evenly between both sides."""
    by_stem, by_run = STEMS_SHARE**0.5, (1 - STEMS_SHARE) ** 0.5
    return [
        *(("=" + stem, weight * by_stem) for stem, weight in text.stems.items()),
        *(("~" + run, weight / text.norm * by_run) for run, weight in text.runs.items()),
    ]
