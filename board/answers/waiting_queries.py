"""Who waits for an answer at posts that changed: asked in the transaction of every change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, select

from board.answers.models import Response
from board.answers.queries import WHOLE, counts
from board.answers.rules import WAITING
from board.extensions import db

# Built once; whether anybody waits at all is asked first.
_waits_at = and_(
    Response.post_id.in_(bindparam("ids", expanding=True)), Response.state.in_(WAITING), counts()
)
_WHETHER = select(Response.id).where(_waits_at).limit(1)
_WAITING_AT = (
    select(Response)
    .where(_waits_at)
    .options(*WHOLE)
    .order_by(Response.post_id, Response.id)
    .execution_options(populate_existing=True)
)


def waiting_at(post_ids: Sequence[int]) -> list[Response]:
    """Return who waits for an answer at these posts, by post and in order."""
    asked = {"ids": post_ids}
    db.session.flush()
    if db.session.connection().execute(_WHETHER, asked).first() is None:
        return []
    return list(db.session.scalars(_WAITING_AT, asked))
