"""Posts that are over by what was promised there, though nobody said so: asked about once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from board.answers import ending_letters, endings, queries
from board.answers.models import OutcomeAsked, Response
from board.answers.rules import ASK_AFTER, ASK_FULL_AFTER, HELPED
from board.clock import now
from board.extensions import db
from board.posts import services as posts
from board.posts.models import Line, Post
from board.posts.visibility import line_is_active, met_sql, published

Condition = ColumnElement[bool]


def due(at: datetime, this_day: date, limit: int) -> list[int]:
    """Return posts that somebody helped, that are over, and whose editors were never asked."""
    day = (
        select(func.max(func.coalesce(Line.needed_until, Line.needed_from)))
        .where(Line.post_id == Post.id, line_is_active())
        .correlate(Post)
        .scalar_subquery()
    )
    lately = exists().where(Response.post_id == Post.id, Response.state.in_(HELPED),
                            Response.moved_at > at - ASK_FULL_AFTER)  # fmt: skip
    full = and_(met_sql(), or_(day < this_day, and_(day.is_(None), ~lately)))
    rows = (
        select(Post.id)
        .where(published(), Post.met_at.is_(None), Post.outcome.is_(None), _helped(), ~_asked())
        .where(or_(Post.expires_at <= at - ASK_AFTER, full))
    )
    return list(db.session.scalars(rows.order_by(Post.id).limit(limit)))


def ask(post_id: int) -> bool:
    """Ask the editors of a post, once; says whether they were asked."""
    post = db.session.get(Post, post_id)
    if post is None:
        return False
    posts.lock(post)
    helped = queries.answers_to(post.id, HELPED, limit=1)
    said = post.outcome is not None or endings.find_asked(post) is not None
    if said or not helped:
        return False
    db.session.add(OutcomeAsked(post_id=post.id, asked_at=now()))
    db.session.flush()
    ending_letters.ask_editors_of_post(helped[0])
    return True


def counts_as_met() -> Condition:
    """Somebody helped, it is over, and its editors, asked, have not said otherwise."""
    return and_(Post.met_at.is_(None), Post.outcome.is_(None), _helped(), _asked())


def _helped() -> Condition:
    return exists().where(Response.post_id == Post.id, Response.state.in_(HELPED)).correlate(Post)


def _asked() -> Condition:
    return exists().where(OutcomeAsked.post_id == Post.id).correlate(Post)
