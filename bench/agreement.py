"""`python -m bench.agreement`: the search server against the embedded engine, query by query.

A hundred queries are made of the words of the board's own posts, in eight classes; each is asked
alone and under a filter. For each class: how often the word that was meant stands in the first
five, with each engine, and how many of the first ten both show.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from statistics import median
from zlib import crc32

from sqlalchemy import select

from bench.engines import Pair, pair
from board import clock
from board.extensions import db
from board.posts.rules import VISITOR, Kind, Purpose
from board.search.breaker import FIRST_PAUSE_S
from board.search.embedded import Embedded
from board.search.engine import Results
from board.search.filters import Query
from board.search.models import SearchWord
from board.search.served import Served
from board.search.text import stems, words
from board.taxonomy import queries as taxonomy
from board.taxonomy.rules import Scheme

FIRST, SHOWN, LEAST, TRIES = 5, 10, 0.7, 5
OF_EACH = {"right": 14, "accents off": 12, "prefix": 14, "one typo": 14, "two typos": 12,
           "several words": 14, "apostrophe": 10, "inclusive": 10}  # fmt: skip
MONTREAL = (45.51, -73.57)
FILTERS = (
    {"purpose": Purpose.NEED},
    {"kinds": (Kind.TOOL, Kind.SPACE)},
    {"near": MONTREAL, "radius_km": 100},
    {"purpose": Purpose.OFFER, "languages": ("fr",)},
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody types, of which class it is, and the words that they mean."""

    kind: str
    q: str
    meant: tuple[str, ...]
    filters: int | None = None

    @property
    def query(self) -> Query:
        """The query as the board takes it."""
        values = {} if self.filters is None else FILTERS[self.filters]
        return Query(q=self.q, per_page=SHOWN, **values)


@dataclass(slots=True)
class Compared:
    """One query, what each engine showed first, and whether the word was among it."""

    asked: Asked
    shown: tuple[list[int], list[int]]
    totals: tuple[int, int]
    right: tuple[bool, bool]
    tiers: tuple[str, str] = ("", "")

    @property
    def overlap(self) -> float:
        """How many of the first ten are both engines' (of the longer list)."""
        one, other = map(set, self.shown)
        return len(one & other) / most if (most := max(len(one), len(other))) else 1.0


@dataclass(slots=True)
class Class:
    """What a class of queries came to."""

    compared: list[Compared] = field(default_factory=list)

    def right(self, engine: int) -> int:
        """How often the word was in the first five."""
        return sum(each.right[engine] for each in self.compared)

    @property
    def overlap(self) -> float:
        """The median share of the first ten that both show."""
        return median(each.overlap for each in self.compared)


def queries(of_each: int | None = None) -> list[Asked]:
    """Return a hundred queries (or so many of each class), always the same on the same posts."""
    every = list(_made())
    kept: list[Asked] = []
    for kind, most in OF_EACH.items():
        of_kind = {each.q: each for each in every if each.kind == kind}
        kept += sorted(of_kind.values(), key=lambda each: crc32(each.q.encode()))[: of_each or most]
    return kept


def under_filters(asked: list[Asked]) -> list[Asked]:
    """Return the same queries, each under one of the filters in turn."""
    return [replace(each, filters=i % len(FILTERS)) for i, each in enumerate(asked)]


def _made() -> Iterator[Asked]:
    shown = {
        row.word: row.shown
        for row in db.session.execute(
            select(SearchWord.word, SearchWord.shown).where(
                SearchWord.headlines > 2, SearchWord.documents > 2
            )
        )
        if row.word.isalpha()
    }
    for word, written in sorted(shown.items()):
        if len(word) >= 5:
            yield Asked("right", written, (word,))
            yield Asked("prefix", written[: 3 + crc32(word.encode()) % 3], (word,))
        if len(word) >= 6 and not word.endswith(("s", "x")):
            yield Asked("one typo", _typo(word, 1), (word,))
        if len(word) >= 9:
            yield Asked("two typos", _typo(word, 2), (word,))
        if written != word and len(word) >= 5:
            yield Asked("accents off", word, (word,))
        if len(word) >= 5 and word[0] in "aeiouh":
            yield Asked("apostrophe", f"l’{written}", (word,))
        if word.endswith("vole") or (len(word) >= 6 and word.endswith(("ant", "eur", "ier"))):
            yield Asked("inclusive", f"{written}·{_FEMININE[word[-2:]]}·s", (word,))
    for term in taxonomy.catalogue("fr").scheme(Scheme.CATEGORY):
        for label in term.labels:
            meant = words(label.text)
            if label.language == "fr" and 2 <= len(meant) <= 4 and set(meant) <= shown.keys():
                yield Asked("several words", label.text, tuple(meant))


_FEMININE = {"nt": "e", "ur": "euse", "er": "ère", "le": "e"}


