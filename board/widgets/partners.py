"""Whose site an answer came from: the owner's name is kept on it, the site's is counted."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from board.answers import ways
from board.answers.ways import Way
from board.widgets import counting, queries
from board.widgets.rules import Metric


def find(widget: UUID, site: str) -> Way | None:
    """Return the way by a widget that was published, with its owner's name."""
    owner = queries.find_owner_name(widget)
    return None if owner is None else Way(widget, owner, counting.site_named(site))


def hear(widget: UUID, site: str) -> None:
    """Count an answer."""
    counting.of(current_app).add(widget, site or counting.ELSEWHERE, Metric.ANSWER)


def register() -> None:
    """Tell answers of widgets."""
    ways.kept_by(find, hear)
