"""What an organisation has not been told yet: pairs, circles, and who joined its needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from board.extensions import db
from board.matching import circles, joining, queries
from board.matching.models import NeedJoin
from board.matching.queries import Shown
from board.organisations.models import Organisation
from board.posts.models import Post

MOST_POSTS = 200


@dataclass(frozen=True, slots=True)
class News:
    """What is new for one organisation: nothing of it is anybody else's to read."""

    pairs: Sequence[Shown]
    circles: int
    joins: Sequence[NeedJoin]

    def __bool__(self) -> bool:
        return bool(self.pairs or self.circles or self.joins)


def since(organisation: Organisation, at: datetime) -> News:
    """Return what came for an organisation since then and still holds, best pairs first.

    What was seen on the page or is kept apart is left out. « Jumelages » shows the same:
    `shown.pairs` prints the pairs.
    """
    found, _hidden = queries.pairs_of(organisation, queries.effects_of(organisation.id))
    new = [one for one in found if one.is_new and not one.is_beyond and one.created_at > at]
    proposed = sum(one.created_at > at for one in circles.circles_of(organisation))
    return News(new, proposed, _joins(organisation, at))


def _joins(organisation: Organisation, at: datetime) -> list[NeedJoin]:
    """Who said since then that they need the same: those that the need's page shows."""
    joined = select(NeedJoin.post_id).where(NeedJoin.created_at > at)
    rows = select(Post).where(Post.organisation_id == organisation.id, Post.id.in_(joined))
    posts = db.session.scalars(rows.order_by(Post.id).limit(MOST_POSTS))
    return [one for post in list(posts) for one in joining.joins_of(post) if one.created_at > at]
