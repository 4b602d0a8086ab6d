"""Pairs that everybody may see: both lines of public posts that can be answered now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from board.extensions import db
from board.matching import reading
from board.matching.models import Match
from board.posts import waiting
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
    published: dict[int, datetime | None] = {}
    for match in found:
        ends = [lines.get(i) for i in (match.need_line_id, match.offer_line_id)]
        for line in ends if None not in ends else ():
            if line is not None and line.post_id != post_id:
                out.setdefault(line.post_id, match)
                published[line.post_id] = line.published_at
    waits = waiting.since(published)
    best = sorted(out.items(), key=lambda one: (-one[1].score, waits[one[0]], one[1].id))
    return best[:limit]


def _open_public(line_ids: Collection[int]) -> dict[int, Any]:
    rows = (
        select(Line.id, Line.post_id, Post.published_at)
        .join(Post, Post.id == Line.post_id)
        .where(Line.id.in_(sorted(line_ids)), Post.audience == Audience.PUBLIC)
        .where(reading.is_answerable())
        .order_by(Line.id)
    )
    return {row.id: row for row in db.session.execute(rows)} if line_ids else {}
