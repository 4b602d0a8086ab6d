"""Reading posts: one named question each, bounded and ordered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload, selectinload

from board.clock import now
from board.errors import NotFound
from board.extensions import db
from board.organisations.models import Membership, Organisation
from board.posts import visibility
from board.posts.models import Line, Post, PostEvent, PostRevision, PostTag
from board.posts.rules import Reader
from board.taxonomy.models import Concept, Place

_HEADS = (
    select(
        Post.id,
        Post.uuid,
        Post.version,
        Post.purpose,
        Post.title,
        Post.language,
        Post.audience,
        Post.published_at,
        Post.confirmed_at,
        Post.expires_at,
        Post.paused_at,
        Post.met_at,
        Organisation.uuid.label("organisation_uuid"),
        Organisation.slug,
        Organisation.name,
        Organisation.verified_at,
        Place.label,
        Place.public_latitude,
        Place.public_longitude,
    )
    .join(Organisation, Organisation.id == Post.organisation_id)
    .outerjoin(Place, Place.id == Post.place_id)
)
_LINES = (
    select(
        Line.post_id,
        Line.uuid,
        Line.title,
        Line.kind,
        Line.basis,
        Line.quantity,
        Line.committed,
        Line.unit,
        Line.needed_from,
        Line.needed_until,
        Line.attendance,
        Line.reach_km,
        Line.closed_at,
        Line.removed_at,
        Concept.key.label("category"),
    )
    .outerjoin(Concept, Concept.id == Line.category_id)
    .where(Line.removed_at.is_(None))
    .order_by(Line.post_id, Line.position, Line.id)
)


def find_post(uuid: UUID) -> Post | None:
    """Return a post with everything that its page shows."""
    return db.session.scalar(
        select(Post)
        .where(Post.uuid == uuid)
        .options(
            joinedload(Post.organisation).joinedload(Organisation.place),
            joinedload(Post.place),
            selectinload(Post.all_lines).joinedload(Line.category),
            selectinload(Post.tags),
        )
    )


def get_post(uuid: UUID) -> Post:
    """Return a post or raise `NotFound`; the caller asks the rules who may see it."""
    post = find_post(uuid)
    if post is None:
        raise NotFound
    return post


def heads(ids: Sequence[int]) -> list[Row[Any]]:
    """Return what a card says of each post, in the order of `ids` (at most 100)."""
    found = {row.id: row for row in db.session.execute(_HEADS.where(Post.id.in_(ids[:100])))}
    return [found[post_id] for post_id in ids if post_id in found]


def lines_of(ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return the standing lines of each post, in the author's order."""
    out: dict[int, list[Row[Any]]] = {post_id: [] for post_id in ids}
    for row in db.session.execute(_LINES.where(Line.post_id.in_(ids[:100]))):
        out[row.post_id].append(row)
    return out


def tags_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the tags of each post."""
    out: dict[int, list[str]] = {post_id: [] for post_id in ids}
    rows = select(PostTag.post_id, PostTag.text).where(PostTag.post_id.in_(ids[:100]))
    for post_id, text in db.session.execute(rows.order_by(PostTag.id)):
        out[post_id].append(text)
    return out


def listed_of(
    organisation_id: int, reader: Reader, *, offset: int = 0, limit: int = 20
) -> tuple[list[int], int]:
    """Return the ids of an organisation's posts that lists show this reader, and how many there are."""
    seen = visibility.listed(reader, now()) & (Post.organisation_id == organisation_id)
    total = db.session.scalar(select(func.count()).select_from(Post).where(seen)) or 0
    rows = select(Post.id).where(seen).order_by(Post.ranked_at.desc(), Post.id.desc())
    return list(db.session.scalars(rows.offset(offset).limit(min(limit, 100)))), total


def events_of(post_id: int) -> list[PostEvent]:
    """Return a post's history, oldest first (at most 500 steps)."""
    rows = select(PostEvent).where(PostEvent.post_id == post_id).options(joinedload(PostEvent.by))
    return list(db.session.scalars(rows.order_by(PostEvent.id).limit(500)))


def revisions_of(post_id: int) -> list[PostRevision]:
    """Return the author's words at each version, newest first (at most 100)."""
    rows = select(PostRevision).where(PostRevision.post_id == post_id)
    rows = rows.options(joinedload(PostRevision.by)).order_by(PostRevision.edit_version.desc())
    return list(db.session.scalars(rows.limit(100)))


def memberships_of(person_id: int) -> list[Row[tuple[int, bool]]]:
    """Return (organisation id, whether it is verified and open) for whom this person acts."""
    verified = Organisation.verified_at.is_not(None) & Organisation.closed_at.is_(None)
    rows = (
        select(Membership.organisation_id, verified.label("verified"))
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .order_by(Membership.organisation_id)
        .limit(200)
    )
    return list(db.session.execute(rows))
