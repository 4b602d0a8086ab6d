"""What a person wrote and did on posts, from their histories: a part of their export."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from board.accounts.models import Person
from board.extensions import db
from board.posts.models import Post, PostEvent, PostRevision
from board.posts.rules import Event

# Newest first, so that what is left out of a very long life is the oldest.
MOST_WORDINGS = 5_000
MOST_ACTS = 20_000


def wordings(person: Person) -> list[dict[str, Any]]:
    """Return each version of a post that the person wrote, as they wrote it."""
    rows = (
        select(Post.uuid, PostRevision.edit_version, PostRevision.created_at, PostRevision.snapshot)
        .join(Post, Post.id == PostRevision.post_id)
        .where(PostRevision.by_id == person.id)
        .order_by(PostRevision.id.desc())
        .limit(MOST_WORDINGS)
    )
    return [
        {"post": row.uuid, "version": row.edit_version, "at": row.created_at, **row.snapshot}
        for row in db.session.execute(rows)
    ]


def acts(person: Person) -> list[dict[str, Any]]:
    """Return each step of a post that the person took; of an end, which outcome they chose."""
    rows = (
        select(Post.uuid, Post.title, PostEvent.event, PostEvent.at, PostEvent.detail)
        .join(Post, Post.id == PostEvent.post_id)
        .where(PostEvent.by_id == person.id)
        .order_by(PostEvent.id.desc())
        .limit(MOST_ACTS)
    )
    return [
        {
            "post": row.uuid,
            "title": row.title,
            "act": row.event.value,
            "at": row.at,
            "outcome" if row.event is Event.MET else "detail": row.detail,
        }
        for row in db.session.execute(rows)
    ]
