"""What phrases mean: surely enough by themselves, or only enough to be suggested to the author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from board.matching import knowledge
from board.matching.knowledge import Knowledge
from board.matching.linking import Link
from board.matching.phrases import FOR_WHAT, Standing, standings
from board.matching.text import says_how_much, words_of
from board.search.text import PURPOSE_WORDS

# What comes before « de » and is no thing: « un don de », « une dizaine de ».
HOLLOW = PURPOSE_WORDS | frozenset(
    (  # noqa: SIM905
        "don dons dizaine douzaine quinzaine vingtaine trentaine quarantaine cinquantaine centaine "
        "donation donations gift loan dozen dozens couple donacion docena decena prestamo"
    ).split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meant:
    """How surely a concept is meant, and by which phrase; sure ones are linked by rule."""

    likeness: float
    phrase: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Head:
    """How a part of a title names a thing: beside another, by no other word, holding another."""

    is_beside: bool
    is_alone: bool
    holds_another: bool


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
    around = _implied(category, known) | _narrower(category, known)
    spoken = [_heads(title, language, kind, known) for title in titles]
    found: dict[str, Meant] = {}
    for links, heads in spoken:
        for key, link in links:
            sure = key in heads and (
                key in around or _names_it(heads[key], category, agrees=bool(around & heads.keys()))
            )
            meant = Meant(link.likeness, link.phrase, sure)
            if _rank(meant) > _rank(found.get(key)):
                found[key] = meant
    for key in _implied(category, known):
        found.pop(key, None)
    return dict(sorted(found.items(), key=lambda item: (-item[1].likeness, item[0])))


def _heads(
    title: str, language: str, kind: str, known: Knowledge
) -> tuple[list[tuple[str, Link]], dict[str, Head]]:
    """Return what a title may mean, and what it surely names.

    Each part of it names one thing: the first in French, and the last before « with » in English;
    what comes after « pour » names nothing.
    """
    what, *for_what = FOR_WHAT.split(title)
    links, places = known.linker.links(what, language, kind), standings(what)
    named: dict[int, tuple[str, Link]] = {}
    for key, link in sorted(links.items(), key=lambda item: (item[1].first, item[0])):
        place = places[link.first]
        before = named.get(place.part)
        if not link.is_sure or (named and not place.is_beside and place.part not in named):
            continue
        if place.is_beside and place.goes_with:
            continue
        if before is None or (language == "en" and not place.goes_with):
            named[place.part] = key, link
    heads = {key: _head(link, words_of(what), places) for key, link in named.values()}
    told = _new(links)
    for part in for_what:
        told += _new(known.linker.links(part, language, kind))
    return told, heads


def _head(link: Link, words: Sequence[str], places: Sequence[Standing]) -> Head:
    part = places[link.first].part
    rest = [i for i, place in enumerate(places) if place.part == part and i not in link.covered
            and not says_how_much(words[i]) and words[i] not in HOLLOW]  # fmt: skip
    is_of = any(places[max(i, link.first)].is_of for i in rest)
    return Head(places[link.first].is_beside, is_alone=not rest, holds_another=is_of)


def _names_it(head: Head, category: str, *, agrees: bool) -> bool:
    """« Caisses de livres » are books; beside a category only what is named beside it is meant."""
    if category or head.is_beside:
        return head.is_beside and head.is_alone and (agrees or not category)
    return not head.holds_another


def _new(links: Mapping[str, Link]) -> list[tuple[str, Link]]:
    """A part of a phrase that already means something surely suggests nothing more."""
    told = {word for link in links.values() if link.is_sure for word in link.phrase.split()}
    return [(key, link) for key, link in links.items()
            if link.is_sure or not set(link.phrase.split()) <= told]  # fmt: skip


def _rank(meant: Meant | None) -> tuple[bool, float]:
    return (meant.is_sure, meant.likeness) if meant is not None else (False, -1.0)


def _narrower(category: str, known: Knowledge) -> set[str]:
    by_key, by_id = known.catalogue.by_key, known.catalogue.by_id
    term = by_key.get(category)
    return {by_id[i].key for i in term.narrower if i in by_id} if term is not None else set()


def _implied(category: str, known: Knowledge) -> set[str]:
    """The category itself, and all that is broader: nothing that needs saying again."""
    found, ahead = set[str](), [category]
    while ahead:
        key = ahead.pop()
        if key not in found:
            found.add(key)
            ahead += known.reader.kinship.broader.get(key, ())
    return found
