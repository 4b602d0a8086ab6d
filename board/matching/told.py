"""What an organisation can be told of: new pairs, and who joined a need that concerns it.

« Jumelages » and the pages of needs show the same; circles are told as the page shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from board.extensions import db
from board.matching import joining, pooling, queries
from board.matching.models import NeedJoin
from board.matching.queries import Shown
from board.organisations.models import Organisation
from board.posts.models import Post

MOST_POSTS = 50


@dataclass(frozen=True, slots=True)
class Joined:
    """An open need of one's own, or that one joined, and everybody who joined it."""

    post: Post
    is_own: bool
    joins: Sequence[NeedJoin]

    @property
    def organisations(self) -> int:
        """How many need it, its author included."""
        return 1 + len(self.joins)

    @property
    def is_shared(self) -> bool:
        """Whether it has a page of its own."""
        return pooling.is_shared(self.organisations)


def new_pairs(organisation: Organisation) -> list[Shown]:
    """Return the pairs that nobody of an organisation has seen and that are within reach."""
    found, _hidden = queries.pairs_of(organisation, queries.effects_of(organisation.id))
    return [one for one in found if one.is_new and not one.is_beyond]


def joined_since(organisation: Organisation, at: datetime) -> list[Joined]:
    """Return the open needs of an organisation, and those it joined, that somebody joined since."""
    recent = select(NeedJoin.post_id).where(NeedJoin.created_at > at)
    theirs = select(NeedJoin.post_id).where(NeedJoin.organisation_id == organisation.id)
    rows = (
        select(Post)
        .where(Post.id.in_(recent))
        .where(or_(Post.organisation_id == organisation.id, Post.id.in_(theirs)))
        .options(joinedload(Post.organisation), selectinload(Post.all_lines))
        .order_by(Post.id.desc())
        .limit(MOST_POSTS)
    )
    posts = [post for post in db.session.scalars(rows) if joining.may_be_joined(post)]
    joins = joining.joins_of_each(posts)
    found = [Joined(post, post.organisation_id == organisation.id, joins[post.id])
             for post in posts]  # fmt: skip
    return [
        one for one in found
        if one.is_own or organisation.id in {join.organisation_id for join in one.joins}
    ]  # fmt: skip
