"""A catalogue made from the data file alone, for the rules that need no database."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from board.taxonomy import rules
from board.taxonomy.rules import Catalogue, Term
from board.taxonomy.services import DATA_FILE


@cache
def catalogue_of_the_file(language: str = "fr") -> Catalogue:
    """What `queries.catalogue` gives once the file is loaded."""
    entries = rules.read_concepts(DATA_FILE.read_text("utf-8"))
    ids = {entry.key: number for number, entry in enumerate(entries, 1)}
    narrower: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.broader:
            narrower[entry.broader].append(ids[entry.key])
    terms = {
        ids[entry.key]: Term(
            id=ids[entry.key],
            key=entry.key,
            scheme=entry.scheme.value,
            kind=entry.kind,
            label=rules.preferred(entry.labels, language, entry.key),
            position=ids[entry.key],
            retired=False,
            broader=(ids[entry.broader],) if entry.broader else (),
            narrower=tuple(narrower[entry.key]),
            labels=entry.labels,
        )
        for entry in entries
    }
    by_key = {term.key: term for term in terms.values()}
    return Catalogue(language, terms, by_key, rules.grow(terms))
