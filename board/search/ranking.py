"""What the search server answers, as the board takes it: ids in its order, and what it lacks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from board.search import plan
from board.search.dialects import STEPS
from board.search.filters import Query
from board.search.plan import Tier
from board.search.words import ENOUGH, Found

Filter = str | list[str]
TIER_STEP = 0.02
RANKED, BEGUN, KIN, GUESSED = range(4)
LAST = STEPS * plan.FEWER
STEP = 0.001  # what the board's order still tells apart


@dataclass(slots=True)
class Answer:
    """Posts by the server's score in [0, 1].

    `sure` are those with the words or their stems, each with its place in the board's own order.
    """

    scores: dict[int, float]
    total: int
    sure: dict[int, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    own_order_first: bool = False

    @classmethod
    def of(cls, result: dict[str, Any]) -> Answer:
        """Read one result of the server."""
        hits = {int(hit["id"]): float(hit["_rankingScore"]) for hit in result["hits"]}
        return cls(hits, int(result["estimatedTotalHits"]))

    def steps(self) -> dict[int, int]:
        """Return each post's place in the server's order; those that are alike share one."""
        own = self.sure if self.own_order_first else {}
        keys = {i: (own[i], 0.0) if i in own else (LAST, -n) for i, n in self.scores.items()}
        order = sorted(set(keys.values())) if own else dict.fromkeys(keys.values())
        places = {key: n for n, key in enumerate(order)}
        return {post_id: places[key] for post_id, key in keys.items()}


def merged(answer: Answer, local: Found, tier: Tier, owed: Collection[int]) -> Found:
    """Put together what the server ranks and what only the embedded index knows yet.

    First what has the words, in the server's order; then what it did not tell; then stems and
    synonyms; what it took for typing errors only when all that is little. What the server is
    still owed counts as the embedded index finds it, or not at all.
    """
    base = plan.FEWER - GUESSED if answer.ignored else 0
    found = Found(tiers=dict.fromkeys(range(plan.FEWER + 1), tier))
    steps = answer.steps()
    for post_id, place in answer.sure.items():
        number, level = divmod(place, STEPS)
        if post_id in owed:
            continue
        if number == plan.STEMS:
            found.posts[post_id] = (base + KIN, 1.0 - STEP * level)
        elif post_id not in steps:
            found.posts[post_id] = (base + BEGUN, 1.0 - STEP * level)
        else:
            found.posts[post_id] = (base + RANKED, 1.0 - STEP * steps[post_id])
    if len(found.posts) < ENOUGH:
        for post_id, step in steps.items():
            if post_id not in owed:
                found.posts.setdefault(post_id, (base + GUESSED, 1.0 - STEP * step))
    for post_id, (number, within) in local.posts.items():
        loss = TIER_STEP * (number + 1 - within)
        found.posts[post_id] = (base, max(0.0, 1.0 - loss))
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
