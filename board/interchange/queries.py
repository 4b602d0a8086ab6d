"""What feeds and maps of the site ask of the database, beside what every list asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from board.clock import now
from board.extensions import db
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.posts import visibility
from board.posts.models import Line, Post, PostEvent
from board.posts.rules import Audience

_details = select(Post.id, Post.body_html, Post.met_at, Post.edit_version)
_latest = select(PostEvent.post_id, func.max(PostEvent.at)).group_by(PostEvent.post_id)


def details_of(ids: Sequence[int]) -> dict[int, Any]:
    """Return what a feed says of each post beyond its card: its text, and since when it is met."""
    rows = db.session.execute(_details.where(Post.id.in_(ids[:100]))) if ids else ()
    return {row.id: row for row in rows}


def last_steps_of(ids: Sequence[int]) -> dict[int, datetime]:
    """Return when something last happened to each post."""
    rows = db.session.execute(_latest.where(PostEvent.post_id.in_(ids[:100]))) if ids else ()
    return {row[0]: row[1] for row in rows}


def left_after(known: int | None) -> list[Any]:
    """Return the posts that rest or were taken off; else all that changed after that version."""
    ways = (Post.hidden_at, Post.withdrawn_at, Post.paused_at)
    left = func.coalesce(*ways, type_=Post.paused_at.type)
    rows = select(
        Post.id,
        Post.uuid,
        Post.organisation_id,
        Post.published_at,
        left.label("at"),
        (Post.audience == Audience.PUBLIC).label("is_public"),
        (Post.hidden_at.is_(None) & Post.withdrawn_at.is_(None)).label("rests"),
    ).order_by(Post.id)
    where = left.is_not(None) if known is None else Post.changed_in > known
    return list(db.session.execute(rows.where(where)))


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
    latest = (
        select(func.max(PostEvent.at)).where(PostEvent.post_id == Post.id).correlate(Post)
    ).scalar_subquery()
    rows = select(Post.uuid, Post.language, func.coalesce(latest, Post.published_at).label("at"))
    rows = rows.where(visibility.public(now())).order_by(Post.id)
    return list(db.session.execute(rows.offset(offset).limit(limit)))


def listed_organisations(limit: int) -> list[str]:
    """Return the addresses of the organisations that the directory shows."""
    rows = select(Organisation.slug).where(organisations.is_listed()).order_by(Organisation.id)
    return list(db.session.scalars(rows.limit(limit)))
