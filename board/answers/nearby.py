"""Open posts that fit somebody who was let go: of the same sort, near, best first."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from board.answers.models import Response
from board.clock import now
from board.extensions import db
from board.matching import blocks
from board.posts import queries, similar, visibility, within_reach
from board.posts.cards import Point
from board.posts.models import Line, Post
from board.taxonomy.models import Place

SHOWN = 3
CONSIDERED = 60


def open_posts_like(response: Response) -> list[Any]:
    """Return up to three posts (as cards know them): the same words first, then what is nearest."""
    post = response.post
    near = post.place.public_point if post.place else None
    title = " ".join(dict.fromkeys([post.title, *(one.line.title for one in response.lines)]))
    ids = list(similar.alike(title, post.purpose, but=post.organisation_id))
    ids += [one for one in _nearest(response, near) if one not in ids]
    ids = _welcome(ids, response)
    reached = within_reach.of(ids, near)
    return queries.heads([one for one in ids if one in reached][:SHOWN])


def _nearest(response: Response, near: Point | None) -> list[int]:
    """Open public posts of the same sort, the nearest first; without a place, the newest."""
    post = response.post
    kinds = {one.line.kind for one in response.lines} or {line.kind for line in post.lines}
    wanted = exists().where(
        Line.post_id == Post.id, Line.kind.in_(sorted(kinds)), Line.removed_at.is_(None)
    )
    rows = (
        select(Post.id)
        .outerjoin(Place, Place.id == Post.place_id)
        .where(visibility.public(now()), Post.purpose == post.purpose, wanted)
        .where(Post.organisation_id != post.organisation_id)
    )
    if near is not None:
        rows = rows.where(Place.id.is_not(None)).order_by(_far_from(near))
    rows = rows.order_by(Post.ranked_at.desc(), Post.id.desc())
    return list(db.session.scalars(rows.limit(CONSIDERED)))


def _far_from(near: Point) -> ColumnElement[float]:
    """How far a place is: good enough for an order within a region."""
    latitude, longitude = near
    north = Place.public_latitude - latitude
    east = (Place.public_longitude - longitude) * cos(radians(latitude))
    return north * north + east * east


def _welcome(ids: Sequence[int], response: Response) -> list[int]:
    """Leave out their own organisations' posts, and those of whoever blocked them."""
    unwanted = {response.organisation_id}
    if response.person is not None:
        unwanted |= blocks.organisations_that_block(response.person)
        unwanted |= {one.id for one in queries.organisations_of(response.person.id)}
    rows = select(Post.id, Post.organisation_id).where(Post.id.in_(ids))
    owners = {row[0]: row[1] for row in db.session.execute(rows)}
    return [one for one in ids if owners.get(one) not in unwanted]
