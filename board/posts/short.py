"""A post's short address, for who copies it from paper: the beginning of its uuid, in letters.

Base 32 without i, l, o and u (Crockford), so that what is read wrongly is still understood. As long
as no older post begins alike, six letters do; a newer one that does takes more. So what is printed
stays true whatever is posted later, and nobody finds posts by counting.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from board.extensions import db
from board.posts.models import Post

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
SHORTEST, LONGEST = 6, 25
_ALIKE = str.maketrans("oil", "011")


def code_of(post: Post) -> str:
    """Return the shortest beginning that no older post shares."""
    older = _beginning(_written(post.uuid)[:SHORTEST], before=post.id)
    others = [_written(uuid) for uuid in older]
    own = _written(post.uuid)
    length = SHORTEST
    while length < LONGEST and any(other.startswith(own[:length]) for other in others):
        length += 1
    return own[:length]


def find(code: str) -> UUID | None:
    """Return the oldest post that begins so; None when it can be none."""
    typed = code.lower().translate(_ALIKE)
    if not SHORTEST <= len(typed) <= LONGEST or not set(typed) <= set(LETTERS):
        return None
    return next(iter(_beginning(typed)), None)


def _beginning(code: str, before: int | None = None) -> Sequence[UUID]:
    """Return the posts whose uuid begins so, the oldest first."""
    spare = 128 - 5 * len(code)
    low = sum(LETTERS.index(c) << (spare + 5 * n) for n, c in enumerate(reversed(code)))
    between = Post.uuid.between(UUID(int=low), UUID(int=low + (1 << spare) - 1))
    rows = select(Post.uuid).where(between).order_by(Post.id).limit(100)
    return db.session.scalars(rows if before is None else rows.where(Post.id < before)).all()


def _written(uuid: UUID) -> str:
    """Write the first 125 of its 128 bits."""
    return "".join(LETTERS[uuid.int >> (123 - 5 * n) & 31] for n in range(LONGEST))
