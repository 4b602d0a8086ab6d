"""The search server's order, put into what the board's own index finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from board.search import plan, synonyms
from board.search.dialects import STEPS, Ask, by_level
from board.search.filters import Query
from board.search.indexes import own_id
from board.search.plan import Numbers, Tier
from board.search.text import neutral
from board.search.words import Finder, Found

Filter = str | list[str]
RANKED, UNTOLD = plan.CLOSE, plan.BEGUN
TIER_STEP = 0.02
STEP = 0.001  # what the board's order still tells apart


class Answer(NamedTuple):
    """Posts by their place in the server's order (those that are alike share one), and how many."""

    places: dict[int, int]
    total: int

    @classmethod
    def of(cls, result: dict[str, Any]) -> Answer:
        """Read one result of the server, without what others put there."""
        hits = [(own_id(hit["id"]), float(hit["_rankingScore"])) for hit in result["hits"]]
        scores = {post_id: score for post_id, score in hits if post_id is not None}
        order = {score: n for n, score in enumerate(dict.fromkeys(scores.values()))}
        places = {post_id: order[score] for post_id, score in scores.items()}
        return cls(places, int(result["estimatedTotalHits"]))


class Rerankable(Finder):
    """Finds what the embedded engine finds; what has the very words is left to the server's order.

    `untold` says that some posts are not known to the server: they need the board's own order.
    """

    untold = False

    @property
    def members_ids(self) -> set[int]:
        """The posts that only members see: no server knows them."""
        return {document.post_id for document in self.members_posts}

    def _strictly(self, words: Sequence[str], numbers: Numbers, wide: Tier) -> None:
        """Ask which posts have the words in either number, and where the others have their kin.

        The server takes a synonym for the word itself: « hangar » would find garages first; and
        « library » is not « libraries » to it. There, the board's own order is kept.
        """
        self.found.keeps_order = any(
            synonyms.has_any(form) or neutral(form) != neutral(word)
            for word in words
            for form in (word, *numbers[word])
        )
        if self.found.keeps_order or self.untold or self.members_posts:
            super()._strictly(words, numbers, wide)
            return
        own = plan.all_words(words, numbers)
        asked = [Ask(own.number * STEPS, own.match)]
        if wide.match != own.match:
            asked += [ask._replace(unless=own.match) for ask in by_level([wide])]
        self._take([own, wide], asked)


def reranked(found: Found, places: Mapping[int, int], untold: Collection[int]) -> Found:
    """Put what has the words into the server's order; what else was found stays where it is.

    What the server was not told is placed among them by the board's own order; what it was told
    and does not find comes after them.
    """
    if found.keeps_order:
        return found
    strict = [tier for number, tier in sorted(found.tiers.items()) if number <= plan.WORDS]
    found.tiers |= dict.fromkeys((RANKED, UNTOLD), strict[-1])
    for post_id, (number, within) in found.posts.items():
        if number > plan.WORDS:
            continue
        if post_id in untold:
            found.posts[post_id] = (RANKED, 1.0 - TIER_STEP * (number + 1 - within))
        elif post_id in places:
            found.posts[post_id] = (RANKED, 1.0 - STEP * places[post_id])
        else:
            found.posts[post_id] = (UNTOLD, within)
    return found


def filters_of(query: Query) -> list[Filter]:
    """Say the filters in the server's words: at least all posts that pass them."""
    several = {
        "kind": query.kinds,
        "basis": query.bases,
        "category": query.categories,
        "tag": query.tags,
        "organisation_slug": query.organisations,
        "attendance": query.attendances,
        "language": query.languages,
    }
    held: list[Filter] = [
        [f"{name} = {_quoted(str(value))}" for value in values]
        for name, values in several.items()
        if values
    ]
    if query.purpose is not None:
        held.append(f"purpose = {query.purpose.value}")
    if query.near is not None:
        latitude, longitude = query.near
        metres = ((query.radius_km or 20_000) + 1) * 1_000
        held.append(f"_geoRadius({latitude}, {longitude}, {metres})")
    return held


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
