"""Photos of a post: a few, described, as visible as the post itself."""

from __future__ import annotations

from flask import Flask

from board import uploads
from board.photos import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.organisations import panels
    from board.photos import attachment, persons, queries, services, views

    attachment.register()
    persons.register()
    panels.register_closing(services.remove_all_of)
    uploads.are_named_by(queries.named)
    app.register_blueprint(views.bp)
    app.register_blueprint(views.pictures_bp)
