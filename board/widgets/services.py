"""What an organisation does with its widgets: make, work on, publish, take back, rest, remove."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from board import news
from board.clock import now
from board.errors import Conflict, Invalid
from board.extensions import db
from board.organisations.models import Organisation
from board.widgets import designs, queries
from board.widgets.designs import Design
from board.widgets.models import Widget
from board.widgets.rules import MOST_WIDGETS


def create(*, organisation: Organisation, name: str) -> Widget:
    """Begin a widget: a draft that nobody sees yet."""
    if queries.count_widgets(organisation.id) >= MOST_WIDGETS:
        raise Invalid("name", _("Votre organisation a déjà %(n)s modules.", n=MOST_WIDGETS))
    widget = Widget(
        organisation=organisation,
        name=name,
        draft=designs.written(Design(title=name)),
    )
    db.session.add(widget)
    db.session.flush()
    return widget


def save(*, widget: Widget, design: Design, seen_version: int) -> None:
    """Keep a draft; Conflict when somebody else saved meanwhile."""
    if seen_version != widget.edit_version:
        raise Conflict
    widget.name = design.title
    widget.draft = designs.written(design)
    widget.edit_version += 1


def publish(*, widget: Widget) -> None:
    """Show the draft on every site that holds the widget."""
    if widget.published != widget.draft:
        widget.previous = widget.published
        widget.published = dict(widget.draft)
        widget.revision += 1
    widget.published_at, widget.paused_at = now(), None
    changed(widget)


def undo(*, widget: Widget) -> None:
    """Show again what was published before; once more shows the later one again.

    What was worked on since, and not published, stays as it is.
    """
    if widget.previous is None:
        raise Conflict
    untouched = widget.draft == widget.published
    widget.published, widget.previous = widget.previous, widget.published
    if untouched:
        _begin_again(widget, widget.published)
        widget.edit_version += 1
    widget.revision += 1
    changed(widget)


def discard(*, widget: Widget) -> None:
    """Give up what was worked on: the draft is what is published."""
    if widget.published is None:
        raise Conflict
    _begin_again(widget, widget.published)
    widget.edit_version += 1


def _begin_again(widget: Widget, kept: dict[str, Any]) -> None:
    """Work on from what is kept, under its own title."""
    widget.draft = dict(kept)
    widget.name = designs.read(kept).title or widget.name


def pause(*, widget: Widget) -> None:
    """Close the widget for a while: sites that hold it say so."""
    widget.paused_at = now()
    changed(widget)


def resume(*, widget: Widget) -> None:
    """Open it again."""
    widget.paused_at = None
    changed(widget)


def remove(*, widget: Widget) -> None:
    """Take it away for good: sites that hold it say that it is gone."""
    widget.removed_at = now()
    changed(widget)


def changed(widget: Widget) -> None:
    """Let every kept page of it be made anew."""
    news.note("widget", [widget.id])
