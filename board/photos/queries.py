"""Reading photos: one named question each, bounded and ordered."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from board.errors import NotFound
from board.extensions import db
from board.photos.models import Upload
from board.photos.rules import MAX_PHOTOS
from board.posts.models import Post

_OF_POST = select(Upload).order_by(Upload.position, Upload.id).limit(MAX_PHOTOS)


def photos_of(post_id: int) -> list[Upload]:
    """Return the photos of a post, in its editors' order."""
    return list(db.session.scalars(_OF_POST.where(Upload.post_id == post_id)))


def count_of(post_id: int) -> int:
    """Return how many photos a post has."""
    rows = select(func.count()).select_from(Upload).where(Upload.post_id == post_id)
    return db.session.scalar(rows) or 0


def get_photo(uuid: UUID, digest: str) -> Upload:
    """Return a photo with its post, or raise `NotFound`; the caller asks the rules who sees it."""
    rows = select(Upload).where(Upload.uuid == uuid, Upload.digest == digest)
    found = db.session.scalar(rows.options(joinedload(Upload.post).selectinload(Post.all_lines)))
    if found is None:
        raise NotFound
    return found


def named(digests: Sequence[str]) -> set[str]:
    """Return those that are some post's photo."""
    return set(db.session.scalars(select(Upload.digest).where(Upload.digest.in_(digests))))


def photos_by(person_id: int) -> list[Upload]:
    """Return the photos that a person added, oldest first (at most 5000)."""
    rows = select(Upload).where(Upload.by_id == person_id).order_by(Upload.id).limit(5000)
    return list(db.session.scalars(rows.options(selectinload(Upload.post))))
