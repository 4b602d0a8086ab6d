"""What fits a private line, as its owner reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from markupsafe import Markup

from board.matching import queries as public
from board.matching import wording
from board.posts import cards
from board.posts.cards import PostCard
from board.posts.rules import Purpose
from board.private import queries
from board.private.models import PrivateLine
from board.private.queries import Suggestion
from board.private.rules import Answer

SHOWN = 30
DISMISSALS = [(reason.value, word) for reason, word in wording.DISMISSALS.items()]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A need that fits: its card, why, what nobody said, and what may be done."""

    card: PostCard
    why: Markup
    unknown: str
    need: UUID
    private_id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A need that was answered: what was said, and where that is taken back."""

    title: str
    organisation: str
    said: str
    undo: str


def fitting(
    found: Sequence[Suggestion], near: tuple[float, float] | None, level: int = 2
) -> list[Fitting]:
    """Return suggestions ready to print, one for each post and private line."""
    best: dict[tuple[int, int], Suggestion] = {}
    for one in found:
        best.setdefault((one.private_id, one.post_id), one)
    some = list(best.values())[:SHOWN]
    uuids = public.line_uuids({one.need_line_id for one in some})
    ids = list(dict.fromkeys(one.post_id for one in some))
    known = {card.id: card for card in cards.cards_for(ids, near=near, heading_level=level)}
    return [
        Fitting(
            known[one.post_id],
            wording.why(one.reasons, one.parts),
            wording.unknown(one.parts, _undated(one)),
            uuids[one.need_line_id],
            one.private_id,
        )
        for one in some
        if one.post_id in known
    ]


def suggestions(profile: PrivateLine, found: Sequence[Suggestion]) -> list[Fitting]:
    """Return what fits a person's profile, with distances from their own place."""
    near = profile.place.public_point if profile.place else None
    return fitting(found, near)


def dismissed(profile: PrivateLine) -> list[Answered]:
    """Return what a person set aside, the last first."""
    return [
        Answered(
            title,
            organisation,
            str(wording.DISMISSALS[view.reason]) if view.reason else "",
            url_for("private.undo", need=need),
        )
        for view, need, title, organisation in queries.answered([profile.id])
        if view.answer is Answer.DISMISSED
    ]


def _undated(one: Suggestion) -> list[Purpose]:
    return [] if one.parts.get("window") is not None else [Purpose.NEED]
