"""What feeds and maps of the site ask of the database, beside what every list asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from board.clock import now
from board.extensions import db
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.posts import queries as posts
from board.posts import visibility
from board.posts.models import Line, Post, PostEvent
from board.posts.rules import Audience

_step = (
    select(func.max(PostEvent.at)).where(PostEvent.post_id == Post.id).correlate(Post)
).scalar_subquery()
_told = posts.HEADS.add_columns(Post.body_html, _step.label("step_at")).where(
    Post.id.in_(posts.THOSE)
)
_left = func.coalesce(Post.hidden_at, Post.withdrawn_at, Post.paused_at, type_=Post.paused_at.type)
_those_left = select(
    Post.id,
    Post.uuid,
    Post.organisation_id,
    Post.published_at,
    _left.label("at"),
    (Post.audience == Audience.PUBLIC).label("is_public"),
    (Post.hidden_at.is_(None) & Post.withdrawn_at.is_(None)).label("rests"),
)
_all_that_left = _those_left.where(_left.is_not(None))
# In no order: SQLite would walk all posts in it, and not those that changed.
_changed = _those_left.where(Post.changed_in > bindparam("known"))


def names_of(slugs: Sequence[str]) -> dict[str, str]:
    """Return the names of these organisations, those that everybody may see."""
    rows = select(Organisation.slug, Organisation.name).where(
        Organisation.slug.in_(slugs[:20]),
        Organisation.closed_at.is_(None),
        Organisation.hidden_at.is_(None),
    )
    return {row.slug: row.name for row in db.session.execute(rows.order_by(Organisation.slug))}


def told_of(ids: Sequence[int]) -> list[Any]:
    """Return what a feed says of each post: its card's words, its text, when it last moved."""
    return list(posts.about(_told, ids))


def left_after(known: int | None) -> list[Any]:
    """Return the posts that rest or were taken off; else all that changed after that version."""
    connection = db.session.connection()
    if known is None:
        return list(connection.execute(_all_that_left))
    return list(connection.execute(_changed, {"known": known}))


def dated_lines_of(ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the lines of each post that say both a first and a last day."""
    out: dict[int, list[Any]] = {post_id: [] for post_id in ids}
    rows = (
        select(Line.post_id, Line.uuid, Line.title, Line.needed_from, Line.needed_until,
               Line.closed_at, Line.conditions)
        .where(Line.post_id.in_(ids[:100]), Line.removed_at.is_(None))
        .where(Line.needed_from.is_not(None), Line.needed_until.is_not(None))
        .order_by(Line.post_id, Line.position, Line.id)
    )  # fmt: skip
    for row in db.session.execute(rows) if ids else ():
        out[row.post_id].append(row)
    return out


def count_indexable() -> int:
    """Return how many pages of posts a search engine may keep."""
    rows = select(func.count()).select_from(Post).where(visibility.public(now()))
    return db.session.scalar(rows) or 0


def indexable(offset: int, limit: int) -> list[Any]:
    """Return the identity, language and last change of the posts that search engines may keep."""
    rows = select(Post.uuid, Post.language, func.coalesce(_step, Post.published_at).label("at"))
    rows = rows.where(visibility.public(now())).order_by(Post.id)
    return list(db.session.execute(rows.offset(offset).limit(limit)))


def listed_organisations(limit: int) -> list[str]:
    """Return the addresses of the organisations that the directory shows."""
    rows = select(Organisation.slug).where(organisations.is_listed()).order_by(Organisation.id)
    return list(db.session.scalars(rows.limit(limit)))
