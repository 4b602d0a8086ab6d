"""Whose site an answer came from: the owner's name is kept on it, the site's is counted."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from board.answers import ways
from board.answers.ways import Way
from board.posts.models import Post
from board.widgets import counting, dress, queries, sieve
from board.widgets.designs import Design
from board.widgets.rules import Metric


def find(uuid: UUID, site: str, post: Post) -> Way | None:
    """Return the way by an open widget that shows this post, with its owner's name.

    An address says what it likes: a widget that does not show the post brought nobody to it, and
    a site that may not show the widget is not counted by its name.
    """
    found = dress.opened(uuid)
    if found is None:
        return None
    widget, design = found
    if not sieve.shows(design, widget, post):
        return None
    owner = queries.name_of_owner(widget)
    return Way(uuid, owner, _allowed(design, counting.site_named(site)))


def hear(widget: UUID, site: str) -> None:
    """Count an answer."""
    counting.of(current_app).add(widget, site or counting.ELSEWHERE, Metric.ANSWER)


def register() -> None:
    """Tell answers of widgets."""
    ways.kept_by(find, hear)


def _allowed(design: Design, site: str) -> str:
    hosts = {counting.host_of(one) for one in design.sites}
    return site if not hosts or site in hosts else ""
