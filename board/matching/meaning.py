"""What phrases mean: surely enough by themselves, or only enough to be suggested to the author."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from board.matching import knowledge
from board.matching.knowledge import Knowledge
from board.matching.linking import Link
from board.matching.scores import LINKED_FROM

# What comes after says what a thing is for, or against what: it is not the thing itself.
_FOR_WHAT = re.compile(
    r"\b(?:pour|afin|contre|en échange|for|in order to|in exchange|in return|para|a cambio)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meant:
    """How surely a concept is meant, and by which phrase; sure ones are linked by rule."""

    likeness: float
    phrase: str
    is_sure: bool


def read(
    titles: Sequence[str],
    *,
    language: str,
    kind: str,
    category: str,
    known: Knowledge | None = None,
) -> Mapping[str, Meant]:
    """Return the concepts that titles mean beside the category, the surest first."""
    known = known or knowledge.current()
    found: dict[str, Meant] = {}
    for title in titles:
        for number, part in enumerate(_FOR_WHAT.split(title)):
            links = known.linker.links(part, language, kind)
            covered = {
                word
                for link in links.values()
                if link.likeness >= LINKED_FROM
                for word in link.phrase.split()
            }
            for key, link in links.items():
                meant = _meant(link, covered, says_what=number == 0)
                if meant is not None and _rank(meant) > _rank(found.get(key)):
                    found[key] = meant
    for key in _implied(category, known):
        found.pop(key, None)
    return dict(sorted(found.items(), key=lambda item: (-item[1].likeness, item[0])))


def _meant(link: Link, covered: set[str], *, says_what: bool) -> Meant | None:
    """A part of a phrase that already means something surely suggests nothing more."""
    if link.likeness >= LINKED_FROM:
        return Meant(link.likeness, link.phrase, says_what)
    if set(link.phrase.split()) <= covered:
        return None
    return Meant(link.likeness, link.phrase, False)


def _rank(meant: Meant | None) -> tuple[bool, float]:
    return (meant.is_sure, meant.likeness) if meant is not None else (False, -1.0)


def _implied(category: str, known: Knowledge) -> set[str]:
    """The category itself, and all that is broader: nothing that needs saying again."""
    found, ahead = set[str](), [category]
    while ahead:
        key = ahead.pop()
        if key not in found:
            found.add(key)
            ahead += known.reader.kinship.broader.get(key, ())
    return found