def _typo(word: str, count: int) -> str:
    """Misspell a word beyond its first letters: two letters change places, then one is lost."""
    place = 2 + crc32(word.encode()) % (len(word) - 4)
    letters = list(word)
    letters[place], letters[place + 1] = letters[place + 1], letters[place]
    if letters == list(word):
        letters[place] = "x"
    if count > 1:
        del letters[-3 if place < len(word) - 5 else 1]
    return "".join(letters)


def compare(engines: Pair, asked: Asked, held: Callable[[list[int]], dict[int, set[str]]]
            ) -> Compared:  # fmt: skip
    """Ask both engines."""
    answers = [engines.embedded.search(asked.query), _by_the_server(engines.served, asked.query)]
    shown = [[hit.post_id for hit in answer.hits] for answer in answers]
    words_of = held([i for ids in shown for i in ids[:FIRST]])
    right = [any(_has(words_of[i], asked.meant) for i in ids[:FIRST]) for ids in shown]
    return Compared(
        asked,
        (shown[0], shown[1]),
        (answers[0].total, answers[1].total),
        (right[0], right[1]),
        (_how(engines.embedded, asked.query), _how(engines.served, asked.query)),
    )


def _by_the_server(served: Served, query: Query) -> Results:
    """Ask again when a busy machine made the server miss its time."""
    for _ in range(TRIES):
        answer = served.search(query)
        if not answer.is_partial:
            return answer
        time.sleep(FIRST_PAUSE_S)
        served.breaker.succeeded()
    raise RuntimeError(f"the search server did not answer « {query.q} »")


def _has(held: set[str], meant: tuple[str, ...]) -> bool:
    """Whether a post has each word or one of the same stem."""
    return all(word in held or {*stems(word)} & {s for h in held for s in stems(h)}
               for word in meant)  # fmt: skip


BY_SERVER = "the server's order"
TIERS = ("side by side", "begun", "all words", "stems", "one typo", "two typos", "fewer words")


def _how(engine: Embedded, query: Query) -> str:
    """Say how an engine took the words: how many of the posts it found in each way, and notes."""
    with engine.shelf.lock:
        found = engine._found(query, engine._stand(VISITOR, clock.now()))
    if found is None:
        return "no words"
    by_server = isinstance(engine, Served) and not found.keeps_order
    names = (BY_SERVER, "not ranked by it", *TIERS[2:]) if by_server else TIERS
    ways = Counter(names[number] for number, _within in found.posts.values())
    told = [f"{name} {ways[name]}" for name in names if ways[name]]
    told += [f"meant: {found.did_you_mean}"] if found.did_you_mean else []
    told += [f"left out: {' '.join(found.ignored)}"] if found.ignored else []
    return ", ".join(told)


def compared(engines: Pair, asked: list[Asked]) -> dict[str, Class]:
    """Ask everything and sort it by class."""
    found: defaultdict[str, Class] = defaultdict(Class)

    def held(ids: list[int]) -> dict[int, set[str]]:
        rows = engines.embedded.dialect.old(db.session.connection(), ids)
        return {row[0]: {w for part in row[1:] for w in str(part).split()} for row in rows}

    for each in asked:
        found[each.kind].compared.append(compare(engines, each, held))
    return found


def table(title: str, found: dict[str, Class]) -> str:
    """Tell the classes."""
    every = [each for one in found.values() for each in one.compared]
    lines = ["", title, f"{'class':<15}{'queries':>8}{'embedded':>10}{'server':>8}{'of ten':>8}"]
    for name, one in found.items():
        lines.append(f"{name:<15}{len(one.compared):>8}{one.right(0):>10}{one.right(1):>8}"
                     f"{one.overlap:>8.2f}")  # fmt: skip
    lines.append(f"median of the first ten: {median(each.overlap for each in every):.2f}")
    by_server = sum(BY_SERVER in each.tiers[1] for each in every)
    lines.append(f"put into the server's order: {by_server} of {len(every)}")
    return "\n".join(lines)


def differences(found: dict[str, Class]) -> Iterator[str]:
    """Name the queries that both engines do not answer alike, and how each took them."""
    for name, one in found.items():
        for each in one.compared:
            if each.shown[0] != each.shown[1] or each.right[0] != each.right[1]:
                yield (f"{name:<14} {each.asked.q:<28} {each.overlap:.1f}  "
                       f"{'+-'[not each.right[0]]}{'+-'[not each.right[1]]} "
                       f"{each.totals[0]:>5} {each.totals[1]:>5}  "
                       f"[{each.tiers[0]}] [{each.tiers[1]}]")  # fmt: skip


def main() -> int:
    """Print the tables and what differs."""
    asks = argparse.ArgumentParser(prog="python -m bench.agreement", description=__doc__)
    asks.add_argument("--each", type=int, help="ask so many of each class instead of a hundred")
    of_each = asks.parse_args().each
    with pair(10_000) as engines:
        alone = queries(of_each)
        for title, asked in (("alone", alone), ("under a filter", under_filters(alone))):
            found = compared(engines, asked)
            print(table(title, found))
            print("\n".join(differences(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
