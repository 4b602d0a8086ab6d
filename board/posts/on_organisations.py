"""What posts add to organisations: their cards on its page, their number, their end with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from board.clock import now
from board.errors import NotFound
from board.extensions import db
from board.organisations import panels
from board.organisations.models import Organisation
from board.organisations.panels import Section
from board.posts import fragments, queries, visibility
from board.posts.models import Post, PostEvent
from board.posts.readers import current_reader
from board.posts.rules import Event
from board.web.pagination import Page

PER_PAGE = 20


def section(organisation: Organisation, number: int) -> Section:
    """Show the open posts of an organisation that this reader may see."""
    reader = current_reader(organisation.id)
    found, total = queries.listed_of(
        organisation.id, reader, offset=(number - 1) * PER_PAGE, limit=PER_PAGE
    )
    page = Page(number, PER_PAGE, total)
    if number > page.last:
        raise NotFound
    return Section(
        "posts/of_organisation.html",
        {
            "cards": fragments.cards_html(found, heading_level=3),
            "total": total,
            "pages": page.links(lambda n: _address(organisation, n)),
            "slug": organisation.slug,
        },
    )


def count_open(organisation_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many open public posts each of these organisations has."""
    rows = (
        select(Post.organisation_id, func.count(Post.id))
        .where(Post.organisation_id.in_(organisation_ids), visibility.public(now()))
        .group_by(Post.organisation_id)
        .order_by(Post.organisation_id)
    )
    if not organisation_ids:
        return {}
    return {row[0]: row[1] for row in db.session.execute(rows)}


def withdraw_all(organisation: Organisation) -> None:
    """Take every post of a closed organisation off the board."""
    standing = select(Post).where(
        Post.organisation_id == organisation.id, visibility.published_or_waiting()
    )
    for post in db.session.scalars(standing.order_by(Post.id)):
        post.withdrawn_at = now()
        post.events.append(PostEvent(event=Event.WITHDRAWN, at=now()))


def _address(organisation: Organisation, number: int) -> str:
    more: dict[str, Any] = {"page": number} if number > 1 else {}
    return url_for("organisations.page", slug=organisation.slug, **more)


def register() -> None:
    """Tell organisations what posts add to them."""
    panels.register_section(section)
    panels.register_counter(count_open)
    panels.register_closing(withdraw_all)
