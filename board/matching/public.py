"""Pairs that everybody may see: both lines of public posts that can be answered now."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select

from board.extensions import db
from board.matching import reading
from board.matching.models import Match
from board.posts.models import Line, Post
from board.posts.rules import Audience


def public_partners(post_id: int, limit: int) -> list[tuple[int, Match]]:
    """Return posts whose lines fit this public post's, best first: what everybody may see."""
    own = select(Line.id).where(Line.post_id == post_id)
    rows = (
        select(Match)
        .where(or_(Match.need_line_id.in_(own), Match.offer_line_id.in_(own)))
        .order_by(Match.score.desc(), Match.id)
        .limit(4 * limit)
    )
    found = list(db.session.scalars(rows))
    lines = _open_public({i for m in found for i in (m.need_line_id, m.offer_line_id)})
    out: dict[int, Match] = {}
    for match in found:
        ends = (match.need_line_id, match.offer_line_id)
        if all(line_id in lines for line_id in ends):
            other = next((lines[i] for i in ends if lines[i] != post_id), post_id)
            out.setdefault(other, match)
    return list(out.items())[:limit]


def _open_public(line_ids: Collection[int]) -> dict[int, int]:
    rows = (
        select(Line.id, Line.post_id)
        .join(Post, Post.id == Line.post_id)
        .where(Line.id.in_(sorted(line_ids)), Post.audience == Audience.PUBLIC)
        .where(reading.is_answerable())
        .order_by(Line.id)
    )
    return {row.id: row.post_id for row in db.session.execute(rows)} if line_ids else {}
