"""A shared need as it is printed: who has it, how much together, what the offers bring."""

from __future__ import annotations

from typing import Any

from board.accounts.session import current_person
from board.matching import joining, pooling, wording
from board.matching.joining import Fitting
from board.matching.models import NeedJoin
from board.matching.pooling import Pool
from board.organisations.models import Organisation
from board.posts import cards
from board.posts.models import Post
from board.posts.panels import PagePart
from board.posts.rules import Purpose, Reader
from board.web.numbers import decimal_words


def part(post: Post, reader: Reader) -> PagePart | None:  # noqa: ARG001 - every part is asked so
    """Show under a need who has it too, and let one more organisation say so."""
    if post.purpose is not Purpose.NEED or post.published_at is None:
        return None
    joins = joining.joins_of(post)
    said = words_of(post, joins, joining.pool_of(post, joins))
    if not joins and not said["may_join"]:
        return None
    return PagePart("matching/join_part.html", said, position=60)


def words_of(post: Post, joins: list[NeedJoin], pool: Pool) -> dict[str, Any]:
    """Return what both the need's page and the shared page say of who joined."""
    counted, person = joining.counted_line(post), current_person()
    unit = cards.masked(counted.unit or "") if counted else ""
    joined_for = joining.acting_in(post, person) if person is not None else []
    return {
        "post_id": post.uuid,
        "pool": pool,
        "total": _amount(pool.total, unit) if pool.total else "",
        "joined": [
            {"name": one.organisation.name, "slug": one.organisation.slug,
             "quantity": _amount(one.quantity, unit) if counted and one.quantity else ""}
            for one in joins
        ],
        "may_join": _may_join(post, joined_for),
        "leaving": joined_for,
    }  # fmt: skip


def _may_join(post: Post, joined_for: list[Organisation]) -> bool:
    """Whether to propose it: to visitors, and to who acts for one more organisation."""
    person = current_person()
    if person is None:
        return joining.may_be_joined(post)
    already = {one.id for one in joined_for}
    return any(one.id not in already for one in joining.who_may_join(post, person))


def _amount(quantity: int, unit: str) -> str:
    return decimal_words(quantity) + (f"\u00a0{unit}" if unit else "")


def offers(post: Post, pool: Pool, fitting: list[Fitting]) -> list[dict[str, Any]]:
    """Return each offer as a card, why it fits, and how much of the need it brings."""
    near = None
    if post.place is not None:
        near = (post.place.public_latitude, post.place.public_longitude)
    shown_cards = {card.id: card for card in cards.cards_for(
        [one.post_id for one in fitting], near=near, heading_level=3)}  # fmt: skip
    brought = pooling.cover(pool.total, (one.left for one in fitting))
    return [
        {"card": shown_cards[one.post_id],
         "why": wording.why(one.match.reasons, one.match.parts),
         "brings": brings.brings if brings else None}
        for one, brings in zip(fitting, brought, strict=True)
    ]  # fmt: skip


def reached(pool: Pool, fitting: list[Fitting]) -> int:
    """Return how much of the need all these offers bring together."""
    brought = pooling.cover(pool.total, (one.left for one in fitting))
    return max((one.so_far for one in brought if one is not None), default=0)
