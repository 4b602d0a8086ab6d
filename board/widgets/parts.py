"""What widgets add to others: a way to them on an organisation's page, an end with it, a count."""

from __future__ import annotations

from flask import Flask, Response, request

from board.organisations import panels
from board.organisations.models import Organisation
from board.web import cookieless, errors
from board.widgets import (
    counting,
    embed_answers,
    embed_views,
    maps,
    partners,
    queries,
    services,
)


def close_all(organisation: Organisation) -> None:
    """Close the widgets of an organisation that closes."""
    for widget in queries.widgets_of(organisation.id):
        services.pause(widget=widget)


def refused(status: int) -> Response:
    """Say an error in a widget: an answer that may not be sent from there keeps its words."""
    if status == embed_answers.REFUSED and request.endpoint == "embed.send":
        return embed_answers.crossed()
    return embed_views.refused(status)


def register(app: Flask) -> None:
    """Tell organisations, and begin to count."""
    panels.register_closing(close_all)
    app.jinja_env.globals["draw_map"] = maps.draw
    counts = counting.Counts(app)
    app.extensions["board.widget_counts"] = counts
    errors.dresses("/embed/", refused)
    partners.register()
    cookieless.hears_answers(app, "/embed/", counts.hear)
    cookieless.completes_questions(app, "/embed/", counts.complete)
