"""Who may work on a post: the members of its organisation; to others it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from flask.typing import ResponseReturnValue

from board.accounts.session import get_reader, signed_in
from board.errors import NotFound
from board.posts import queries
from board.posts.models import Post
from board.web import Authority, authority


def edits(person_id: int, organisation_id: int) -> bool:
    """Whether this person writes for that organisation."""
    return any(row[0] == organisation_id for row in queries.memberships_of(person_id))


def post_editor_required(
    view: Callable[[Post], ResponseReturnValue],
) -> Callable[[UUID], ResponseReturnValue]:
    """Give the view the post of its address, when the reader writes for its organisation."""

    @wraps(view)
    def guarded(post_id: UUID) -> ResponseReturnValue:
        post = queries.get_post(post_id)
        if not edits(get_reader().id, post.organisation_id):
            raise NotFound
        return view(post)

    return authority(Authority.EDITOR)(signed_in(guarded))
