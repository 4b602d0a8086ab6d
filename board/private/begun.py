"""The offers that « yes » began: until one is published, nothing is said yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from board.extensions import db
from board.posts.models import Post
from board.private.models import PrivateView


def offers_of(views: Sequence[PrivateView]) -> dict[int, Post]:
    """Return the offers that were begun, by the id of what was said."""
    ids = {view.draft_id: view.id for view in views if view.draft_id is not None}
    rows = select(Post).where(Post.id.in_(sorted(ids))).order_by(Post.id)
    return {ids[post.id]: post for post in db.session.scalars(rows)} if ids else {}


def standing(views: Sequence[PrivateView], offers: Mapping[int, Post]) -> list[PrivateView]:
    """Leave out each « yes » whose offer (`offers_of`) was given up before anybody read it."""
    given_up = {
        view_id
        for view_id, post in offers.items()
        if post.published_at is None and post.withdrawn_at is not None
    }
    return [view for view in views if view.id not in given_up]
