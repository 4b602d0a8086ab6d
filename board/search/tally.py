"""How many posts each value of each filter would leave, counted on sets in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from board.search.postings import Kept, Postings, is_few
from board.search.shelf import Books, freshness
from board.search.sieve import Sieve
from board.search.standing import and_broader
from board.taxonomy import queries as taxonomy
from board.taxonomy.rules import Catalogue

MOST_VALUES = 20
OF_LINES = ("kind", "basis", "attendance")
Numbers = dict[str, int]


@dataclass(slots=True)
class Counts:
    """The total, the facets, and how many there would be without each filter in use."""

    total: int = 0
    facets: dict[str, Numbers] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    loosened: Numbers = field(default_factory=dict)


def count(of: Sieve) -> Counts:
    """Count everything; a facet counts as if its own filter were not there."""
    counts = Counts(total=of.passing().bit_count())
    counts.loosened = {name: of.passing(name).bit_count() for name in of.names}
    for name, postings in (("purpose", of.books.purpose), ("language", of.books.language)):
        counts.facets[name] = _falling(dict(postings.among(_kept(of, name))))
    counts.facets["freshness"] = _freshness(of)
    for name in OF_LINES:
        counts.facets[name] = _falling(_of_lines(of, name))
    counts.facets["category"] = _falling(_categories(of))
    _tags(of, counts)
    _organisations(of, counts)
    counts.labels = {name: labels for name, labels in counts.labels.items() if labels}
    return counts


def count_few(of: Sieve) -> Counts:
    """Count only what a widget and a feed say: the total, needs and offers."""
    purposes = _falling(dict(of.books.purpose.among(_kept(of, "purpose"))))
    return Counts(of.passing().bit_count(), {"purpose": purposes})


def _kept(of: Sieve, name: str) -> Kept:
    return Kept(of.passing(name if name in of.of_post else None))


def _freshness(of: Sieve) -> Numbers:
    kept = _kept(of, "freshness").bits
    numbers = {each.value: (bits & kept).bit_count() for each, bits in freshness(of.books).items()}
    return _falling({value: n for value, n in numbers.items() if n})


def _of_lines(of: Sieve, name: str) -> Numbers:
    if of.is_of_posts:
        return dict(getattr(of.books.standing, name).among(_kept(of, name)))
    return {value: bits.bit_count() for value, bits in _line_sets(of, name, name).items()}


def _line_sets(of: Sieve, name: str, postings_name: str) -> dict[str, int]:
    """The posts for each value of their lines: a post with two such lines is there once."""
    sets: dict[str, int] = defaultdict(int)
    lines = of.lines(name if name in of.of_line else None)
    for slot, passing in zip(of.books.slots, lines, strict=True):
        if passing:
            postings: Postings[str] = getattr(slot, postings_name)
            for value, bits in postings.sets_among(Kept(passing)):
                sets[value] |= bits
    return sets


def _categories(of: Sieve) -> Numbers:
    """A post counts for its categories and for every broader one, once."""
    known = taxonomy.catalogue("fr")
    lines = of.lines("category" if "category" in of.of_line else None)
    everything = 0
    for passing in lines:
        everything |= passing
    if is_few(everything, len(of.books.ids)):
        return _keyed(_of_each(of.books, lines, known), known)
    if of.is_of_posts:
        found = of.books.standing.categories(known).among(_kept(of, "category"))
        return _keyed(dict(found), known)
    sets: dict[int, int] = defaultdict(int)
    for concept, bits in _line_sets(of, "category", "concept").items():
        for each in _all_of((int(concept),), known):
            sets[each] |= bits
    return _keyed({concept: bits.bit_count() for concept, bits in sets.items()}, known)


def _of_each(books: Books, lines: list[int], known: Catalogue) -> Mapping[int, int]:
    """Count from post to post: quicker than from category to category where few are left."""
    held: dict[int, frozenset[int]] = {}
    for slot, passing in zip(books.slots, lines, strict=True):
        for place in Kept(passing).rising():
            own = _all_of(slot.concept.at(place), known)
            held[place] = held[place] | own if place in held else own
    return Counter(chain.from_iterable(held.values()))


def _keyed(numbers: Mapping[int, int], known: Catalogue) -> Numbers:
    return {known.by_id[c].key: number for c, number in numbers.items() if c in known.by_id}


def _all_of(concepts: tuple[int, ...], known: Catalogue) -> frozenset[int]:
    """Return these concepts and all that is broader; worked out once while concepts stay."""
    done = _worked_out(known)
    if concepts not in done:
        done[concepts] = frozenset(and_broader(concepts, known))
    return done[concepts]


@lru_cache(maxsize=2)
def _worked_out(_known: Catalogue) -> dict[tuple[int, ...], frozenset[int]]:
    return {}


def _tags(of: Sieve, counts: Counts) -> None:
    kept = _kept(of, "tag")
    numbers: dict[str, int] = defaultdict(int)
    labels: dict[str, str] = {}
    for (folded, text), number in of.books.tag.among(kept):
        numbers[folded] += number
        labels[folded] = max(text, labels.get(folded, ""))
    top = sorted(numbers.items(), key=lambda each: (-each[1], each[0]))[:MOST_VALUES]
    counts.facets["tag"] = dict(top)
    counts.labels["tag"] = {folded: labels[folded] for folded, _n in top}


def _organisations(of: Sieve, counts: Counts) -> None:
    found = of.books.organisation.among(_kept(of, "organisation"))
    top = sorted(found, key=lambda each: (-each[1], each[0]))[:MOST_VALUES]
    numbers, names = {}, {}
    for organisation_id, number in top:
        slug, names[slug] = of.books.organisations[organisation_id]
        numbers[slug] = number
    counts.facets["organisation"] = _falling(numbers)
    counts.labels["organisation"] = {slug: names[slug] for slug in counts.facets["organisation"]}


def _falling(numbers: Numbers) -> Numbers:
    return dict(sorted(numbers.items(), key=lambda each: (-each[1], each[0])))
