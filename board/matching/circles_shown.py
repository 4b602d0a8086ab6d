"""A circle as one of its organisations reads it: what it would get, what it would give, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from board.matching import queries, wording
from board.matching.circles import Seen
from board.organisations.models import Organisation
from board.posts import cards
from board.posts.cards import PostCard


@dataclass(frozen=True, slots=True)
class Half:
    """One link of a circle: the other's post, the own one that it goes with, and why."""

    card: PostCard
    own: PostCard
    why: Markup


@dataclass(frozen=True, slots=True)
class CircleShown:
    """A circle ready to print."""

    size: int
    gets: Half
    gives: Half
    dismiss: str
    undo: str


def circles(organisation: Organisation, seen: Sequence[Seen]) -> list[CircleShown]:
    """Return circles ready to print; a few statements for all."""
    lines = {i for one in seen for match in (one.gets, one.gives)
             for i in (match.need_line_id, match.offer_line_id)}  # fmt: skip
    of_post = queries.posts_of_lines(lines)
    known = {card.id: card for card in cards.cards_for(
        sorted(set(of_post.values())), heading_level=4)}  # fmt: skip
    out = []
    for one in seen:
        need, offer = known[of_post[one.gets.need_line_id]], known[of_post[one.gets.offer_line_id]]
        theirs, ours = (known[of_post[one.gives.need_line_id]],
                        known[of_post[one.gives.offer_line_id]])  # fmt: skip
        where: Any = {"slug": organisation.slug, "circle_id": one.uuid}
        out.append(
            CircleShown(
                size=one.size,
                gets=Half(offer, need, wording.why(one.gets.reasons, one.gets.parts)),
                gives=Half(theirs, ours, wording.why(one.gives.reasons, one.gives.parts)),
                dismiss=url_for("matching.dismiss_circle", **where),
                undo=url_for("matching.undo_circle", **where),
            )
        )
    return out
