"""When posts were last answered: of equals, whoever has waited longest passes first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from board.answers.models import Response
from board.answers.queries import counts
from board.extensions import db

AT_ONCE = 500


def last_answers(post_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each of these posts was last answered; those never answered are left out."""
    ids, found = sorted(post_ids), dict[int, datetime]()
    for start in range(0, len(ids), AT_ONCE):
        rows = (
            select(Response.post_id, func.max(Response.created_at))
            .where(Response.post_id.in_(ids[start : start + AT_ONCE]), counts())
            .group_by(Response.post_id)
            .order_by(Response.post_id)
        )
        found |= {row[0]: row[1] for row in db.session.execute(rows)}
    return found
