"""Circles of organisations in a graph of who needs what whom has; pure, bounded, deterministic."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

LONGEST = 4
# How many partners of each organisation are followed: the cost of a night grows with its cube.
FOLLOWED = 8
FOUND_FROM_ONE = 200
KEPT_PER_ORGANISATION = 3


@dataclass(frozen=True, slots=True)
class Link:
    """One organisation's need, and the line of another that would meet it."""

    need: int
    offer: int
    score: float


Graph = Mapping[int, Mapping[int, Link]]


@dataclass(frozen=True, slots=True)
class Cycle:
    """Organisations, each needing what the next one has, and the last what the first has."""

    organisations: tuple[int, ...]
    links: tuple[Link, ...]

    @property
    def score(self) -> float:
        """A circle holds as well as its weakest link."""
        return min(link.score for link in self.links)

    @property
    def key(self) -> str:
        """The lines that it is made of."""
        ids = sorted({line for link in self.links for line in (link.need, link.offer)})
        return "-".join(map(str, ids))


def graph_of(links: Iterable[tuple[int, int, Link]]) -> dict[int, dict[int, Link]]:
    """Keep the best link from each organisation to each other."""
    found: dict[int, dict[int, Link]] = {}
    for one, other, link in links:
        known = found.setdefault(one, {}).get(other)
        if known is None or _rank(link) < _rank(known):
            found[one][other] = link
    return found


def find(graph: Graph, *, apart: Collection[frozenset[int]] = ()) -> list[Cycle]:
    """Return every circle of two to four organisations none of whom is kept apart, best first.

    Shorter ones first: fewer people have to agree.
    """
    whole = _within_circles(graph)
    followed = {one: _followed(others) for one, others in whole.items()}
    cycles = []
    for one in sorted(whole):
        found = 0
        for path in _paths(one, whole, followed):
            if not _holds_apart(path, apart):
                cycles.append(_cycle(path, whole))
                found += 1
            if found == FOUND_FROM_ONE:
                break
    return sorted(cycles, key=lambda one: (len(one.links), -one.score, one.organisations))


def choose(
    cycles: Iterable[Cycle],
    *,
    dismissed: Collection[str] = (),
    resting: Collection[frozenset[int]] = (),
) -> list[Cycle]:
    """Take the best circles, a few for each organisation; not what one of them did not want."""
    taken: Counter[int] = Counter()
    out = []
    for cycle in cycles:
        if cycle.key in dismissed or frozenset(cycle.organisations) in resting:
            continue
        if all(taken[one] < KEPT_PER_ORGANISATION for one in cycle.organisations):
            taken.update(cycle.organisations)
            out.append(cycle)
    return out


def _rank(link: Link) -> tuple[float, int, int]:
    return (-link.score, link.need, link.offer)


def _within_circles(graph: Graph) -> dict[int, dict[int, Link]]:
    """Leave out whoever only gives or only needs, and then whom that leaves alone."""
    left = {one: dict(others) for one, others in graph.items()}
    needed_by: defaultdict[int, set[int]] = defaultdict(set)
    for one, others in graph.items():
        for other in others:
            needed_by[other].add(one)
    waiting = [one for one in {*left, *needed_by} if not left.get(one) or not needed_by[one]]
    while waiting:
        gone = waiting.pop()
        for one in needed_by.pop(gone, set()):
            if left.get(one, {}).pop(gone, None) and not left[one]:
                waiting.append(one)
        for other in left.pop(gone, {}):
            needed_by[other].discard(gone)
            if not needed_by[other]:
                waiting.append(other)
    return left


def _followed(others: Mapping[int, Link]) -> list[int]:
    return sorted(others, key=lambda other: _rank(others[other]))[:FOLLOWED]


def _paths(
    start: int, whole: Graph, followed: Mapping[int, list[int]]
) -> Iterator[tuple[int, ...]]:
    """Every way from an organisation back to itself; each circle from its smallest member only."""
    for other in whole[start]:
        if other > start and start in whole[other]:
            yield (start, other)
    waiting: deque[tuple[int, ...]] = deque(
        (start, other) for other in followed[start] if other > start
    )
    while waiting:
        path = waiting.popleft()
        for other in followed[path[-1]]:
            if other <= start or other in path:
                continue
            longer = (*path, other)
            if start in whole[other]:
                yield longer
            if len(longer) < LONGEST:
                waiting.append(longer)


def _holds_apart(path: tuple[int, ...], apart: Collection[frozenset[int]]) -> bool:
    return bool(apart) and any(
        frozenset((one, other)) in apart for one in path for other in path if one < other
    )


def _cycle(path: tuple[int, ...], graph: Graph) -> Cycle:
    nexts = (*path[1:], path[0])
    return Cycle(path, tuple(graph[one][other] for one, other in zip(path, nexts, strict=True)))
