"""What the standing lines of each post say together: counted when nothing is asked of one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from board.search.postings import BothWays, Postings
from board.search.shelf_rows import ShelfLine
from board.taxonomy.rules import Catalogue


class Standing:
    """What the lines of a post that are neither removed nor closed say together, each once.

    Where one line need not meet several conditions at once, this counts as `Slot` does, and faster.
    """

    def __init__(self) -> None:
        self.kind: Postings[str] = Postings()
        self.basis: Postings[str] = Postings()
        self.attendance: Postings[str] = Postings()
        self.concept: Postings[int] = Postings()
        self.broader: BothWays[int] = BothWays()
        self._known: Catalogue | None = None

    def add(self, lines: Iterable[ShelfLine], place: int) -> None:
        """Put the lines of the post at that place."""
        stand = [line for line in lines if not line.closed]
        for name in ("kind", "basis", "attendance"):
            for value in {getattr(line, name) for line in stand} - {None}:
                getattr(self, name).add(value, place)
        concepts = {concept for line in stand for concept in line.concepts}
        for concept in concepts:
            self.concept.add(concept, place)
        if self._known is not None:
            for each in and_broader(concepts, self._known):
                self.broader.add(each, place)

    def settle(self) -> None:
        """Turn long lists into numbers."""
        for postings in (self.kind, self.basis, self.attendance, self.concept, self.broader):
            postings.settle()

    def categories(self, known: Catalogue) -> BothWays[int]:
        """Who carries each concept or a narrower one, by the concepts as they are now."""
        if self._known is not known:
            carried: dict[int, list[int]] = {}
            for concept in self.concept.values():
                for each in and_broader({concept}, known):
                    carried.setdefault(each, []).append(concept)
            self.broader = BothWays()
            for each, concepts in carried.items():
                self.broader.put(each, self.concept.any_of(concepts))
            self._known = known
        return self.broader


def and_broader(concepts: Collection[int], known: Catalogue) -> set[int]:
    """These concepts and all that are broader."""
    found, waiting = set(concepts), list(concepts)
    while waiting:
        term = known.by_id.get(waiting.pop())
        wider = set(term.broader) - found if term else set()
        found |= wider
        waiting += wider
    return found
